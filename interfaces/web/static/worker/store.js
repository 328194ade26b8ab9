// What lies on the telephone: reports and deeds that wait to be sent, unfinished reports, and what was last seen.

const NAME = "wangge-worker";
const STORES = { items: { keyPath: "id", autoIncrement: true }, drafts: { keyPath: "key" }, seen: { keyPath: "key" } };
const channel = new BroadcastChannel("wangge-items");
const listeners = new Set();
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) asked.result.createObjectStore(name, options);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function within(store, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const readIn = (store, work) => within(store, "readonly", work);
const writeIn = (store, work) => within(store, "readwrite", work);

function changed() {
  for (const listener of listeners) listener();
  channel.postMessage("changed");
}
channel.onmessage = () => listeners.forEach((listener) => listener());

/** Call `listener` whenever an item changed, here or in another page or the service worker. */
export const onChange = (listener) => listeners.add(listener);

/** All items, as they were written. */
export const items = () => readIn("items", (store) => store.getAll());

/** One item, undefined when it was thrown away. */
export const item = (id) => readIn("items", (store) => store.get(id));

/** Keep an item: a new one gets its place at the end of the queue. Resolves once it is on the disk. */
export async function keep(one) {
  const id = await writeIn("items", (store) => store.put(one));
  changed();
  return { ...one, id };
}

/** Let go of an item for good. */
export async function discard(id) {
  await writeIn("items", (store) => store.delete(id));
  changed();
}

/** What somebody has begun to write, as {key, form, pictures}: a report under their id, a deed under id, case and kind. */
export const draft = (key) => readIn("drafts", (store) => store.get(key));
export const keepDraft = (one) => writeIn("drafts", (store) => store.put(one));
export const discardDraft = (key) => writeIn("drafts", (store) => store.delete(key));

/** Who uses this telephone now, as {staff, name, skew}; undefined after signing out. `skew`: ms the server is ahead. */
export const who = () => readIn("seen", (store) => store.get("who"));
export const keepWho = (one) => writeIn("seen", (store) => store.put({ ...one, key: "who" }));

/** Parts of the page as they were last seen, as {staff, parts}. */
export const seenParts = () => readIn("seen", (store) => store.get("parts"));
export const keepParts = (one) => writeIn("seen", (store) => store.put({ ...one, key: "parts" }));

/** Categories used lately, as {code, name, detail}. */
export const categories = async () => (await readIn("seen", (store) => store.get("categories")))?.all ?? [];
export const keepCategories = (all) => writeIn("seen", (store) => store.put({ key: "categories", all }));

/** Forget whom this telephone belonged to and what they saw. What waits stays: it is sent when they come back. */
export const forget = () => writeIn("seen", (store) => store.clear());
