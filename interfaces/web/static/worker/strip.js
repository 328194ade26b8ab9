// The strip on top: what waits, what was refused and why, what was sent; each to be opened, changed, thrown away.

import { button, element, moment } from "./element.js";
import { change, reasonOf, waysToMend } from "./mending.js";
import { inDoubt, recorded } from "./plan.js";
import { discard, items, onChange } from "./store.js";
import { throwAway } from "./writing.js";

const strip = document.getElementById("strip");
const [line, toggle, list] = [strip.querySelector("[role=status]"), strip.querySelector("button"), strip.querySelector("ul")];
const WORDS = { waiting: "待发送", refused: "未被接受", sent: "✓ 已发送" };
let situation = { reason: "done" };

/** Show the strip of somebody, and keep it true. `edit` opens a report in its form. */
export function showStrip(writer, edit) {
  const redraw = () => draw(writer, edit);
  onChange(redraw);
  addEventListener("online", redraw);
  addEventListener("offline", redraw);
  toggle.addEventListener("click", () => open(list.hidden));
  return redraw();
}

/** Say how sending went: done, sending, offline, signed-out, busy. */
export function tellSituation(reason, writer, edit) {
  situation = { reason };
  return draw(writer, edit);
}

/** Open or close the list of items. */
export function open(wanted) {
  list.hidden = !wanted;
  toggle.setAttribute("aria-expanded", String(wanted));
  toggle.textContent = wanted ? "收起" : "查看";
}

async function draw(writer, edit) {
  const all = await items();
  const own = all.filter(({ staff }) => staff === writer?.staff);
  const others = all.filter(({ staff, state }) => staff !== writer?.staff && state !== "sent").length;
  const words = said(own, others);
  if (line.textContent !== words.join("；")) line.textContent = words.join("；");
  const offline = !navigator.onLine || situation.reason === "offline";
  const mood = own.some(({ state }) => state === "refused") ? "bad" : offline ? "soon" : "good";
  strip.className = `strip ${words.length ? mood : "idle"}`;
  if (situation.reason === "signed-out") line.append(" ", element("a", { href: "/login?next=/work", textContent: "重新登录后发送" }));
  toggle.hidden = own.length === 0;
  if (own.length === 0) open(false);
  list.replaceChildren(...own.map((one) => opened(one) ?? row(one, edit)));
  document.dispatchEvent(new CustomEvent("items", { detail: own }));
}

/** The row of an item in which somebody is writing or reading: left as it is while the item is. */
function opened({ id, state }) {
  const shown = list.querySelector(`[data-item="${id}"]`);
  return shown?.className === state && shown.querySelector("form, .news") ? shown : null;
}

function said(own, others) {
  const count = (state) => own.filter((one) => one.state === state).length;
  const [waiting, refused, sent] = ["waiting", "refused", "sent"].map(count);
  const words = [];
  if (!navigator.onLine || situation.reason === "offline") words.push(waiting ? `离线，已保存 ${waiting} 件` : "离线，照常填写，有信号时发送");
  else if (situation.reason === "signed-out" && waiting) words.push(`登录已过期，已保存 ${waiting} 件`);
  else if (situation.reason === "busy" && waiting) words.push(`服务繁忙，已保存 ${waiting} 件，稍后自动再发`);
  else if (waiting) words.push(`正在发送，还有 ${waiting} 件`);
  if (refused) words.push(`${refused} 件未被接受，请处理`);
  if (sent && !waiting) words.push(`✓ 已发送 ${sent} 件`);
  if (others) words.push(`本机另有他人 ${others} 件，由其本人登录后发送`);
  return words;
}

function row(one, edit) {
  const title = element("p", { className: "title" }, element("strong", { textContent: one.title }), ` ${moment(one.written_at)}`);
  const state = element("p", { className: "state", textContent: inDoubt(one) ? "可能已经送达，联网核实后才能修改" : WORDS[one.state] });
  const words = [one.form.said, one.form.text, one.form.measure, one.form.reply].find(Boolean) ?? "";
  const body = element("li", { className: one.state }, title, element("p", { className: "own", textContent: words.slice(0, 60) }), state);
  body.dataset.item = one.id;
  const ticket = one.state === "sent" && one.answers.receive;
  if (ticket) body.append(element("p", { className: "ticket", textContent: `请告知反映人：案件号 ${ticket.number}，查询码 ${ticket.follow_code}` }));
  if (one.state === "sent") body.append(element("div", { className: "ways" }, button("知道了", () => discard(one.id), "quiet")));
  if (one.state === "refused") body.append(...reasonOf(one));
  if (one.state !== "sent" && !inDoubt(one)) body.append(ways(one, edit, body));
  return body;
}

function ways(one, edit, body) {
  const mend = waysToMend(one, body);
  const opened = button("打开修改", () => change(one, body, edit));
  const thrown = button("丢弃", () => ask(one, thrown), "grave");
  return element("div", { className: "ways" }, ...mend, opened, thrown);
}

// The second press throws it away: what lies here lies nowhere else.
function ask(one, pressed) {
  const sure = recorded(one) ? "确定丢弃其余部分？已上报的保留" : "确定丢弃？不能找回";
  if (pressed.textContent === sure) throwAway(one.id);
  else pressed.textContent = sure;
}
