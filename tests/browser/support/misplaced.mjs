// What stands where it can't be read or used: runs in a page.

/**
 * Texts of elements that stick out of them, lie upon each other, are cut off or under 12 px; sliders shorter than 120 px:
 * "element: what". Shadow trees are looked into; an element that has not drawn says so.
 * @param {string} selector of the elements
 */
export function misplaced(selector) {
  const all = document.querySelectorAll(selector);
  // In a page that is still empty nothing has its place.
  const found = all.length ? /** @type {string[]} */ ([]) : [`no ${selector}`];
  for (const host of all) {
    const { localName, shadowRoot } = host;
    if (!shadowRoot || [...shadowRoot.children].some(({ localName }) => localName === 'slot')) {
      found.push(`${localName}: not drawn`);
      continue;
    }
    const outer = host.getBoundingClientRect();
    const texts = /** @type {{ text: string, box: DOMRect, of: Element }[]} */ ([]);
    const say = (what) => found.push(`${localName}: ${what}`);
    const walk = (root) => {
      for (const node of root.childNodes) {
        if (node instanceof Text && node.data.trim()) write(node);
        if (!(node instanceof Element)) continue;
        if (node.matches('input[type=range]') && node.checkVisibility()) {
          const { width } = getComputedStyle(node);
          if (parseFloat(width) < 119.5) say(`a slider of ${width}`);
        }
        walk(node.shadowRoot ?? node);
      }
    };
    const write = (node) => {
      const { parentElement: of } = node;
      const hidden = getComputedStyle(of).visibility !== 'visible' || !of.checkVisibility();
      if (hidden || of.closest('.unseen, dialog, title, style')) return;
      const text = node.data.trim().slice(0, 24);
      // Words alone: a blank at the end of a line may hang beyond it, and is not seen.
      for (const word of node.data.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        for (const box of range.getClientRects()) {
          if (box.width < 1) continue;
          texts.push({ text, box, of });
          if (box.left < outer.left - 1.5 || box.right > outer.right + 1.5)
            say(`“${text}” sticks out`);
        }
      }
      const { fontSize, overflowX } = getComputedStyle(of);
      if (parseFloat(fontSize) < 11.99) say(`“${text}” has ${fontSize}`);
      // A token may be of any length.
      const cut = overflowX !== 'visible' && !of.matches('.word');
      if (cut && (of.scrollWidth > of.clientWidth + 1 || of.scrollHeight > of.clientHeight + 8))
        say(`“${text}” is cut off`);
    };
    walk(shadowRoot);
    for (const [i, a] of texts.entries())
      for (const b of texts.slice(i + 1)) {
        if (a.of === b.of || a.of.contains(b.of) || b.of.contains(a.of)) continue;
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (across > 1.5 && down > 5) say(`“${a.text}” lies upon “${b.text}”`);
      }
  }
  return [...new Set(found)];
}
