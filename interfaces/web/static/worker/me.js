// Who uses this telephone: as the page says, or, in the shell, as was last seen here. And what they saw, for the shell.

import { forget, items, keepParts, keepWho, seenParts, who } from "./store.js";
import { withoutPlace } from "./places.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const parts = (page = document) => [...page.querySelectorAll("[data-seen]")];

/** Whether this is the shell that was kept, not the page itself. */
export const inShell = () => !meta("staff");

/** Who writes here, as {staff, name, skew}; null for a stranger without signal. */
export async function writer() {
  if (inShell()) return (await who()) ?? null;
  const known = await who();
  if (known && known.staff !== meta("staff")) await forget();
  // The service wrote its time down after the page was asked for, so this is never behind what the page shows.
  const skew = Date.parse(meta("now")) - (Date.now() - performance.now());
  const one = { staff: meta("staff"), name: meta("staff-name"), skew };
  await keepWho(one);
  return one;
}

/** Now, by the clock of the service as far as it is known. */
export const now = ({ skew } = { skew: 0 }) => new Date(Date.now() + skew).toISOString();

/** Keep what a page, as it came from the service, shows, for when there is no signal. */
export async function keepSeen({ staff }, page = document) {
  if (inShell()) return;
  const shown = Object.fromEntries(parts(page).map((part) => [part.dataset.seen, part.innerHTML]));
  await keepParts({ staff, parts: shown, reports: Boolean(document.getElementById("report")) });
}

/** In the shell: what its owner last saw. */
export async function showSeen(writer) {
  if (!inShell()) return;
  document.querySelector("[data-stranger]").hidden = Boolean(writer);
  if (!writer) withoutPlace("report");
  const seen = writer && (await seenParts());
  if (!seen || seen.staff !== writer.staff) return;
  for (const part of parts()) if (part.dataset.seen in seen.parts) part.innerHTML = seen.parts[part.dataset.seen];
  if (!seen.reports) withoutPlace("report");
}

/** Beside the button for signing out: what still waits. It stays, and is sent when its writer comes back. */
export async function tellWaiting(writer) {
  const notice = document.querySelector("[data-still-waiting]");
  if (!notice) return;
  const waiting = (await items()).filter(({ staff, state }) => staff === writer.staff && state !== "sent").length;
  notice.hidden = waiting === 0;
  notice.textContent = `还有 ${waiting} 件未发送。退出后仍保存在本机，您再次登录后发送。`;
}
