// Sends what waits, in the order it was written, each step exactly once: its key and body are on the disk before it goes
// out, so a step whose answer got lost goes out again just as it was, and the service gives its first answer.

import { Refused, change, newKey, signedIn } from "../api.js";
import { isPicture, nextStep } from "./plan.js";
import { items, keep, keepWho, who as lastSeen } from "./store.js";

const PATIENCE_MS = 60_000;
const LOCK = "wangge-sending";
const LATER = new Set([408, 425, 429]);
const GONE = "urn:wangge:problem:no-such-attachment";
const NOT_OURS = "urn:wangge:problem:not-from-our-page";

/** Do something while nothing is being sent, such as changing what waits. */
export const undisturbed = (work) => navigator.locks.request(LOCK, work);

/** Send all that waits. Gives why it stopped: done, offline, signed-out, busy; or null where another is at it. */
export const sendWaiting = () => navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? sendAll() : null));

async function sendAll() {
  if (!(await items()).some(({ state }) => state === "waiting")) return "done";
  const asked = Date.now();
  let visitor;
  try {
    visitor = await signedIn({ signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (refused) {
    return stopped(refused);
  }
  const known = await lastSeen();
  if (known?.staff === visitor.staff) await keepWho({ ...known, skew: Date.parse(visitor.now) - asked });
  for (let next = await oldest(visitor); next; next = await oldest(visitor)) {
    const outcome = await sendOne(next, visitor.proof);
    if (outcome !== "done") return outcome;
  }
  return "done";
}

const oldest = async ({ staff }) => (await items()).find((one) => one.staff === staff && one.state === "waiting");

async function sendOne(item, proof) {
  for (let step = nextStep(item); step; step = nextStep(item)) {
    try {
      await take(item, step, proof);
    } catch (refused) {
      const reason = stopped(refused);
      if (reason !== "refused") return reason;
      await settle(item, step.name, refused);
      return "done";
    }
  }
  await finish(item);
  return "done";
}

/** One step: first on the disk as it goes out, then sent, then its answer on the disk. */
async function take(item, step, proof) {
  const { name } = step;
  item.keys[name] ??= newKey();
  if (!isPicture(name)) item.begun[name] ??= { path: step.path, version: step.version, body: step.body };
  await keep(item);
  const { path, version, body } = item.begun[name] ?? step;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  item.answers[name] = await change(path, body, { key: item.keys[name], version, proof, signal });
  await keep(item);
}

/** Refused for good, so nothing was recorded under the step's key: it stays, with the reason, and may be changed. */
async function settle(item, name, { status, problem }) {
  delete item.begun[name];
  delete item.keys[name];
  if (problem.type === GONE && !item.brought_again) {
    item.brought_again = true; // pictures that no case named in time are let go; they are still here
    for (const answered of Object.keys(item.answers).filter(isPicture)) delete item.answers[answered];
  } else {
    Object.assign(item, { state: "refused", problem: { status, ...problem } });
  }
  await keep(item);
}

/** What people said and the pictures leave the telephone; that it was sent stays to be seen. */
async function finish(item) {
  const sent_at = new Date().toISOString();
  for (const next of await items()) {
    // What was written after it on the same case builds on what it made of the case.
    if (next.after === item.id) await keep({ ...next, after: null, version: item.answers.command.version });
  }
  await keep({ ...item, state: "sent", sent_at, form: {}, pictures: [], begun: {}, keys: {}, problem: null });
}

// What is no answer of the service, such as the page of a network that wants a sign-in, is no signal either.
function stopped(error) {
  if (!(error instanceof Refused) || error.status === 0) return "offline";
  const { status, problem } = error;
  if (status === 401) return "signed-out";
  if (status >= 500 || LATER.has(status) || problem?.type === NOT_OURS) return "busy";
  return "refused";
}
