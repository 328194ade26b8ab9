// The service worker: keeps the page's shell and assets for when there is no signal, and sends what waits when the
// system says there is one again. The shell knows nobody, so nothing of anybody is kept here.

import { sendWaiting } from "./sending.js";
import { KEPT, SHELL, keepShell } from "./shell.js";

const PATIENCE_MS = 6_000;
const DOWN = new Set([502, 503, 504]);

self.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil(tidy()));

async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("wangge-") && name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === "/work") event.respondWith(pageOrShell(request));
  else if (pathname.startsWith("/static/")) event.respondWith(keptOrAsked(request));
});

async function pageOrShell(request) {
  const shell = async () => (await caches.match(SHELL)) ?? Response.error();
  const tired = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  try {
    const answer = await Promise.race([fetch(request), tired]);
    return answer && !DOWN.has(answer.status) ? answer : await shell();
  } catch {
    return shell();
  }
}

const keptOrAsked = async (request) => (await caches.match(request)) ?? fetch(request);

self.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
