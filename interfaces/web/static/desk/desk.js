// The dispatcher's desk: the next case has the focus; where the rules send it follows what is picked; intake tells the code.
import { change, read } from "../api.js";

const params = new URLSearchParams(location.search);
if (params.has("wait")) document.querySelector("[data-first]")?.focus();

// --- where it is ------------------------------------------------------------------------------------

async function placed(event) {
  const { kind, code, place } = event.detail;
  const form = event.target.closest("form");
  const told = document.querySelector("#place-told");
  const set = (name, value) => { form.elements[name].value = value; };
  set("longitude", "");
  set("latitude", "");
  told.textContent = "";
  if (kind !== "address") return;
  try {
    const address = await read(`/addresses/${encodeURIComponent(code)}`);
    set("longitude", address.longitude);
    set("latitude", address.latitude);
    told.textContent = `在网格 ${address.grid}`;
  } catch (refused) {
    told.textContent = `${place ? `在 ${place}，` : ""}取不到坐标：${refused.message}`;
  }
}

// --- whom the rules name ----------------------------------------------------------------------------

async function preview(form) {
  const shown = document.querySelector("#routing-told");
  const picked = (name) => form.querySelector(`.pick[data-name=${name}]`)?.picked?.[0]?.code;
  const category = picked("category");
  const grid = picked("grid");
  if (!shown || !category || !grid) return;
  try {
    const found = await change("/dispatch/preview", { category, grid, channel: shown.dataset.channel });
    const lead = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = found.lead ? await unitName(found.lead) : "须由派遣员指定";
    lead.className = "routed";
    lead.append(name);
    const why = document.createElement("p");
    why.className = "quiet";
    why.textContent = found.reason + (found.rule ? `（${found.edition} 第 ${found.rule} 条 ${found.rule_name}）` : "");
    shown.replaceChildren(lead, why);
  } catch (refused) {
    shown.textContent = refused.message;
  }
}

async function unitName(code) {
  const unit = await read(`/units/${encodeURIComponent(code)}`).catch(() => null);
  return unit?.name ?? code;
}

document.addEventListener("picked", (event) => {
  if (event.target.dataset.name === "place") placed(event);
  const form = event.target.closest("form[data-order$='/dispatch']");
  if (form) preview(form);
});

// --- intake -----------------------------------------------------------------------------------------

document.querySelector("#intake")?.addEventListener("order-done", (event) => {
  event.preventDefault();
  const { id, number, follow_code: code, log, position } = event.detail;
  document.querySelector("#taken-number").textContent = number;
  document.querySelector("#taken-code").textContent = code;
  document.querySelector("#taken-next").href = `/desk/requests/${id}?wait=${log}:${position}`;
  const taken = document.querySelector("#taken");
  event.target.hidden = true;
  taken.hidden = false;
  taken.focus();
});
