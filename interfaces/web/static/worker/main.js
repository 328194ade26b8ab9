// The worker's page, put together: places, strip, cards, report, and the sending of what waits.

import "../session.js";
import { freshCards, workCards } from "./cards.js";
import { inShell, keepSeen, showSeen, watchLeaving, writer as whoWrites } from "./me.js";
import { showPlaces } from "./places.js";
import { ReportForm } from "./report.js";
import { Resending } from "./resending.js";
import { items } from "./store.js";
import { open, showStrip, tellSituation } from "./strip.js";

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
  await showStrip(writer, edit);
  await watchLeaving(writer);
  const resending = new Resending({
    tell: (reason) => tellSituation(reason, writer, edit),
    sent: () => afterSending(writer),
  });
  resending.start();
}

/** The queue as it is now that something was sent. In the shell there is none to fetch. */
async function afterSending(writer) {
  if (inShell()) return;
  const receipts = (await items()).filter(({ state, staff }) => state === "sent" && staff === writer.staff);
  const receipt = receipts.flatMap(({ answers }) => Object.values(answers)).filter(({ position }) => position).at(-1);
  await freshCards(writer, receipt).catch(() => {});
  document.dispatchEvent(new CustomEvent("items", { detail: (await items()).filter(({ staff }) => staff === writer.staff) }));
}
