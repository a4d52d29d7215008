// What pages that are read say: their numbers, and those that nobody answers for.

import assert from 'node:assert/strict';

import { check } from './facts.mjs';

/** Every `<data>`: its fact, its value, and how it is printed. */
const factsOf = (page) =>
  page.locator('data').evaluateAll((elements) =>
    elements.map((element) => ({
      name: element.dataset.fact ?? 'no data-fact',
      value: element.getAttribute('value'),
      text: element.textContent,
    })),
  );

/** What is wrong with the numbers that stand in facts, of which there are more than `least`. */
export async function wrongFacts(page, least) {
  const all = await factsOf(page);
  assert.ok(all.length > least);
  return all.flatMap((one) => {
    try {
      check(one);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
}

/** Numbers that stand in the text and in no fact. */
export const looseNumbers = (page) =>
  page.evaluate(() => {
    const without = (selector) => {
      const copy = /** @type {HTMLElement} */ (document.body.cloneNode(true));
      for (const element of copy.querySelectorAll(selector)) element.replaceWith(' … ');
      return copy.textContent;
    };
    // A number with a unit nowhere but in facts and in what others said; other digits also in
    // formulas, names, dates and addresses.
    const unit =
      /[^\n]{0,40}\d[\d.,]*\s*(bits?|nats?|%|per ?cent|points?|tokens?|outcomes?|words?|times)\b[^\n]{0,20}/g;
    const spoken = 'data, q, blockquote';
    const names = ', .math, .model, time, code, a[href^="https:"]';
    const attributes = [
      ...document.querySelectorAll('[alt], [title], [aria-label], meta[name=description]'),
    ]
      .flatMap((element) =>
        ['alt', 'title', 'aria-label', 'content'].map((name) => element.getAttribute(name) ?? ''),
      )
      .filter((text) => /\d/.test(text));
    return [
      ...(without(spoken).match(unit) ?? []),
      ...(without(spoken).match(/[^\n]{0,40}\d\s*%[^\n]{0,20}/g) ?? []),
      ...(without(spoken + names).match(/[^\n]{0,40}\d[^\n]{0,20}/g) ?? []),
      ...attributes,
    ];
  });
