// @ts-check
// Ink that can be read: what lies behind an element, and the colours that reach their contrast on it.
import { wasm } from './maths.js';

/** @typedef {number[]} Colour red, green, blue and alpha, 0 to 1 */
/** @typedef {'light' | 'dark'} Ground */
/** @typedef {{ ground: Ground, paper: Colour, painted: boolean, sheet: CSSStyleSheet, refused: string[] }} Ink */

const BLACK = [0, 0, 0, 1];
const WHITE = [1, 1, 1, 1];
/** The least contrast to the paper: of text, and of what carries no meaning. */
const LEAST = /** @type {Record<string, number>} */ ({ ink: 4.5, soft: 4.5, accent: 4.5, line: 1 });
/** The least contrast of the usual ink to a paper, so that what is softer can be told from it. */
const STRONG = 7;
/** Text that is fainter than this on what seems to lie behind it lies on something else. */
const SEEN = 2;

const forced = matchMedia('(forced-colors: active)');

/** @type {Record<Ground, Record<string, string>>} */
let palette;

/** name → colour, on each ground, as the maths has them. */
function usual() {
  if (palette) return palette;
  palette = { light: {}, dark: {} };
  for (const ink of wasm.inks().trim().split(' ')) {
    const [name, light, dark] = ink.split(':');
    Object.assign(palette.light, { [name]: light });
    Object.assign(palette.dark, { [name]: dark });
  }
  return palette;
}

/**
 * @param {string} text as computed styles have it, or #rrggbb
 * @returns {Colour}
 */
function parse(text) {
  if (text[0] === '#')
    return [1, 3, 5, 7].map((at) => parseInt(text.slice(at, at + 2) || 'ff', 16) / 255);
  const [r, g, b, alpha = 1] = text.match(/-?[\d.]+(e-?\d+)?/g)?.map(Number) ?? [0, 0, 0, 0];
  const whole = text.startsWith('rgb') ? 255 : 1;
  return [...[r, g, b].map((each) => Math.min(Math.max(each / whole, 0), 1)), alpha];
}

/**
 * What is seen of two, one upon the other.
 * @param {Colour} above
 * @param {Colour} below
 */
const over = (above, below) => below.map((each, i) => each + (above[i] - each) * above[3]);

/** @param {Colour} colour its relative luminance, as WCAG 2 defines it */
const luminance = (colour) =>
  [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
    const x = colour[i];
    return sum + share * (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  }, 0);

/**
 * As WCAG 2 defines it.
 * @param {Colour} a
 * @param {Colour} b
 */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * @param {Colour} paper
 * @returns {Ground} on which ink is darker or lighter
 */
const groundOf = (paper) => (contrast(paper, BLACK) >= contrast(paper, WHITE) ? 'light' : 'dark');

/**
 * Whether a paper can be written on.
 * @param {Colour} paper
 * @param {Ground} ground
 */
const suits = (paper, ground) => contrast(paper, parse(usual()[ground].ink)) >= STRONG;

/**
 * The parent as it is drawn: of a slotted node the slot, of a shadow tree its host.
 * @param {Element} element
 * @returns {any}
 */
const above = (element) =>
  element.assignedSlot ?? element.parentElement ?? /** @type {any} */ (element.getRootNode()).host;

/**
 * Calls, in the next frame, when something changed that may lie behind elements, or colour them.
 * @param {() => void} then
 * @param {(node: Node) => boolean} holds whether a node holds one of them
 * @returns {() => void} what says that something did
 */
export function watch(then, holds) {
  let frame = 0;
  const changed = () => {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      then();
    });
  };
  for (const media of [forced, matchMedia('(prefers-color-scheme: dark)')])
    media.addEventListener('change', changed);
  // Style sheets that came late.
  addEventListener('load', changed);
  document.addEventListener('transitionend', ({ target, propertyName }) => {
    if (propertyName.startsWith('background') && holds(/** @type {Node} */ (target))) changed();
  });
  return changed;
}

/** Finds the ink of one element, and tells when what it depends on changes. */
export class Well {
  /** Stands in the element's shadow tree; has every colour of the host's, and a transition tells when one changes. */
  probe = document.createElement('i');
  #scratch = document.createElement('i');
  #around = new MutationObserver(() => this.#changed());
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    this.probe.className = 'probe';
    this.probe.append(this.#scratch);
    this.probe.addEventListener('transitionend', changed);
  }

  close() {
    this.#around.disconnect();
  }

  /**
   * @param {HTMLElement & { shadowRoot: ShadowRoot, ink?: Ink }} element
   * @param {string} theme `auto`, or the ground that it shall have
   * @returns {Ink}
   */
  dip(element, theme) {
    // With forced colours hosts have no say.
    const wanted = theme === 'auto' || forced.matches ? undefined : /** @type {Ground} */ (theme);
    const behind = forced.matches ? this.#convert('Canvas') : this.#behind(element);
    const text = this.#colour(getComputedStyle(this.#scratch).color);
    // Nothing is known of a picture, of another page, of what no ancestor painted.
    const known = behind && (text[3] < 1 || contrast(text, behind) >= SEEN);
    let ground = wanted ?? groundOf(known ? behind : contrast(text, WHITE) < 4.5 ? BLACK : WHITE);
    const asked = this.#asked(ground);
    const refused = [];
    let paper = parse(usual()[ground].paper);
    if (known && suits(behind, ground)) paper = behind;
    if (asked.paper) {
      const given = over(asked.paper, paper);
      const other = wanted ?? groundOf(given);
      if (suits(given, other)) [paper, ground] = [given, other];
      else refused.push('paper');
    }
    const { [ground]: inks } = usual();
    const colours = /** @type {Record<string, string>} */ ({ paper: css(paper) });
    for (const [name, least] of Object.entries(LEAST)) {
      const given = asked[name] && over(asked[name], paper);
      const choice = [given, inks[name], inks.ink].map((each) => each && css(each));
      colours[name] = choice.find((each) => each && contrast(parse(each), paper) >= least);
      if (given && colours[name] !== choice[0]) refused.push(name);
    }
    // Underlays of words are made for the usual ink, and what is stronger.
    colours.word =
      contrast(parse(colours.ink), paper) < contrast(parse(inks.ink), paper)
        ? inks.ink
        : colours.ink;
    const painted = !known || paper !== behind;
    return { ground, paper, painted, sheet: dyed(ground, colours, painted), refused };
  }

  /**
   * The colours that the host has set.
   * @param {Ground} ground
   * @returns {Record<string, Colour | undefined>}
   */
  #asked(ground) {
    if (forced.matches) return {};
    this.#scratch.style.setProperty('color-scheme', ground);
    const look = getComputedStyle(this.#scratch);
    const asked = {
      paper: look.backgroundColor,
      ink: look.borderTopColor,
      soft: look.borderRightColor,
      line: look.borderBottomColor,
      accent: look.borderLeftColor,
    };
    return Object.fromEntries(
      Object.entries(asked)
        .map(([name, text]) => [name, this.#colour(text)])
        .filter(([, colour]) => colour[3]),
    );
  }

  /**
   * The colour behind an element; null if none is sure.
   * @param {Element} element
   * @returns {Colour | null}
   */
  #behind(element) {
    const layers = [];
    for (let at = /** @type {any} */ (element); at; at = above(at)) {
      if (at !== element) {
        this.#around.observe(at, { attributes: true });
        // One of ours.
        if (at.ink) return layers.reduceRight((below, each) => over(each, below), at.ink.paper);
      }
      const look = getComputedStyle(at);
      if (look.display === 'contents') continue;
      if (look.backgroundImage !== 'none') return null;
      const colour = this.#colour(look.backgroundColor);
      // Its own paper, from before.
      if (at === element && at.ink?.painted && css(colour) === css(at.ink.paper)) continue;
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    if (layers.at(-1)?.[3] !== 1) {
      // Through a frame without a colour another page may be seen.
      if (self !== top) return null;
      this.#scratch.style.setProperty(
        'color-scheme',
        getComputedStyle(document.documentElement).colorScheme,
      );
      layers.push(this.#convert('Canvas'));
    }
    return layers.reduceRight((below, each) => over(each, below));
  }

  /**
   * @param {string} text as a computed style has it, in any space
   * @returns {Colour}
   */
  #colour(text) {
    return text.startsWith('rgb')
      ? parse(text)
      : this.#convert(`color-mix(in srgb, ${text}, ${text})`);
  }

  /** @param {string} text */
  #convert(text) {
    this.#scratch.style.setProperty('caret-color', text);
    return parse(getComputedStyle(this.#scratch).caretColor);
  }
}

/** @param {Colour | string} colour */
const css = (colour) =>
  typeof colour === 'string'
    ? colour
    : `#${colour
        .slice(0, 3)
        .map((each) =>
          Math.round(each * 255)
            .toString(16)
            .padStart(2, '0'),
        )
        .join('')}`;

/**
 * @param {Ground} ground
 * @param {Record<string, string>} colours
 */
const rules = (ground, colours) => `
:host > :where(:not(slot, .probe)) { color-scheme: ${ground}; ${Object.entries(colours)
  .map(([name, colour]) => `--${name}: ${colour};`)
  .join('')} }
* { --tint: var(--${ground[0]}); }`;

/** @type {Map<string, CSSStyleSheet>} */
const sheets = new Map();

/**
 * The style sheet of these colours; on paper it is dark ink on white.
 * @param {Ground} ground
 * @param {Record<string, string>} colours
 * @param {boolean} painted whether the paper is the element's own
 */
function dyed(ground, colours, painted) {
  if (forced.matches)
    Object.assign(colours, {
      ink: 'CanvasText',
      soft: 'CanvasText',
      line: 'CanvasText',
      accent: 'Highlight',
      paper: 'Canvas',
    });
  const { light } = usual();
  const text = `${rules(ground, colours)}
${painted ? `:host { background: ${colours.paper} !important; transition: none !important; padding: .75em; border-radius: .5em; }` : ''}
@media print { ${rules('light', { ...light, paper: '#fff', word: light.ink })}
:host { background: #fff !important; print-color-adjust: exact; } }`;
  if (!sheets.has(text)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  return sheets.get(text);
}
