// Tokens, rules and numbers in words.

/** What the sampler did, in the order of the legend. */
export const RULES = {
  argmax: 'argmax: took the most probable token',
  insert: 'insert: high H, low V; put in a pause, once (as promised: a phrase)',
  branch:
    'branch: low H, high V; drew one token a little hotter (as promised: tried several paths)',
  resample: 'resample: high H, high V; drew one token much hotter (as promised: went back)',
  adaptive: 'adaptive: temperature follows H and V',
  plain: 'plain draw',
};
const QUADRANTS = {
  LELV: 'argmax',
  HELV: 'insert',
  LEHV: 'branch',
  HEHV: 'resample',
  ADAPTIVE: 'adaptive',
};

export const rule = ({ action, quadrant }) =>
  QUADRANTS[action === 'insert' || action === 'resample' ? '' : quadrant] ??
  (action in RULES ? action : 'plain');

/** A token by itself, with its spaces and line ends made visible. */
export const visible = (label) =>
  label.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(' ', '␣') || '∅';

/** Blanks before the word, the word, line ends after it. Blanks without a line end are a word. */
export function parts(text) {
  if (text.trim()) return text.match(/^(\s*)(.*?)(\n*)$/s).slice(1);
  return text.includes('\n') ? ['', '', text] : ['', text, ''];
}

/** A token for a screen reader. */
export function spoken({ label, decision }) {
  const { entropy_bits: h, varentropy_bits2: v } = decision.uncertainty;
  const word = label.trim() || (label.includes('\n') ? 'line break' : 'space');
  return `${word}, entropy ${h.toFixed(1)} bits, varentropy ${v.toFixed(1)} bits², ${RULES[rule(decision)]}`;
}

export const thousands = (n) => n.toLocaleString('en');

export const quantity = (x) => x.toFixed(x && x < 0.1 ? 3 : 2);

/** `87.3 %`, `0.42 %`, `< 0.01 %` */
export function percent(p) {
  const c = p * 100;
  if (c >= 99.995 && c < 100) return '> 99.99 %';
  if (c > 0 && c < 0.01) return '< 0.01 %';
  return c > 0 ? `${c.toFixed(c < 9.95 ? 2 : 1)} %` : '0 %';
}
