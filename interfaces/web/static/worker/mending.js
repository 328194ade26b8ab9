// What to do about an item that waits or was refused: change it, see what others changed, send it again.

import { read } from "../api.js";
import { button, element, moment } from "./element.js";
import { openForm } from "./forms.js";
import { casesOf } from "./plan.js";
import { rewrite, tryAgain } from "./writing.js";

const STALE = 412;
const WRONG_TIME = new Set(["urn:wangge:problem:out-of-order", "urn:wangge:problem:implausible-time"]);

/** Why it was refused, in the service's words. */
export function reasonOf({ problem }) {
  const text = [problem.title, problem.detail].filter(Boolean).join("：");
  return [element("p", { className: "why", textContent: text })];
}

/** Buttons that may help: on a version conflict to look what changed, else to try again as it is. */
export function waysToMend(item, body) {
  if (item.state !== "refused") return [];
  if (item.problem.status === STALE && item.case) return [button("查看变化", () => showNews(item, body), "main")];
  if (WRONG_TIME.has(item.problem.type)) return [button("改为现在的时间再试", () => tryAgain(item.id, { anew: true }), "main")];
  return [button("再试一次", () => tryAgain(item.id))];
}

/** Open an item to be changed: a report in its form, a deed on a case right here. */
export function change(item, body, edit) {
  if (item.kind === "report") {
    edit(item);
    return;
  }
  body.querySelector("form")?.remove();
  const form = openForm(item.kind, item, () => {}, async (written) => {
    form.remove(); // the row is drawn anew once it is kept
    await rewrite(item.id, written).catch((error) => {
      body.append(form);
      throw error;
    });
  });
  body.append(form);
  form.elements[0]?.focus();
}

/** What happened to the case since it was seen, and a button to go on from there. */
async function showNews(item, body) {
  const path = `/${casesOf(item.kind)}/${item.case}`;
  const news = element("div", { className: "news" });
  body.querySelector(".news")?.remove();
  body.append(news);
  try {
    const [steps, shown] = await Promise.all([read(`${path}/timeline?after=${item.version}`), read(path)]);
    const version = (shown.request ?? shown).version;
    const told = steps.map(({ happened_at: at, who, what }) => element("li", { textContent: `${moment(at)} ${who}：${what}` }));
    news.append(element("p", { textContent: "您看过之后：" }), element("ul", {}, ...told));
    news.append(button("按最新情况再试", () => tryAgain(item.id, { anew: true, version }), "main"));
  } catch (refused) {
    news.append(element("p", { className: "late-word", textContent: refused.message }));
  }
}
