// 是同一件吗: what was reported near here lately, shown before another is sent.

import { read } from "../api.js";
import { button, element } from "./element.js";

const MOST = 5;
const dialog = document.getElementById("near");

/** Near cases of the same class; none without a point, a category or a signal. */
export async function nearCases({ longitude, latitude, category, text }) {
  if (longitude === undefined || !category || !navigator.onLine) return [];
  const query = new URLSearchParams({ longitude, latitude, category, text: text.slice(0, 100) });
  try {
    const found = await read(`/issues/near?${query}`, { signal: AbortSignal.timeout(4_000) });
    return found.filter((one) => one.same_class && one.metres !== null).slice(0, MOST);
  } catch {
    return []; // the report itself must not wait for it
  }
}

/** Ask which of `found` it is: the case, "other" for none of them, null to go back. */
export function askWhich(found) {
  return new Promise((resolve) => {
    const answer = (value) => {
      dialog.onclose = null;
      dialog.close();
      resolve(value);
    };
    dialog.querySelector("ul").replaceChildren(...found.map((one) => element("li", {}, ...choice(one, answer))));
    dialog.querySelector("[data-other]").onclick = () => answer("other");
    dialog.querySelector("[data-back]").onclick = () => answer(null);
    dialog.onclose = () => resolve(null);
    dialog.showModal();
  });
}

const choice = (one, answer) => [
  element("p", {}, element("strong", { textContent: `${one.number} 号` }), ` ${one.why}`),
  element("p", { textContent: one.text ?? "" }),
  button("是同一件", () => answer(one), "main"),
];
