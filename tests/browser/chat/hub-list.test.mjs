// What a repository's list says, as Hugging Face writes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filesOf, listAt, megabytes, refusal, repository } from '../../../www/hub/list.js';
import { about, tokensPerSecond } from '../../../www/hub/speed.js';

const SHA = '0f'.repeat(32);
const HERE = { name: 'Qwen/Some-GGUF', revision: 'main' };

test('a repository is named in many ways', () => {
  for (const text of [
    'Qwen/Some-GGUF',
    ' Qwen/Some-GGUF/ ',
    'https://huggingface.co/Qwen/Some-GGUF',
    'HTTP://www.HuggingFace.co/Qwen/Some-GGUF?library=gguf#files',
    'hf.co/Qwen/Some-GGUF/tree/main',
    'https://huggingface.co/Qwen/Some-GGUF/blob/main/some-q4.gguf',
    'https://huggingface.co/Qwen/Some-GGUF/resolve/main/a/some-q4.gguf?download=true',
  ])
    assert.deepEqual(repository(text), HERE, text);
  assert.equal(listAt(HERE), 'https://huggingface.co/api/models/Qwen/Some-GGUF?blobs=true');
  assert.equal(
    listAt(repository('a/b/tree/v1.0')),
    'https://huggingface.co/api/models/a/b/revision/v1.0?blobs=true',
  );
  for (const text of [
    '',
    'Qwen',
    'a b/c',
    'a/..',
    'a/b/discussions',
    'https://example.com/',
    'https://huggingface.co/a',
    'ü/b',
    'a/b/tree/%2e',
    'a/b/tree/..',
  ])
    assert.equal(repository(text), null, text);
});

test('its models have all that a download needs', () => {
  const files = filesOf(HERE, {
    gated: false,
    cardData: { license: 'mit' },
    siblings: [
      { rfilename: 'README.md', size: 1 },
      { rfilename: 'sub/so me-Q4_K_M.gguf', size: 7, lfs: { sha256: SHA, size: 5e6 } },
      { rfilename: 'é#?.GGUF', size: 3e6, lfs: { sha256: SHA.toUpperCase() } },
      { rfilename: 'no-hash.gguf', size: 7 },
      { rfilename: '.gguf' },
      { size: 7 },
      null,
      7,
    ],
  });
  assert.deepEqual(files[0], {
    model: {
      name: 'so me-Q4_K_M',
      file: 'sub/so me-Q4_K_M.gguf',
      bytes: 5e6,
      sha256: SHA,
      licence: 'mit',
      tried: false,
      urls: ['https://huggingface.co/Qwen/Some-GGUF/resolve/main/sub/so%20me-Q4_K_M.gguf'],
    },
    problem: null,
  });
  assert.match(files[1].model.urls[0], /\/%C3%A9%23%3F\.GGUF$/);
  assert.deepEqual([files[1].model.bytes, files[1].model.sha256], [3e6, SHA]);
  assert.match(files[2].problem, /lacks its length or SHA-256/);
  assert.equal(files.length, 3);
});

test('what can’t run says why', () => {
  const problem = (name, size = 1e9, gated = false) =>
    filesOf(HERE, {
      gated,
      siblings: [{ rfilename: `${name}.gguf`, lfs: { sha256: SHA, size } }],
    })[0].problem;
  for (const name of ['m-Q4_K_M', 'm.Q8_0', 'm-IQ4_XS', 'm-IQ4_NL', 'm-f16', 'm-of-2', 'm-TQ1_0'])
    assert.equal(problem(name), null, name);
  for (const [name, word] of /** @type {[string, RegExp][]} */ ([
    ['mmproj-m-f16', /pictures/],
    ['m.imatrix', /numbers/],
    ['m-Q8_0-00001-of-00003', /one part/],
    ['m-IQ3_M', /type/],
    ['m-UD-iq2_xxs', /type/],
    ['m-Q4_0_4_4', /type/],
    ['m-Q1_0', /type/],
  ]))
    assert.match(problem(name), word, name);
  assert.match(problem('m', 4e9), /too large/);
  assert.match(problem('m', 0), /lacks its length/);
  assert.match(problem('m', 1e9, /** @type {any} */ ('manual')), /login/);
});

test('what is no list is said', () => {
  for (const list of [null, 7, [], {}, { siblings: 7 }])
    assert.throws(() => filesOf(HERE, list), /could not be read/);
  assert.throws(() => filesOf(HERE, { siblings: [{ rfilename: 'a.bin' }] }), /has no GGUF files/);
  for (const [status, words] of /** @type {[number, RegExp][]} */ ([
    [401, /a\/b/],
    [404, /a\/b/],
    [429, /minutes/],
    [503, /503/],
  ]))
    assert.match(refusal(status, 'a/b'), words);
  assert.deepEqual([megabytes(98362432), megabytes(1055609824)], ['98.4 MB', '1.06 GB']);
});

test('a token takes all bytes of its file, at the rate of their type, and its own numbers', () => {
  const found = { Q4_K: 5e9, Q8_0: 10e9, decision: 2 };
  const speed = (file, bytes) => tokensPerSecond(found, file, bytes);
  // 200 ms of bytes and 2 ms.
  assert.ok(Math.abs(speed('qwen2.5-1.5b-instruct-q4_k_m.gguf', 1e9) - 1000 / 202) < 1e-9);
  assert.ok(Math.abs(speed('Some-Q8_0.gguf', 1e9) - 1000 / 102) < 1e-9);
  // What a type that was not measured would take is not known, nor what a name does not say.
  for (const file of ['a-Q5_1.gguf', 'a-f16.gguf', 'model.gguf', 'Q4.gguf', ''])
    assert.equal(speed(file, 1e9), undefined, file);
  for (const [rate, words] of /** @type {[number, string][]} */ ([
    [0.2, 'about 1 token/s on this device'],
    [4.4, 'about 4 tokens/s on this device'],
    [63, 'about 65 tokens/s on this device'],
  ]))
    assert.equal(about(rate), words);
});
