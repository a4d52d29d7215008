// The npm package of the elements, installed from its tarball as people do: its types, its list of elements, and an app
// that imports it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { script } from '../support/frameworks.mjs';

const tests = fileURLToPath(new URL('../../', import.meta.url));
const tsc = join(tests, 'node_modules/.bin/tsc');

describe('the npm package', () => {
  const here = atHost();
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  const installed = join(folder, 'node_modules/entropix-elements');
  /** Runs a program in the folder of the app; fails with what it says. */
  const run = (program, ...options) => {
    try {
      execFileSync(program, options, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = /** @type {any} */ (error);
      assert.fail(`${stdout}${stderr}`);
    }
  };

  before(() => {
    const { ENTROPIX_PACKAGE } = process.env;
    assert.ok(
      ENTROPIX_PACKAGE,
      'cargo xtask package makes the tarball that ENTROPIX_PACKAGE names',
    );
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const quiet = ['--offline', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', 'install', ...quiet, ENTROPIX_PACKAGE);
  });
  after(() => rmSync(folder, { recursive: true }));

  test('has types of its own that are whole', () => {
    cpSync(join(tests, 'host/frameworks/types/plain.ts'), join(folder, 'plain.ts'));
    const options = '--strict --noEmit --target esnext --module esnext --moduleResolution bundler';
    run(tsc, ...options.split(' '), '--types', '', 'plain.ts');
  });

  for (const react of ['react18', 'react19'])
    test(`has types for TypeScript, ${react}, Vue and Svelte`, () => {
      cpSync(join(tests, 'host/frameworks/types'), folder, { recursive: true });
      const own = join(tests, 'host/frameworks', react, 'node_modules');
      const paths = (name) => [`${own}/${name}`, `${tests}node_modules/${name}`];
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: 'esnext',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['esnext', 'dom', 'dom.iterable'],
        types: [],
        jsx: 'react-jsx',
        // Those of the frameworks are not ours.
        skipLibCheck: true,
        paths: {
          react: paths('@types/react'),
          'react/*': paths('@types/react/*'),
          'entropix-elements': ['./node_modules/entropix-elements'],
          'entropix-elements/*': ['./node_modules/entropix-elements/*'],
          '*': paths('*'),
        },
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      run(tsc, '-p', 'tsconfig.json');
    });

  test('does nothing on a server', () =>
    run('node', '--input-type=module', '--eval', "await import('entropix-elements')"));

  test('works in an app, and says what its elements have', async () => {
    const code = await script('react19', [join(folder, 'node_modules')]);
    here.host.publish('app.js', code);
    const props = {
      p: [0.5, 0.3, 0.2],
      labels: ['a', 'b', 'c'],
      points: [],
      sampler: { kind: 'promised' },
      trace: `${here.url}traces/sky-b.json`,
    };
    const data = JSON.stringify(props).replaceAll('"', '&quot;');
    // A bundler puts it beside the script.
    here.host.publish('embed_bg.wasm', readFileSync(join(installed, 'embed_bg.wasm')));
    const visitor = await here.embed(`<div id="app" data-first="${data}"></div>`, {
      page: {
        head: '<script type="module" src="app.js"></script>',
        policy: `script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${here.url}`,
      },
    });
    const { page } = visitor;
    await started(page, '#app main > *');
    const [{ declarations }] = JSON.parse(
      readFileSync(join(installed, 'custom-elements.json'), 'utf8'),
    ).modules;
    const members = readFileSync(join(installed, 'members.d.ts'), 'utf8');
    const expected = declarations.map(({ tagName, attributes, members: fields }) => {
      const [, own = ''] =
        members.match(new RegExp(`  '${tagName}': \\{\n(.*?)\n  \\};`, 's')) ?? [];
      const names = Array.from(
        own.matchAll(/^ {4}(?:set |get |readonly )?(\w+)[(:]/gm),
        ([, name]) => name,
      );
      return {
        tag: tagName,
        attributes: attributes.map(({ name }) => name),
        properties: [...fields.map(({ name }) => name), ...names],
      };
    });
    assert.equal(expected.length, 9);
    // What the app has none of comes when it is seen.
    await page.evaluate(
      async (tags) => {
        for (const tag of tags) {
          const one = document.createElement(tag);
          document.body.append(one);
          one.remove();
          await customElements.whenDefined(tag);
        }
      },
      expected.map(({ tag }) => tag),
    );
    const missing = await page.evaluate(
      (expected) =>
        expected.flatMap(({ tag, attributes, properties }) => {
          const { observedAttributes } = /** @type {any} */ (customElements.get(tag));
          const element = document.createElement(tag);
          return [
            ...properties.filter((name) => !(name in element)),
            ...attributes.filter((name) => !observedAttributes.includes(name)),
            ...observedAttributes.filter((name) => !attributes.includes(name)),
          ].map((name) => `${tag} ${name}`);
        }),
      expected,
    );
    assert.deepEqual(missing, []);
    await done(visitor);
  });
});
