// @ts-check
// Chats in IndexedDB, for all tabs. What is stored when is decided in crates/client; lists come and go as flat arrays.

const NAME = 'entropix.chats';
/**
 * `covers`: `{ stamp, cover }` by the chat's id; `turns`: text by `[id, turn]`; `words`: all that a chat says, by its
 * id, to be searched.
 */
const STORES = ['covers', 'turns', 'words'];
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(NAME) : null;

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    // Both throw where storage is denied.
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      const database = request.result;
      const forget = () => {
        database.close();
        opened = undefined;
      };
      // A later version of the page is open in another tab, or people clear the browser's data.
      database.onversionchange = forget;
      database.onclose = forget;
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** @param {string} id */
const turnsOf = (id) => IDBKeyRange.bound([id], [id, []]);

/**
 * Acts in one transaction, and waits until all of it is stored.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(stores: IDBObjectStore[], result: (value: T) => void, transaction: IDBTransaction) => void} act
 * @returns {Promise<T>}
 */
async function transact(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORES, mode);
    /** @type {T} */
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? result);
    act(
      STORES.map((name) => transaction.objectStore(name)),
      (value) => {
        result = value;
      },
      transaction,
    );
  });
}

/**
 * All results of some requests.
 * @param {IDBRequest[]} requests of one transaction: they end in their order
 * @param {(results: any[]) => void} then
 */
function all(requests, then) {
  const last = requests[requests.length - 1];
  last.onsuccess = () => then(requests.map(({ result }) => result));
}

/**
 * What was found at each key.
 * @param {any[]} keys
 * @param {any[]} values
 */
const pairs = (keys, values) => keys.map((key, at) => [key, values[at]]);

/** Id, stamp and cover of each chat, one after the other. */
export const list = () =>
  transact('readonly', ([covers], done) =>
    all([covers.getAllKeys(), covers.getAll()], ([ids, covers]) =>
      done(pairs(ids, covers).flatMap(([id, it]) => [id, it?.stamp, it?.cover].map(String))),
    ),
  );

/**
 * Stamp, cover, words, then number and text of each turn; nothing if there is no such chat.
 * @param {string} id
 * @param {boolean} take whether it is removed
 */
export async function read(id, take) {
  const found = await transact(take ? 'readwrite' : 'readonly', ([covers, turns, words], done) => {
    const range = turnsOf(id);
    const requests = [covers.get(id), words.get(id), turns.getAllKeys(range), turns.getAll(range)];
    all(requests, ([cover, words, keys, texts]) =>
      done(
        cover !== undefined && [
          cover?.stamp,
          cover?.cover,
          words ?? '',
          ...pairs(keys, texts).flatMap(([[, turn], text]) => [turn, text]),
        ],
      ),
    );
    if (take) {
      covers.delete(id);
      words.delete(id);
      turns.delete(range);
    }
  });
  if (take) channel?.postMessage(id);
  return found;
}

/**
 * A save that waits to hear what is stored. Whoever saves without asking takes over what it would write: the page may be
 * gone before storage answers, and what waits behind it would be lost as well.
 * @typedef {{
 *   write: (stores: IDBObjectStore[]) => void,
 *   transaction?: IDBTransaction,
 *   taken?: Promise<boolean>,
 * }} Waiting
 */

/** @type {Set<Waiting>} */
const waiting = new Set();

/**
 * Keeps what changed. False if the stored chat has not the stamp `base`, which is "" where there must be none and
 * undefined where that does not matter.
 * @param {string} id
 * @param {string | undefined} base
 * @param {string} stamp
 * @param {string} cover
 * @param {string | undefined} said all words
 * @param {(number | string)[]} changed number and text of turns
 * @param {ArrayLike<number> | undefined} gone turns that are no longer there; all others if it isn't said
 * @param {boolean} tell whether other tabs hear of it
 */
export async function save(id, base, stamp, cover, said, changed, gone, tell) {
  /** @param {IDBObjectStore[]} stores */
  const write = ([covers, turns, words]) => {
    covers.put({ stamp, cover }, id);
    if (said !== undefined) words.put(said, id);
    if (gone) for (const turn of Array.from(gone)) turns.delete([id, turn]);
    else turns.delete(turnsOf(id));
    for (let at = 0; at < changed.length; at += 2) turns.put(changed[at + 1], [id, changed[at]]);
  };
  const fits = await (base === undefined ? saveNow(write) : saveIf(id, base, write));
  if (fits && tell) channel?.postMessage(id);
  return fits;
}

/**
 * Writes if the stored chat has this stamp.
 * @param {string} id
 * @param {string} base
 * @param {Waiting['write']} write
 * @returns {Promise<boolean>}
 */
async function saveIf(id, base, write) {
  /** @type {Waiting} */
  const own = { write };
  waiting.add(own);
  try {
    return await transact('readwrite', (stores, done, transaction) => {
      if (own.taken) return transaction.abort();
      own.transaction = transaction;
      all([stores[0].get(id)], ([stored]) => {
        waiting.delete(own);
        const fits = (stored?.stamp ?? '') === base;
        done(fits);
        if (fits) write(stores);
        // The page may be gone before the last of these has ended.
        transaction.commit?.();
      });
    });
  } catch (error) {
    if (own.taken) return own.taken;
    throw error;
  } finally {
    waiting.delete(own);
  }
}

/**
 * Writes whatever is stored, and what others wait to write.
 * @param {Waiting['write']} write
 * @returns {Promise<boolean>}
 */
function saveNow(write) {
  const others = [...waiting];
  waiting.clear();
  for (const { transaction } of others) transaction?.abort();
  /** @type {Promise<boolean>} */
  const saved = transact('readwrite', (stores, done, transaction) => {
    for (const other of others) other.write(stores);
    write(stores);
    done(true);
    transaction.commit?.();
  });
  for (const other of others) other.taken = saved;
  return saved;
}

/**
 * Ids of the chats that say this, in capitals or not.
 * @param {string} text
 */
export const search = (text) =>
  transact('readonly', ([, , words], done) =>
    all([words.getAllKeys(), words.getAll()], ([ids, all]) =>
      done(
        pairs(ids, all)
          .filter(([, said]) => String(said).toLowerCase().includes(text.toLowerCase()))
          .map(([id]) => id),
      ),
    ),
  );

/** Asks the browser not to clear its storage by itself, unless it was asked before. */
export async function persist() {
  const { storage } = navigator;
  if (storage?.persist && !(await storage.persisted())) await storage.persist();
}

/**
 * Calls when another tab changed a chat, with its id, or erased everything, with nothing.
 * @param {(id: string | null) => void} hear
 */
export function listen(hear) {
  channel?.addEventListener('message', ({ data }) => hear(data));
}

/** Removes chats, drafts, settings and models from the browser, and begins anew. The page's own files stay. */
export async function erase() {
  const database = await open().catch(() => null);
  database?.close();
  const removed = [
    new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    }),
    globalThis.caches?.delete('entropix-models'),
    globalThis.caches?.delete('entropix-parts'),
  ];
  // Whatever is denied holds nothing.
  await Promise.allSettled(removed);
  channel?.postMessage(null);
  for (const place of [() => localStorage, () => sessionStorage]) {
    try {
      // Others may live at the same origin.
      for (const name of Object.keys(place())) {
        if (name.startsWith('entropix')) place().removeItem(name);
      }
    } catch {
      /* Denied. */
    }
  }
  location.reload();
}
