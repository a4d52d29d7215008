// @ts-check
// "Share": the tags and the address that show a chart as it is now.
import { make } from './make.js';

const script = new URL('embed.js', import.meta.url).href;
const frame = new URL('../../embed.html', import.meta.url).href;

const look = new CSSStyleSheet();
look.replaceSync(`
dialog { color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .75em; padding: 1em 1.25em; width: min(36em, 92vw); }
dialog::backdrop { background: rgb(0 0 0 / .35); }
dialog label { font-size: max(12px, .9375em); display: block; margin: .6em 0 .35em; }
dialog textarea { display: block; width: 100%; padding: .4em .5em; border: 1px solid var(--line); border-radius: .4em; background: none; font: max(12px, .8125em)/1.4 ui-monospace, monospace; resize: vertical; }
`);

/** @param {string} text */
const quoted = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/**
 * Opens the dialog.
 * @param {import('./chart.js').Chart} chart
 */
export function share(chart) {
  const tag = chart.localName;
  const options = [...chart.attributes].filter(
    ({ name }) =>
      name in /** @type {typeof import('./chart.js').Chart} */ (chart.constructor).options &&
      name !== 'group',
  );
  const query = new URLSearchParams([
    ['chart', tag.split('-')[1]],
    ...options.map(({ name, value }) => [name, value]),
  ]);
  const link = `${frame}?${query}`;
  const attributes = options.map(({ name, value }) => ` ${name}="${quoted(value)}"`).join('');
  const field = (/** @type {string} */ label, /** @type {string} */ value) => {
    const area = make('textarea', { readonly: true, rows: 3, textContent: value });
    const copy = make('button', {
      textContent: 'Copy',
      click: () => {
        // Without the permission the text is selected: the keyboard copies it.
        area.select();
        navigator.clipboard?.writeText(value).then(
          () => {
            copy.textContent = 'Copied';
          },
          () => {},
        );
      },
    });
    return [make('label', {}, label, area), copy];
  };
  /** @type {HTMLDialogElement} */
  const dialog = make(
    'dialog',
    { 'aria-label': 'Share this chart', close: () => dialog.remove() },
    ...field(
      'For a page that allows scripts',
      `<script type="module" src="${script}"></script>\n<${tag}${attributes}></${tag}>`,
    ),
    ...field(
      'As a frame',
      `<iframe src="${quoted(link)}" title="${tag}" width="100%" height="${chart.offsetHeight}" frameborder="0" sandbox="allow-scripts"></iframe>`,
    ),
    ...field('Link to this picture; there it can be saved as SVG or PNG', link),
    make(
      'div',
      { class: 'row' },
      make('a', { href: link, target: '_blank', textContent: 'Open the link' }),
      make('button', { textContent: 'Close', click: () => dialog.close() }),
    ),
  );
  chart.wear(look);
  chart.shadowRoot.append(dialog);
  dialog.showModal();
}
