// The shelf looks at itself while something on it is being written, and no longer.
import { readPart } from "../api.js";

const EVERY_MS = 800;
const shelf = document.querySelector("#shelf");

async function look() {
  if (!shelf.querySelector("[data-busy=yes]")) return;
  try {
    const html = await readPart("/audit/exports?part=true");
    // What somebody is reading stays as it is until there is news.
    if (html.trim() !== shelf.innerHTML.trim() && !shelf.contains(document.activeElement)) shelf.innerHTML = html;
  } catch {
    // Not reached: the next look tries again.
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
