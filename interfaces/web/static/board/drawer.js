// The drawer: the cases of a figure, over the board. Closing it leads back to where one was.
import { readPart } from "../api.js";

const drawer = document.querySelector("#drawer");
const body = document.querySelector("#drawer-body");
let cameFrom = null;

const close = document.createElement("button");
close.type = "button";
close.className = "drawer-close";
close.textContent = "关闭";
close.addEventListener("click", () => drawer.close());
drawer.prepend(close);
drawer.addEventListener("close", () => cameFrom?.focus({ preventScroll: true }));
drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });

/** Whether somebody is reading it. */
export const readingDrawer = () => drawer.open;

/** Show the cases at an address of the board. */
export async function openDrawer(address, link) {
  if (!drawer.open) {
    cameFrom = link;
    body.textContent = "正在取案件……";
    drawer.showModal();
  }
  body.classList.add("waiting");
  try {
    const separator = address.includes("?") ? "&" : "?";
    body.innerHTML = await readPart(`${address}${separator}bare=yes`);
    drawer.scrollTop = 0;
    body.querySelector("#drawer-title")?.focus();
  } catch (refused) {
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = refused.message;
    body.replaceChildren(notice);
  } finally {
    body.classList.remove("waiting");
  }
}
