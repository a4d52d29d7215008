// @ts-check
// Keeps what the pages are made of, so that they open without a network. Its version is a hash over all files. Each
// version has a cache of its own, and a page has the files of its version for as long as it is open. Models are not
// its business.

/**
 * Hashes of files by their names, as `integrity` wants them; those of each engine apart, by its folder. The build
 * writes them here; without it nothing is kept.
 * @type {{ version: string, files: Record<string, string>, engines: Record<string, Record<string, string>> }}
 */
const BUILD = { version: '', files: {}, engines: {} };

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { href: scope, pathname: folder } = new URL(worker.registration.scope);
// Two copies of the site may lie in folders of one origin.
const OURS = `entropix-files ${folder} `;
const OWN = OURS + BUILD.version;
const MODELS = 'models/manifest.json';

/** @param {string} name */
const at = (name) => new URL(name, scope).href;
/** Names a client as an address in the cache of its version. */
const note = (/** @type {string} */ id) => at(`open-pages/${id}`);
const ANY = { ignoreSearch: true, ignoreVary: true };

/** A page must not be answered with what came by a detour. */
const direct = (/** @type {Response} */ response) =>
  response.redirected
    ? new Response(response.body, { status: response.status, headers: response.headers })
    : response;

/**
 * Keeps files, all or none: each is what this version was built with.
 * @param {Record<string, string>} files
 */
async function keep(files) {
  const cache = await caches.open(OWN);
  await Promise.all(
    Object.entries(files).map(async ([name, integrity]) => {
      if (await cache.match(at(name))) return;
      // Some hosts send those who ask for index.html elsewhere.
      const url = at(name === 'index.html' ? '' : name);
      // What lies in the browser's cache may be of an earlier version.
      const response = await fetch(url, { integrity }).catch(() =>
        fetch(url, { integrity, cache: 'reload' }),
      );
      if (!response.ok) throw new Error(`${url} has status ${response.status}`);
      await cache.put(at(name), direct(response));
    }),
  );
}

/** The list of models may change without a new version. */
async function listOfModels() {
  const cache = await caches.open(OWN);
  try {
    const response = await fetch(at(MODELS));
    if (response.ok) await cache.put(at(MODELS), response.clone());
    return response;
  } catch {
    return (await cache.match(at(MODELS))) ?? Response.error();
  }
}

/** Names of the caches of other versions. */
const others = async () =>
  (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== OWN);

/** Keeps the engines that an earlier version had kept: this browser uses them. */
async function keepUsedEngines() {
  const kept = /** @type {string[]} */ ([]);
  for (const name of await others())
    for (const { url } of await (await caches.open(name)).keys()) kept.push(url);
  for (const [place, files] of Object.entries(BUILD.engines)) {
    const variant = at(`${place.split('/')[0]}/`);
    if (kept.some((url) => url.startsWith(variant))) await keep(files);
  }
}

/** Keeps the engine that a file belongs to. */
async function keepEngineOf(/** @type {string} */ name) {
  const place = Object.keys(BUILD.engines).find((folder) => name.startsWith(`${folder}/`));
  if (place) await keep(BUILD.engines[place]);
}

/** Removes the versions of which no page is open, and the notes of pages that were closed. */
async function tidy() {
  for (const name of [OWN, ...(await others())]) {
    const cache = await caches.open(name);
    let open = name === OWN;
    for (const { url } of await cache.keys()) {
      if (!url.startsWith(note(''))) continue;
      if (await worker.clients.get(url.slice(note('').length))) open = true;
      else await cache.delete(url);
    }
    if (!open) await caches.delete(name);
  }
}

/** The cache of the version that a page is of. */
async function cacheOf(/** @type {string} */ id) {
  for (const name of await others()) {
    const cache = await caches.open(name);
    if (await cache.match(note(id))) return cache;
  }
  return caches.open(OWN);
}

/** Notes that a page is of this version. */
const begin = async (/** @type {string} */ id) =>
  (await caches.open(OWN)).put(note(id), new Response());

/**
 * The page at an address: hosts know it with and without its ending.
 * @param {string} name
 */
const pageOf = (name) =>
  [name || 'index.html', `${name}.html`].find(
    (page) => page.endsWith('.html') && page in BUILD.files,
  );

/** @param {FetchEvent} event */
async function open(event, /** @type {string} */ page) {
  const found = await (await caches.open(OWN)).match(at(page), ANY);
  if (!found) return fetch(event.request);
  await begin(event.resultingClientId);
  event.waitUntil(tidy());
  return found;
}

/** @param {FetchEvent} event */
async function answer({ clientId, request }) {
  const client = clientId ? await worker.clients.get(clientId) : undefined;
  // What other people's pages show is the network's.
  if (client && 'frameType' in client && client.frameType === 'nested') return fetch(request);
  return (await (await cacheOf(clientId)).match(request, ANY)) ?? fetch(request);
}

/**
 * A file of an engine, whose folder says which version it is of. The engine may be its client and is not looked for:
 * in Firefox that waits until it has started, which waits for this file.
 */
const engineFile = async (/** @type {Request} */ request) =>
  (await caches.match(request, ANY)) ?? fetch(request);

worker.addEventListener('install', (event) =>
  event.waitUntil(
    Promise.all([keep(BUILD.files), keepUsedEngines(), listOfModels().catch(() => {})]),
  ),
);

worker.addEventListener('activate', (event) =>
  event.waitUntil(
    (async () => {
      // A page under development is never kept.
      if (!BUILD.version) return worker.registration.unregister();
      if ((await others()).length === 0) {
        // The pages that came before it are of this version.
        const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
        for (const { id, frameType } of pages) if (frameType !== 'nested') await begin(id);
        await worker.clients.claim();
      }
      await tidy();
    })(),
  ),
);

worker.addEventListener('message', (event) => {
  if (event.data === 'switch') event.waitUntil(worker.skipWaiting());
  else if (typeof event.data?.used === 'string')
    event.waitUntil(keepEngineOf(event.data.used.slice(scope.length)));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope) || !BUILD.version) return;
  const name = new URL(request.url).pathname.slice(folder.length);
  if (request.mode === 'navigate') {
    const page = pageOf(name);
    if (page && request.destination === 'document') event.respondWith(open(event, page));
  } else if (name === MODELS) {
    event.respondWith(listOfModels());
  } else if (/^engine[^/]*\//.test(name)) {
    event.respondWith(engineFile(request));
    event.waitUntil(keepEngineOf(name));
  } else if (!name.startsWith('models/')) {
    event.respondWith(answer(event));
  }
});
