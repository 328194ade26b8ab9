// When to send: at once, when the signal or the page comes back, and again after a while where it failed.

import { sendWaiting } from "./sending.js";
import { items, onChange } from "./store.js";

const [FIRST_MS, LONGEST_MS] = [2_000, 5 * 60_000];

export class Resending {
  constructor({ tell, sent }) {
    Object.assign(this, { tell, sent, pause: FIRST_MS, timer: null, waiting: 0, done: 0 });
  }

  start() {
    onChange(() => this.look());
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
    this.look();
  }

  /** Something new waits: send it. */
  async look() {
    const all = await items();
    const [waiting, done] = ["waiting", "sent"].map((state) => all.filter((one) => one.state === state).length);
    const more = waiting > this.waiting;
    const finished = done > this.done;
    [this.waiting, this.done] = [waiting, done];
    if (finished) this.sent();
    if (more) await this.now();
  }

  now() {
    this.pause = FIRST_MS;
    return this.send();
  }

  async send() {
    clearTimeout(this.timer);
    const reason = await sendWaiting();
    if (reason) this.tell(reason);
    if (reason === "done") return;
    this.timer = setTimeout(() => this.send(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_MS);
    if (reason === "offline") this.wakeUp();
  }

  /** Ask the system to wake the service worker when there is a signal, where it can. */
  async wakeUp() {
    const registration = await navigator.serviceWorker?.getRegistration("/work");
    await registration?.sync?.register("send").catch(() => {});
  }
}
