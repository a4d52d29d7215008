// @ts-check
// `<what-if-picture>`: what other words lead to as a picture for a post, 1200 × 630, drawn from what the page says around
// it. The page asks for this file when it shows such ways.

const [WIDTH, HEIGHT, MARGIN] = [1200, 630, 56];
/** Ways that have room, those that lead to something else first. */
const MOST = 4;
const FONT = 'system-ui, sans-serif';
const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(string | Node)} inside
 */
function make(name, attributes, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, `${value}`);
  made.append(...inside);
  return made;
}

const pen = /** @type {CanvasRenderingContext2D} */ (
  document.createElement('canvas').getContext('2d')
);

/**
 * A text in lines that fit; the last one says by … that there is more.
 * @param {string} text
 * @param {{ size: number, weight?: number, width: number, most: number }} how
 */
function lines(text, { size, weight = 400, width, most }) {
  pen.font = `${weight} ${size}px ${FONT}`;
  /** @param {string} line */
  const fits = (line) => pen.measureText(line).width <= width;
  const found = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (fits(line)) found[found.length - 1] = line;
    else found.push(word);
  }
  // A word may be longer than a line.
  const cut = found.slice(0, most).map((line, at) => {
    const more = at === most - 1 && found.length > most;
    if (!more && fits(line)) return line;
    const words = line.split(' ');
    while (words.length > 1 && !fits(`${words.join(' ')} …`)) words.pop();
    const letters = [...words.join(' ')];
    while (letters.length > 0 && !fits(`${letters.join('')} …`)) letters.pop();
    return `${letters.join('')} …`;
  });
  return cut;
}

class WhatIfPicture extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.className = 'actions';
    for (const [kind, save] of /** @type {const} */ ([
      ['SVG', () => this.#svg()],
      ['PNG', () => this.#png()],
    ])) {
      const button = document.createElement('button');
      button.className = 'link';
      button.dataset.testid = `picture-${kind.toLowerCase()}`;
      button.textContent = `Picture (${kind})`;
      button.addEventListener('click', async () => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(await save());
        link.download = `what-if.${kind.toLowerCase()}`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      });
      this.append(button);
    }
  }

  #svg() {
    const text = new XMLSerializer().serializeToString(this.draw());
    return new Blob([text], { type: 'image/svg+xml' });
  }

  /** With two pixels in each px. */
  async #png() {
    const url = URL.createObjectURL(this.#svg());
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2 * WIDTH, 2 * HEIGHT];
    /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).drawImage(
      image,
      0,
      0,
      canvas.width,
      canvas.height,
    );
    URL.revokeObjectURL(url);
    return /** @type {Promise<Blob>} */ (
      new Promise((resolve) => {
        canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)));
      })
    );
  }

  /** What the page says: the question, what was found, the ways, how the answer was made. */
  #said() {
    const section = /** @type {Element} */ (this.closest('.what-if'));
    const turn = /** @type {Element} */ (this.closest('.turn'));
    /** @param {Element | null | undefined} element */
    const text = (element) => element?.textContent?.trim() ?? '';
    const before = [...document.querySelectorAll('.person .said')].filter(
      (said) => said.compareDocumentPosition(turn) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    /** @type {{ lead: string, said: string, words: string, note: string, differs: boolean }[]} */
    const ways = [];
    let [lead, said] = ['', ''];
    for (const item of section.querySelectorAll('li')) {
      if (item.className === 'lead') {
        said = text(item.querySelector('b'));
        lead = text(item).slice(0, -said.length).trim();
        continue;
      }
      const button = /** @type {HTMLElement} */ (item.querySelector('button'));
      const note = text(button.querySelector('small'));
      const words = text(button).slice(0, -note.length).trim();
      ways.push({ lead, said, words, note, differs: button.dataset.differs === 'true' });
    }
    const chosen = [...ways.filter((way) => way.differs), ...ways.filter((way) => !way.differs)];
    return {
      question: text(before.at(-1)),
      found: text(section.querySelector('[data-testid=outcome]')),
      ways: chosen.slice(0, MOST),
      made: text(turn.querySelector('.facts')),
    };
  }

  draw() {
    const { question, found, ways, made } = this.#said();
    const style = getComputedStyle(this);
    const [paper, ink, soft, line, accent] = ['paper', 'ink', 'soft', 'edge', 'accent'].map(
      (name) => this.#color(name, style),
    );
    const picture = make('svg', {
      xmlns: SVG,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      'font-family': FONT,
    });
    picture.append(
      make('title', {}, `${question} – ${found}`),
      make('rect', { width: WIDTH, height: HEIGHT, fill: paper }),
    );
    let y = MARGIN;
    /**
     * @param {string} text
     * @param {{ size: number, weight?: number, most: number, x?: number, fill?: string, gap?: number }} how
     */
    const write = (text, { size, weight = 400, most, x = MARGIN, fill = ink, gap = 0 }) => {
      for (const each of lines(text, { size, weight, most, width: WIDTH - MARGIN - x })) {
        y += 1.3 * size;
        picture.append(
          make(
            'text',
            { x, y: y - 0.3 * size, 'font-size': size, 'font-weight': weight, fill },
            each,
          ),
        );
      }
      y += gap;
    };
    write(question, { size: 40, weight: 600, most: 2, gap: 6 });
    write(found, { size: 27, most: 3, gap: 16 });
    let lead = '';
    for (const way of ways) {
      const here = `${way.lead} ${way.said}`;
      const room = HEIGHT - MARGIN - 30 - y;
      if (room < (here === lead ? 74 : 106)) break;
      if (here !== lead) write(here, { size: 21, most: 1, fill: soft, gap: 2 });
      lead = here;
      const top = y;
      y += 6;
      write(way.words, { size: 25, weight: 600, most: 1, x: MARGIN + 44 });
      write(way.note, {
        size: 19,
        most: 1,
        x: MARGIN + 44,
        fill: way.differs ? ink : soft,
        gap: 10,
      });
      // It branches off below the word where it parts; one that leads elsewhere stands in a frame.
      picture.append(
        make('path', {
          d: `M${MARGIN + 8} ${top}V${top + 30}H${MARGIN + 26}`,
          fill: 'none',
          stroke: way.differs ? accent : line,
          'stroke-width': 2,
        }),
        make('rect', {
          x: MARGIN + 28,
          y: top + 2,
          width: WIDTH - 2 * MARGIN - 28,
          height: y - top - 8,
          rx: 8,
          fill: 'none',
          stroke: way.differs ? accent : 'none',
          'stroke-width': 2,
        }),
      );
    }
    y = HEIGHT - MARGIN - 22;
    write(`${made} · Entropix in the browser`, { size: 18, most: 1, fill: soft });
    return picture;
  }

  /**
   * A colour of the page, as a picture by itself can say it.
   * @param {string} name
   * @param {CSSStyleDeclaration} style
   */
  #color(name, style) {
    const probe = document.createElement('i');
    probe.style.color = `var(--${name})`;
    this.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color || style.color;
  }
}

customElements.define('what-if-picture', WhatIfPicture);
