// The cards of 待办: their buttons write deeds down; a card whose case changed is replaced, the others stay as they are.

import { readPart } from "../api.js";
import { button } from "./element.js";
import { openForm } from "./forms.js";
import { keepSeen } from "./me.js";
import { discardDraft, draft, keepDraft } from "./store.js";
import { write } from "./writing.js";

const WAITING = { accept: "签收", "ask-return": "退单申请", resolve: "办结反馈", solve: "现场解决", contact: "联系记录", "feed-back": "反馈", arrive: "报到" };
const list = () => document.querySelector('[data-seen="queue"]');

/** Let the buttons of all cards work. */
export function workCards(writer) {
  for (const deeds of list().querySelectorAll(".deeds")) deeds.hidden = false;
  list().addEventListener("click", ({ target }) => {
    const pressed = target.closest("[data-deed]");
    if (pressed) begin(writer, pressed.closest(".card"), pressed);
  });
  document.addEventListener("items", ({ detail }) => mark(detail));
}

async function begin(writer, card, pressed) {
  const place = card.querySelector(".doing");
  const kind = pressed.dataset.deed;
  const { case: id, title } = card.dataset;
  const key = `${writer.staff} ${id} ${kind}`;
  const leave = async () => {
    close(place, pressed);
    await discardDraft(key);
  };
  const save = (begun) => keepDraft({ key, ...begun });
  const form = openForm(kind, await draft(key), save, async (written) => {
    const { version } = place.closest(".card").dataset; // of the card that is in sight, should a fresh one have come
    await write(writer, { kind, title: `${WAITING[kind]}：${title}`, ...written, case: id, version: Number(version) });
    await leave();
  });
  form.append(button("取消", leave, "quiet"));
  place.replaceChildren(form);
  place.dataset.doing = kind;
  place.hidden = false;
  (form.querySelector("select, textarea, input:not([type=file])") ?? form.querySelector("button")).focus();
}

function close(place, pressed) {
  place.replaceChildren();
  place.hidden = true;
  if (!pressed.hidden && !pressed.disabled) pressed.focus();
}

/** What is written down of a case shows on its card; what goes on from it can be done at once. */
function mark(own) {
  for (const card of list().querySelectorAll(".card")) {
    const written = own.filter((one) => one.case === card.dataset.case && one.state !== "refused");
    const kinds = new Set(written.map(({ kind }) => kind));
    for (const pressed of card.querySelectorAll("[data-deed]")) {
      const { deed, after } = pressed.dataset;
      pressed.disabled = kinds.has(deed) || kinds.has("resolve") || kinds.has("ask-return");
      if (after) pressed.hidden = !kinds.has(after);
    }
    note(card, written.map(({ kind, state }) => `${WAITING[kind]}${state === "sent" ? "已发送" : "已保存，待发送"}`).join("，"));
  }
}

function note(card, words) {
  let said = card.querySelector(".written");
  if (!said && !words) return;
  if (!said) {
    said = document.createElement("p");
    said.className = "written notice";
    card.append(said);
  }
  said.textContent = words;
  said.hidden = !words;
}

/** Fetch the queue as it is once the boards have reached `receipt`. */
export async function freshCards(writer, receipt) {
  const wait = receipt ? `?wait=${receipt.log}:${receipt.position}` : "";
  const page = new DOMParser().parseFromString(await readPart(`/work${wait}`), "text/html");
  const news = page.querySelector('[data-seen="queue"]');
  const visitor = page.querySelector("meta[name=staff]")?.content;
  if (!visitor) return; // the session has ended, which the strip tells
  if (visitor !== writer.staff) {
    location.reload(); // somebody else has signed in since
    return;
  }
  await keepSeen(writer, page);
  const writing = document.activeElement;
  for (const card of news.querySelectorAll(".card")) {
    const shown = document.getElementById(card.id);
    if (shown?.dataset.version === card.dataset.version) card.replaceWith(shown);
    else {
      for (const deeds of card.querySelectorAll(".deeds")) deeds.hidden = false;
      if (shown) carryOver(shown, card);
    }
  }
  list().replaceChildren(...news.childNodes);
  if (writing?.isConnected) writing.focus({ preventScroll: true });
}

// What somebody is writing goes along to the fresh card, unless the case no longer takes it; a draft is kept anyway.
function carryOver(shown, fresh) {
  const place = shown.querySelector(".doing");
  if (place && !place.hidden && fresh.querySelector(`[data-deed="${place.dataset.doing}"]`)) fresh.querySelector(".doing").replaceWith(place);
}
