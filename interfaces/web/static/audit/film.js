// The film without leaving the page: a scrubber over all steps, the arrow keys, and the links as before.
import { readPart } from "../api.js";

const shot = document.querySelector("#shot");
const spoken = document.querySelector("#spoken");
const WAIT_MS = 120;
let asked = 0;

function transport() {
  return shot.querySelector(".transport");
}

/** The scrubber stands where the links are; it is ours to add, since it does nothing without a script. */
function dress() {
  const bar = transport();
  const { nth, count } = bar.dataset;
  const range = document.createElement("input");
  range.type = "range";
  range.id = "scrubber";
  Object.assign(range, { min: 1, max: count, step: 1, value: nth });
  range.setAttribute("aria-label", "第几步");
  range.setAttribute("aria-valuetext", bar.dataset.spoken);
  let timer;
  range.addEventListener("input", () => {
    bar.querySelector(".where strong").textContent = range.value;
    clearTimeout(timer);
    timer = setTimeout(() => show(`${bar.dataset.base}?step=${range.value}`), WAIT_MS);
  });
  if (Number(count) > 1) bar.append(range);
  const keys = document.createElement("p");
  keys.className = "keys no-print";
  keys.textContent = "← → 逐步，Home End 到首末";
  bar.append(keys);
  centre();
}

/** Bring the frame of this step into sight, moving the strip alone. */
function centre() {
  const reel = shot.querySelector(".reel");
  const frame = reel.querySelector("[aria-current]");
  if (frame) reel.scrollLeft = frame.parentElement.offsetLeft - (reel.clientWidth - frame.offsetWidth) / 2;
}

async function show(address, { past = false } = {}) {
  const turn = ++asked;
  const focused = document.activeElement?.id;
  const url = new URL(address, location.href);
  const place = url.pathname + url.search;
  url.searchParams.set("part", "true");
  let html;
  try {
    html = await readPart(url.pathname + url.search);
  } catch {
    location.assign(place);
    return;
  }
  if (turn !== asked) return;
  if (html.includes("<!doctype html>")) {
    location.assign(place); // a step that cannot be read has a page of its own
    return;
  }
  shot.innerHTML = html;
  dress();
  if (!past) history.pushState({}, "", place);
  spoken.textContent = transport().dataset.spoken;
  if (focused) document.getElementById(focused)?.focus();
}

shot.addEventListener("click", (event) => {
  const link = event.target.closest(".strip a, .transport a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href);
});

const KEYS = { ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last" };
document.addEventListener("keydown", (event) => {
  const id = KEYS[event.key];
  const busy = event.target.closest("input, textarea, select, .reel, .scroll");
  if (!id || busy || event.altKey || event.ctrlKey || event.metaKey) return;
  const link = document.getElementById(id);
  if (!link?.href) return;
  event.preventDefault();
  show(link.href);
});
addEventListener("popstate", () => show(location.href, { past: true }));
dress();
