// @ts-check
// The page of one chart, or of a small chat, described by the address. In an iframe it tells its host how tall it is;
// by itself it offers the chart's picture as a file.
import { charts, outcomes, plane, planes, results, text, texts } from './embed.js';
import { later } from './later.js';
import { save } from './picture.js';

/** It lies beside the page: other people's servers that have the elements alone have none. */
const chat = later((_again) => import(new URL('../../mini/chat.js', import.meta.url).href));
const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'auto';
if (query.get('view') === 'chat') {
  await text();
  (await chat()).open(query);
  tellHeight();
} else await show(query.get('chart'));

/** @typedef {Record<string, typeof import('./element.js').Element>} Elements by name */

/** @param {string | null} wanted the chart */
async function show(wanted) {
  const named = (/** @type {string} */ name) => name.split('-')[1];
  const wants = (/** @type {object} */ names) =>
    Object.keys(names).some((name) => named(name) === wanted);
  const here = async () => ({ elements: charts });
  /** Files by the names of their elements. */
  const files = /** @type {[object, () => Promise<{ elements: Elements }>][]} */ ([
    [charts, here],
    [planes, plane],
    [texts, text],
    [results, outcomes],
  ]);
  // A chart needs no more than its own.
  const own = files.filter(([names]) => wants(names));
  const loaded = await Promise.all((own.length ? own : files).map(([, load]) => load()));
  const elements = /** @type {Elements} */ (
    Object.assign({}, ...loaded.map(({ elements }) => elements))
  );
  /** What can stand alone. */
  const names = Object.keys(elements).filter((name) => elements[name].framed);
  const name = names.find((name) => named(name) === wanted);
  if (!name) {
    document.body.textContent = `The address names no chart. Add ?chart= and one of: ${names.map(named).join(', ')}; or ?view=chat.`;
    return;
  }
  const chart = /** @type {import('./chart.js').Chart} */ (document.createElement(name));
  const { options } = elements[name];
  for (const [key, value] of query) if (key in options) chart.setAttribute(key, value);
  chart.addEventListener('change', () => {
    for (const key of Object.keys(options)) {
      if (chart.hasAttribute(key)) query.set(key, chart.getAttribute(key));
      else query.delete(key);
    }
    try {
      // A link to what is seen; a sandboxed frame may not.
      history.replaceState(null, '', `?${query}`);
    } catch {
      /* the address stays */
    }
  });
  document.body.replaceChildren(chart);
  tellHeight(chart);
  if (parent === window && /** @type {typeof import('./chart.js').Chart} */ (elements[name]).chart)
    offer(chart);
}

/** @param {import('./chart.js').Chart} chart */
function offer(chart) {
  const row = document.createElement('p');
  for (const kind of ['svg', 'png']) {
    const button = document.createElement('button');
    button.textContent = `Download ${kind.toUpperCase()}`;
    button.addEventListener('click', async () => {
      const link = document.createElement('a');
      link.download = `${chart.localName}.${kind}`;
      link.href = await save(chart, kind);
      link.click();
    });
    row.append(button, ' ');
  }
  document.body.append(row);
}

/**
 * { type: 'entropix:height', version: 1, height } in CSS px, at the start and whenever it changes: the height that all of
 * it would like to have. A frame that is less high has a smaller picture.
 * @param {import('./element.js').Element} [element] what may be taller than the frame
 */
function tellHeight(element) {
  const { documentElement: page } = document;
  const observer = new ResizeObserver(() => {
    page.classList.remove('framed');
    const height = Math.ceil(page.getBoundingClientRect().height);
    page.classList.toggle('framed', parent !== window);
    // Nothing is drawn yet.
    if (height > 8) parent.postMessage({ type: 'entropix:height', version: 1, height }, '*');
  });
  observer.observe(page);
  // Where the page is as high as the frame, only the picture tells that the words need more.
  element?.begin().then(() => element.figure && observer.observe(element.figure));
}
