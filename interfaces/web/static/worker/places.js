// The three places at the bottom: one is shown at a time, the address says which.

const sections = () => [...document.querySelectorAll("main > section")];
const links = () => [...document.querySelectorAll(".places a")];

function show() {
  const wanted = location.hash.slice(1);
  const shown = sections().find(({ id }) => id === wanted) ?? sections()[0];
  for (const section of sections()) section.hidden = section !== shown;
  for (const link of links()) {
    if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.dispatchEvent(new CustomEvent("place", { detail: shown.id }));
}

/** Show one place now, and another whenever the address says so. */
export function showPlaces() {
  addEventListener("hashchange", () => {
    show();
    scrollTo(0, 0);
  });
  show();
}

/** Take a place away that somebody has no use for. */
export function withoutPlace(id) {
  document.getElementById(id)?.remove();
  document.querySelector(`.places a[href="#${id}"]`)?.remove();
}
