// The apps of tests/host/frameworks, bundled; the component `readme` in them is the README's.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';

import { documented } from './host.mjs';

const folder = fileURLToPath(new URL('../../host/frameworks', import.meta.url));

/** Name → language of the README's block, a part of it, ending of the app's files. */
const FRAMEWORKS = {
  react18: ['jsx', 'useRef', 'jsx'],
  react19: ['jsx', 'onchange', 'jsx'],
  vue3: ['vue', 'defineProps', 'js'],
  svelte5: ['svelte', '$props', 'js'],
};
export const names = /** @type {(keyof typeof FRAMEWORKS)[]} */ (Object.keys(FRAMEWORKS));

/** What the README tells Vue's compiler. */
const { compilerOptions } = new Function('vue', `return ${documented('js', 'isCustomElement')}`)(
  ({ template }) => template,
);

/** @type {Record<string, (text: string, server: boolean) => string>} */
const COMPILERS = {
  vue: (text, ssr) => {
    const { descriptor } = parse(text, { templateParseOptions: compilerOptions });
    const templateOptions = { ssr, ssrCssVars: [], compilerOptions };
    return compileScript(descriptor, { id: 'app', inlineTemplate: true, templateOptions }).content;
  },
  svelte: (text, server) => compile(text, { generate: server ? 'server' : 'client' }).js.code,
};

/**
 * @param {keyof typeof FRAMEWORKS} name
 * @param {string} entry a module beside the app's
 * @param {{ server?: boolean, packages?: string[] }} options folders of more packages
 */
async function bundle(name, entry, { server = false, packages = [] }) {
  const [language, part] = FRAMEWORKS[name];
  const resolveDir = `${folder}/${name}`;
  const load = (text) => ({
    contents: COMPILERS[language]?.(text, server) ?? text,
    loader: /** @type {import('esbuild').Loader} */ (language === 'jsx' ? 'jsx' : 'js'),
    resolveDir,
  });
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir },
    bundle: true,
    write: false,
    nodePaths: packages,
    format: 'esm',
    jsx: 'automatic',
    platform: server ? 'node' : 'browser',
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    plugins: [
      {
        name,
        setup: (build) => {
          build.onResolve({ filter: /^readme$/ }, () => ({ path: 'readme', namespace: 'readme' }));
          build.onLoad({ filter: /./, namespace: 'readme' }, () =>
            load(documented(language, part)),
          );
          build.onLoad({ filter: /\.(vue|svelte)$/ }, ({ path }) =>
            load(readFileSync(path, 'utf8')),
          );
        },
      },
    ],
  });
  return outputFiles[0].text;
}

/**
 * The script of a page. The app goes into `#app`, with the data there, and tells `window.app`.
 * @param {keyof typeof FRAMEWORKS} name
 * @param {string[]} [packages] a folder of packages, of which the elements are one
 */
export const script = (name, packages) =>
  bundle(
    name,
    `${packages ? "import 'entropix-elements';" : ''}
    import { start } from './app.${FRAMEWORKS[name][2]}';
    const root = document.querySelector('#app');
    const heard = { moves: [], changes: 0, failures: [] };
    heard.moved = (detail) => heard.moves.push(detail);
    heard.onChange = () => heard.changes++;
    heard.failed = (error) => heard.failures.push(String(error));
    window.app = heard;
    start(root, JSON.parse(root.dataset.first), heard, root.hasChildNodes());`,
    { packages },
  );

/**
 * The app as HTML, from a process of its own: what React starts there does not end.
 * @param {keyof typeof FRAMEWORKS} name
 * @param {object} first
 */
export async function rendered(name, first) {
  const input = await bundle(
    name,
    `import { render } from './server.${FRAMEWORKS[name][2]}';
    process.stdout.write(await render(${JSON.stringify(first)}), () => process.exit());`,
    { server: true },
  );
  return execFileSync(process.execPath, ['--input-type=module'], { input, encoding: 'utf8' });
}
