// @ts-check
// What a repository of Hugging Face has, by its own list.

const HUB = 'https://huggingface.co';
/** A page's memory ends at 4 GiB; weights take what they take in the file, and the text comes beside them. */
const MOST_BYTES = 3.9e9;
const NAME = /^(?=.*[a-z0-9])[\w.-]+$/i;

/**
 * @typedef {{ name: string, revision: string }} Repository
 * @typedef {object} Entry a model as `models/manifest.json` lists it
 * @property {string} name
 * @property {string} file
 * @property {number} bytes
 * @property {string} sha256
 * @property {string} licence
 * @property {boolean} tried
 * @property {string[]} urls
 * @typedef {{ model: Entry, problem: string | null }} File `problem`: why it can't be run, as far as its name and length say
 */

/**
 * `owner/name`, or an address of a page or a file of it.
 * @param {string} text
 * @returns {Repository | null}
 */
export function repository(text) {
  const place = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/^((www\.)?huggingface\.co|hf\.co)\//i, '')
    .replace(/[?#].*$/, '');
  const [owner, name, part, revision = 'main'] = place.split('/').filter(Boolean);
  if (part && !['tree', 'blob', 'resolve'].includes(part)) return null;
  if (![owner, name, revision].every((word) => NAME.test(word ?? ''))) return null;
  return { name: `${owner}/${name}`, revision };
}

/**
 * Address of its list.
 * @param {Repository} repository
 */
export const listAt = ({ name, revision }) =>
  `${HUB}/api/models/${name}${revision === 'main' ? '' : `/revision/${revision}`}?blobs=true`;

/** Why a file can't be run, if its name says so. */
const BY_NAME = /** @type {[RegExp, string][]} */ ([
  [/mmproj/i, 'reads pictures for another model, and is none by itself'],
  [/imatrix/i, 'numbers for making models, and none by itself'],
  [/-\d{5}-of-\d{5}$/i, 'one part of several; download all and open them together'],
  [
    /IQ[123]_|[-.]Q1_0|NVFP4|Q4_0_[48]_|IQ4_NL_[48]/i,
    'has weights of a type that the engine does not read',
  ],
]);

/**
 * @param {string} stem
 * @param {number} bytes
 * @param {string} sha256
 * @param {boolean} gated
 */
function problemOf(stem, bytes, sha256, gated) {
  if (gated) return 'its makers ask for a login; download it there and open the file';
  if (!/^[0-9a-f]{64}$/.test(sha256) || !(bytes > 0)) return 'the list lacks its length or SHA-256';
  const [, why] = BY_NAME.find(([pattern]) => pattern.test(stem)) ?? [];
  if (why) return why;
  return bytes > MOST_BYTES ? 'too large for a web page, which has 4 GB of memory' : null;
}

/**
 * The GGUF files of a list.
 * @param {Repository} repository
 * @param {any} list as it came
 * @returns {File[]}
 * @throws {Error} in words, where there are none
 */
export function filesOf({ name, revision }, list) {
  if (!Array.isArray(list?.siblings))
    throw new Error('Hugging Face’s answer could not be read. Try again later.');
  const licence = list.cardData?.license;
  const files = list.siblings.flatMap((/** @type {any} */ it) => {
    const [, , stem] = /^(.*\/)?([^/]+)\.gguf$/i.exec(it?.rfilename ?? '') ?? [];
    if (!stem) return [];
    const bytes = Number(it.lfs?.size ?? it.size ?? 0);
    const sha256 = String(it.lfs?.sha256 ?? '').toLowerCase();
    const path = it.rfilename.split('/').map(encodeURIComponent).join('/');
    return {
      model: {
        name: stem,
        file: it.rfilename,
        bytes,
        sha256,
        licence: typeof licence === 'string' ? licence : 'licence not said',
        tried: false,
        urls: [`${HUB}/${name}/resolve/${revision}/${path}`],
      },
      // `false`, or how one is let in.
      problem: problemOf(stem, bytes, sha256, typeof list.gated === 'string'),
    };
  });
  if (files.length === 0)
    throw new Error(
      `${name} has no GGUF files. Models in this format are often in a repository of their own, whose name ends in GGUF.`,
    );
  return files;
}

/**
 * Why there is no list, in words.
 * @param {number} status
 * @param {string} name
 */
export function refusal(status, name) {
  if ([401, 403, 404].includes(status))
    return `Hugging Face shows nobody a repository ${name}. Check the name; private ones can’t be read from here.`;
  if (status === 429)
    return 'Hugging Face takes no more questions from here for now. Try again in some minutes.';
  return `Hugging Face answered with status ${status}. Try again later.`;
}

/**
 * As the rest of the page writes it.
 * @param {number} bytes
 */
export const megabytes = (bytes) =>
  bytes >= 999_500_000 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
