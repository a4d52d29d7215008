// What a browser printed: Firefox tells about its paper only in the file itself.
import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';

/**
 * @typedef {object} Paper
 * @property {string} text all of it, without blanks: some files have none
 * @property {{ text: string, color: number[] }[]} runs what is written in one colour after the other, 0 to 255 each
 * @property {number} images
 */

/**
 * @param {Uint8Array} bytes of a PDF
 * @returns {Promise<Paper>}
 */
export async function printed(bytes) {
  const { OPS } = await getResolvedPDFJS();
  const paper = await getDocumentProxy(new Uint8Array(bytes));
  const runs = /** @type {Paper['runs']} */ ([]);
  let images = 0;
  for (let number = 1; number <= paper.numPages; number += 1) {
    const { fnArray, argsArray } = await (await paper.getPage(number)).getOperatorList();
    let color = [0, 0, 0];
    const kept = /** @type {number[][]} */ ([]);
    for (const [i, what] of fnArray.entries()) {
      if (what === OPS.save) kept.push(color);
      else if (what === OPS.restore) color = kept.pop() ?? color;
      else if (what === OPS.setFillRGBColor) color = [...argsArray[i]];
      else if (what === OPS.paintImageXObject) images += 1;
      else if (what === OPS.showText) {
        const text = argsArray[i][0].map(({ unicode = '' }) => unicode).join('');
        const last = runs.at(-1);
        if (last && String(last.color) === String(color)) last.text += text;
        else runs.push({ text, color });
      }
    }
  }
  const text = runs.map((run) => run.text).join('');
  return { text: text.replace(/\s/g, ''), runs, images };
}
