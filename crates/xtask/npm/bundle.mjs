// Bundles the custom elements: node bundle.mjs MODULES OUT
// embed.js is all that a curve or a triangle needs. What comes later has its own files, which take what they share with the
// charts from embed.js.
import { fileURLToPath } from 'node:url';

import { rollup } from 'rollup';
import { minify } from 'terser';

const [modules, out] = process.argv.slice(2);
const small = {
  name: 'small',
  renderChunk: (code) =>
    minify(code, {
      module: true,
      ecma: 2022,
      // Licences stay.
      format: { comments: /licen[cs]e/i },
      // Nothing here constructs an object by what is no class.
      compress: { passes: 2, unsafe_arrows: true, unsafe_methods: true },
    }),
};

/**
 * Of the maths' glue what isn't used is left out: it would load the wasm in many ways, of which maths.js has one, and
 * encode texts in two, of which one needs no `realloc`. What only that one calls falls away with it.
 */
const glue = {
  name: 'glue',
  transform(code, id) {
    if (!id.endsWith('embed.bindings.js')) return null;
    const [ends, parts] = [
      'export { initSync, __wbg_init as default };',
      /, wasm\.__wbindgen_realloc\)/g,
    ];
    if (!code.includes(ends) || !parts.test(code))
      throw new Error('wasm-bindgen writes its glue otherwise: see bundle.mjs');
    const own = 'export { __wbg_get_imports as imports, __wbg_finalize_init as start };';
    return { code: code.replace(ends, own).replace(parts, ')'), map: null };
  },
};

/** Style sheets, which are templates of several lines, without the blanks that they don't need. */
const styles = {
  name: 'styles',
  transform(code, id) {
    if (!code.includes('replaceSync(`') && !id.endsWith('room.js')) return null;
    const narrow = (css) =>
      css
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};,]) ?/g, '$1')
        .replace(/: (?=[^{}]*[;}])/g, ':')
        .replaceAll(';}', '}');
    return { code: code.replace(/(?<=[`}])\n[^`$]*\n(?=`)/g, narrow), map: null };
  },
};

/** In `later((_again) => import(…))` each attempt has its own address. */
const retry = {
  name: 'retry',
  renderDynamicImport: () => ({ left: 'import(', right: ' + _again)' }),
};
/** Packages from npm are found beside this file. */
const packages = {
  name: 'packages',
  resolveId: (id, importer) =>
    importer && /^\w/.test(id) ? fileURLToPath(import.meta.resolve(id)) : null,
};
const bundle = await rollup({
  input: ['embed', 'text', 'frame'].map((name) => `${modules}/${name}.js`),
  // What others need of an entry is exported there, instead of moving to a file of its own.
  preserveEntrySignatures: 'allow-extension',
  plugins: [packages, glue, styles, retry, small],
  onwarn({ message }) {
    throw new Error(message);
  },
});
await bundle.write({
  dir: out,
  format: 'es',
  // What the plane and text share: no file of its own for so little.
  manualChunks: { embed: ['embed', 'hand'].map((name) => `${modules}/${name}.js`) },
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash:16].js',
  hashCharacters: 'hex',
  // The files' own names, not letters in their order: copies of two builds may meet in a cache.
  minifyInternalExports: false,
});
