// Orders: forms become commands of the API, with the version seen and a key that makes a second try harmless.
import { change, newKey } from "../api.js";
import { pickers } from "./pick.js";

const CASE_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const READ_AS = {
  yes: (value) => value === "true",
  number: Number,
  moment: (value) => new Date(value).toISOString(),
  case: (value) => value.match(CASE_ID)?.[0] ?? value,
  degree: Number,
};

/** What the form says, as the API wants it: what was left empty is left out, names with a dot lie deeper. */
export async function bodyOf(form) {
  const body = {};
  const put = (name, value) => {
    const [first, second] = name.split(".");
    if (second) (body[first] ??= {})[second] = value;
    else body[first] = value;
  };
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.value.trim() === "") continue;
    if (["radio", "checkbox"].includes(field.type) && !field.checked) continue;
    put(field.name, (READ_AS[field.dataset.json] ?? String)(field.value));
  }
  for (const pick of form.querySelectorAll(".pick")) {
    // An address is told by its point: the API knows no codes of addresses.
    const codes = (pick.picked ?? []).filter((one) => one.kind !== "address").map((one) => one.code);
    if (codes.length) put(pick.dataset.name, pick.hasAttribute("data-many") ? codes : codes[0]);
  }
  for (const files of form.querySelectorAll("input[data-digests]")) {
    const taken = [];
    for (const file of files.files) taken.push((await change("/attachments", file)).digest);
    if (taken.length) put(files.dataset.digests, taken);
  }
  return body;
}

/** The same key for the same order until it is answered, so that a second try is no second order. */
export function keyFor(form, body) {
  const said = JSON.stringify(body);
  if (form.said !== said) Object.assign(form, { said, key: newKey() });
  return form.key;
}

function tell(form, words, stale) {
  const refusal = form.querySelector(".refusal");
  refusal.textContent = words;
  if (stale) {
    const again = document.createElement("a");
    again.href = location.pathname + location.search;
    again.textContent = "刷新页面";
    refusal.append(" ", again);
  }
  refusal.hidden = false;
  refusal.scrollIntoView({ block: "nearest" });
}

/** Where an answered order leads once boards show it: this page again, or an address, with the case made for its star. */
function goOn(form, receipt) {
  const wait = `wait=${receipt.log}:${receipt.position}`;
  const then = form.dataset.then.replace("*", receipt.id) || location.pathname;
  location.assign(`${then}${then.includes("?") ? "&" : "?"}${wait}`);
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  for (const pick of form.querySelectorAll(".pick")) if (!pick.ready()) return;
  button.disabled = true;
  form.querySelector(".refusal").hidden = true;
  try {
    const body = await bodyOf(form);
    if (button.name) body[button.name] = (READ_AS[button.dataset.json] ?? String)(button.value);
    const receipt = await change(form.dataset.order, body, { key: keyFor(form, body), version: form.dataset.version });
    const done = new CustomEvent("order-done", { bubbles: true, cancelable: true, detail: receipt });
    if (form.dispatchEvent(done)) goOn(form, receipt);
  } catch (refused) {
    tell(form, refused.message, refused.status === 412);
    button.disabled = false;
    button.focus();
  }
}

/** Make the forms within `root` work. */
export function orders(root) {
  pickers(root);
  for (const form of root.querySelectorAll("form[data-order]")) {
    form.addEventListener("submit", send);
    for (const button of form.querySelectorAll("button[disabled]")) button.disabled = false;
  }
}

orders(document);
