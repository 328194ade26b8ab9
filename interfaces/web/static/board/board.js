// The board: parts that come after, the drawer, choosing in ranking and map together, charts, fresh figures.
import { openDrawer, readingDrawer } from "./drawer.js";
import { drawCharts } from "./charts.js";
import { followNews } from "./news.js";
import { addSlider } from "./as_of.js";
import { readPart } from "../api.js";

const board = document.querySelector("#board");

const queryNow = () => location.search.slice(1);

/** Put a part of the board anew in its place; where the reader was in it stays. */
export async function refreshPart(name, query = queryNow()) {
  const section = document.querySelector(`[data-part="${name}"]`);
  const text = await readPart(`/board/parts/${name}?${query}`);
  const focused = section.contains(document.activeElement) ? whereIs(section, document.activeElement) : null;
  const open = [...section.querySelectorAll("details")].map((one) => one.open);
  section.innerHTML = text;
  delete section.dataset.awaited;
  section.querySelectorAll("details").forEach((one, nth) => { if (nth in open) one.open = open[nth]; });
  if (focused !== null) section.querySelectorAll("a, button, summary")[focused]?.focus({ preventScroll: true });
  followJob(section);
  await drawCharts(section);
}

const whereIs = (section, element) => [...section.querySelectorAll("a, button, summary")].indexOf(element);

/** Choose a street, a grid or a unit: shown in the ranking, on the map and in the address. */
function choose(key) {
  const query = new URLSearchParams(location.search);
  query.set("pick", key);
  history.replaceState(null, "", `?${query}`);
  const touches = (one) => one.startsWith(key) || key.startsWith(one);
  for (const row of document.querySelectorAll("tr[data-key]")) {
    row.classList.toggle("chosen", touches(row.dataset.key));
    mark(row.querySelector("[data-pick]"), touches(row.dataset.key));
  }
  if (query.get("by") === "unit") return refreshPart("ground");
  for (const area of document.querySelectorAll(".ground a")) {
    area.classList.toggle("chosen", touches(area.dataset.pick));
    mark(area, touches(area.dataset.pick));
    if (touches(area.dataset.pick) && area !== document.activeElement) area.parentNode.append(area);
  }
}

function mark(element, chosen) {
  if (chosen) element?.setAttribute("aria-current", "true");
  else element?.removeAttribute("aria-current");
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a[data-pick], a[data-drawer]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.pick) choose(link.dataset.pick);
  const cases = link.dataset.cases ?? (link.hasAttribute("data-drawer") ? link.getAttribute("href") : null);
  if (cases) openDrawer(cases, link);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

/** Follow a what-if until it is over. */
function followJob(section) {
  if (!section.querySelector("[data-running]")) return;
  setTimeout(() => {
    if (readingDrawer()) followJob(section);
    else refreshPart("supposing").catch(() => followJob(section));
  }, 1000);
}

async function start() {
  if (matchMedia("(max-width: 45rem)").matches) document.querySelector("#fold").open = false;
  addSlider(document.querySelector("#filter"));
  for (const section of document.querySelectorAll("[data-awaited]")) refreshPart(section.dataset.part).catch(() => {});
  await drawCharts(board);
  followJob(board);
  if (!board.dataset.past) followNews({ refreshPart, busy: readingDrawer });
}

start();
