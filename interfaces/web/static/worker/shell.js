// The shell: the page without anybody's data, with all it needs. Its cache is named by the address of the assets.

export const SHELL = "/work-shell";
const FINGERPRINT = new URL(import.meta.url).pathname.split("/")[2];
export const KEPT = `wangge-${FINGERPRINT}`;

/** Fetch the shell and every asset it names into the cache. */
export async function keepShell() {
  const answer = await fetch(SHELL, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(`the shell answered ${answer.status}`);
  const assets = [...(await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  const cache = await caches.open(KEPT);
  await cache.addAll([...new Set(assets)]);
  await cache.put(SHELL, answer);
}
