// @ts-check
// A chart as a file.

/**
 * An SVG document that needs nothing else.
 * @param {import('./chart.js').Chart} chart
 */
export function svg({
  svg: source,
  shadowRoot,
  canvas,
  box: [x, y, width, height],
  under,
  base,
  top,
  ring,
}) {
  // A custom property may hold light-dark(): as a colour the browser resolves it.
  const ink = (/** @type {string} */ name) => {
    source.style.color = `var(--${name})`;
    const { color } = getComputedStyle(source);
    source.style.color = '';
    return color;
  };
  const rules = [...shadowRoot.adoptedStyleSheets.at(-1).cssRules]
    .map((rule) => rule.cssText)
    .join('')
    .replace(/var\(--(\w+)\)/g, (_, name) => ink(name));
  const { width: w, height: h } = source.viewBox.baseVal;
  const text = (/** @type {Node} */ node) => new XMLSerializer().serializeToString(node);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="system-ui, sans-serif" font-size="${getComputedStyle(source).fontSize}">` +
    `<style>${rules}</style><rect width="${w}" height="${h}" fill="${ink('paper')}"/>` +
    `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" href="${canvas.toDataURL()}"/>` +
    `${text(under)}${text(base)}${text(top)}${ring.style.display === 'none' ? '' : text(ring)}</svg>`
  );
}

const address = (/** @type {string} */ picture) =>
  `data:image/svg+xml,${encodeURIComponent(picture)}`;

/**
 * The address of the picture as `svg` or `png`.
 * @param {import('./chart.js').Chart} chart
 * @param {string} kind
 */
export async function save(chart, kind) {
  const picture = svg(chart);
  if (kind === 'svg') return address(picture);
  const image = new Image();
  image.src = address(picture);
  await image.decode();
  const canvas = document.createElement('canvas');
  // Fine enough for a fine screen.
  [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}
