// What can be read, and how well: runs in a page, by WCAG 2's formula.

/**
 * The text and the marks of elements that have too little contrast to what lies behind them:
 * "element “text” ratio". Everything that is seen is measured, shadow trees included.
 * @param {string} selector of the elements
 */
export function faint(selector) {
  const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const parse = (text) => {
    let numbers = text.match(/[\d.]+/g).map(Number);
    if (!text.startsWith('rgb')) {
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = text;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      numbers = [r, g, b, a / 255];
    }
    const [r, g, b, a = 1] = numbers;
    return [r, g, b, a];
  };
  const over = (above, below) => [0, 1, 2].map((i) => below[i] + (above[i] - below[i]) * above[3]);
  const luminance = (colour) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
      const x = colour[i] / 255;
      return sum + share * (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    }, 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  /** What lies behind; data-behind says what no style says. */
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = parent(at)) {
      const said = at.dataset?.behind ?? getComputedStyle(at).backgroundColor;
      const colour = parse(said);
      if (at instanceof SVGElement) continue;
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    const canvas =
      getComputedStyle(document.documentElement).colorScheme.includes('dark') &&
      matchMedia('(prefers-color-scheme: dark)').matches
        ? [18, 18, 18]
        : [255, 255, 255];
    return layers.reduceRight((below, each) => over(each, below), canvas);
  };
  const found = [];
  const check = (element, text, colour, least) => {
    const paper = behind(element);
    const ratio = contrast(over(parse(colour), paper), paper);
    if (ratio < least)
      found.push(
        `${element.localName}.${element.getAttribute('class')} “${text}” ${ratio.toFixed(2)}`,
      );
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const element = node.assignedSlot ?? node.parentElement;
      const text = node.textContent.trim();
      // With a halo of its own it lies on data.
      if (
        !text ||
        !element?.checkVisibility({ visibilityProperty: true }) ||
        element.closest('.unseen, dialog, style, option')
      )
        return;
      const look = getComputedStyle(element);
      const drawn = element instanceof SVGElement;
      if (drawn && look.stroke !== 'none') return;
      check(element, text.slice(0, 24), drawn ? look.fill : look.color, 4.5);
      return;
    }
    if (
      node instanceof SVGElement &&
      node.matches('.ring, .line-h, .line-v, .axis, .frame, .edge, .tick, .peak')
    ) {
      if (node.checkVisibility())
        check(
          node,
          'stroke',
          getComputedStyle(node).stroke === 'none'
            ? getComputedStyle(node).fill
            : getComputedStyle(node).stroke,
          3,
        );
    }
    for (const child of node.shadowRoot?.childNodes ?? node.childNodes) walk(child);
    if (node.localName === 'slot') for (const child of node.assignedNodes()) walk(child);
  };
  const all = [...document.querySelectorAll(selector)];
  // A page that is still empty is not legible.
  if (!all.length) found.push(`no ${selector}`);
  for (const element of all) walk(element);
  const waiting = all.filter(
    ({ shadowRoot }) =>
      !shadowRoot || [...shadowRoot.children].some(({ localName }) => localName === 'slot'),
  );
  return { count: all.length, waiting: waiting.length, found };
}
