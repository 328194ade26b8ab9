// The worker's page, put together: places, strip, cards, report, and the sending of what waits.

import { freshCards, workCards } from "./cards.js";
import { keepRecent } from "./category.js";
import { inShell, keepSeen, showSeen, tellWaiting, writer as whoWrites } from "./me.js";
import { showPlaces } from "./places.js";
import { ReportForm } from "./report.js";
import { Resending } from "./resending.js";
import { discard, items, onChange } from "./store.js";
import { open, showStrip, tellSituation } from "./strip.js";

const DAY_MS = 24 * 3_600_000;
const writer = await whoWrites();
await showSeen(writer);
if (writer) await workAs(writer);
showPlaces();
navigator.serviceWorker?.register("/sw.js", { scope: "/work", type: "module" }).catch(() => {
  // An older browser: the page works, only not without signal after a reload.
});

async function workAs(writer) {
  const form = document.getElementById("report-form");
  const report = form && new ReportForm(form, writer);
  await report?.restore();
  const edit = (item) => {
    open(false);
    report.edit(item);
  };
  workCards(writer);
  await keepSeen(writer);
  await tidy();
  if (form && !inShell()) keepRecent().catch(() => {}); // without signal there are those of last time
  await showStrip(writer, edit);
  onChange(() => tellWaiting(writer));
  await tellWaiting(writer);
  const resending = new Resending({
    tell: (reason) => {
      tellSituation(reason, writer, edit);
      if (inShell()) document.querySelector("[data-signal]").hidden = reason !== "done" || !navigator.onLine;
    },
    sent: () => afterSending(writer),
  });
  resending.start();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && afterSending(writer));
}

/** What was sent is told for a day. */
async function tidy() {
  const old = Date.now() - DAY_MS;
  for (const { id, state, sent_at } of await items()) if (state === "sent" && Date.parse(sent_at) < old) await discard(id);
}

/** The queue as it is now that something was sent. In the shell there is none to fetch. */
async function afterSending(writer) {
  if (inShell()) return;
  const receipts = (await items()).filter(({ state, staff }) => state === "sent" && staff === writer.staff);
  const receipt = receipts.flatMap(({ answers }) => Object.values(answers)).filter(({ position }) => position).at(-1);
  await freshCards(writer, receipt).catch(() => {});
  document.dispatchEvent(new CustomEvent("items", { detail: (await items()).filter(({ staff }) => staff === writer.staff) }));
}
