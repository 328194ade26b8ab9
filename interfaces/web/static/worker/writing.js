// Writing something down: from the moment a button is pressed it is on the disk, whatever happens to signal or page.

import { inDoubt, isPicture, recorded } from "./plan.js";
import { discard, item as itemOf, items, keep, who } from "./store.js";
import { undisturbed } from "./sending.js";
import { now } from "./me.js";

const NEW = () => ({ state: "waiting", keys: {}, begun: {}, answers: {}, problem: null });

/** Keep something new that waits to be sent. A deed on a case goes on from what was written before it on the same case. */
export async function write(writer, { kind, title, form, pictures = [], case: id = null, version = null }) {
  const one = { ...NEW(), staff: writer.staff, kind, title, form, pictures, case: id, version, after: null, written_at: now(writer) };
  navigator.storage?.persist?.(); // what waits here lies nowhere else: the browser should not make room with it
  return keep(id ? { ...one, ...(await goingOn(id, version)) } : one);
}

/** What a deed on a case builds on: one that still waits, or the version that one already sent made of what was seen. */
async function goingOn(id, version) {
  const before = (await items()).filter((one) => one.case === id && one.state !== "refused");
  const waits = before.findLast(({ state }) => state === "waiting");
  if (waits) return { after: waits.id };
  return { version: Math.max(version, ...before.map(({ answers }) => answers.command?.version ?? 0)) };
}

/** Change an item that waits or was refused. False where it may have arrived already, or is gone. */
export const rewrite = (id, changes) =>
  undisturbed(async () => {
    const one = await itemOf(id);
    if (!one || one.state === "sent" || inDoubt(one)) return false;
    await keep(fresh({ ...one, ...changes }, one));
    return true;
  });

/**
 * Send a refused item again: as it is, or, `anew`, as decided now: at this time, and on `version` where one is given.
 * What somebody decides on seeing what has happened since did not happen before that.
 */
export const tryAgain = (id, { anew = false, version } = {}) =>
  undisturbed(async () => {
    const one = await itemOf(id);
    if (one?.state !== "refused") return;
    const decided = anew ? { written_at: now(await who()) } : {};
    await keep({ ...one, ...decided, ...(version ? { version, after: null } : {}), state: "waiting", problem: null });
  });

/** Throw an item away. False where it may have arrived already. */
export const throwAway = (id) =>
  undisturbed(async () => {
    const one = await itemOf(id);
    if (one && one.state !== "sent" && inDoubt(one)) return false;
    await discard(id);
    return true;
  });

/** What was changed goes out under new keys; what the service recorded of it already stays as it is. */
function fresh(changed, before) {
  const steps = Object.entries(recorded(before) ? before.answers : {}).filter(([name]) => !isPicture(name));
  return { ...changed, state: "waiting", problem: null, keys: {}, begun: {}, answers: Object.fromEntries(steps) };
}
