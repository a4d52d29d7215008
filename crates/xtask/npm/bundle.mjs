// Bundles the custom elements: node bundle.mjs MODULES OUT
// embed.js is all that a chart needs. What comes later has its own files, which take what they share with the
// charts from embed.js.
import { transform } from 'esbuild';
import { rollup } from 'rollup';

const [modules, out] = process.argv.slice(2);
const minify = {
  name: 'minify',
  renderChunk: (code) => transform(code, { minify: true, format: 'esm', charset: 'utf8' }),
};
/** In `later((_again) => import(…))` each attempt has its own address. */
const retry = {
  name: 'retry',
  renderDynamicImport: () => ({ left: 'import(', right: ' + _again)' }),
};
const bundle = await rollup({
  input: ['embed', 'text', 'frame'].map((name) => `${modules}/${name}.js`),
  // What others need of an entry is exported there, instead of moving to a file of its own.
  preserveEntrySignatures: 'allow-extension',
  plugins: [retry, minify],
  onwarn({ message }) {
    throw new Error(message);
  },
});
await bundle.write({
  dir: out,
  format: 'es',
  manualChunks: { embed: [`${modules}/embed.js`] },
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash:16].js',
  hashCharacters: 'hex',
  // The files' own names, not letters in their order: copies of two builds may meet in a cache.
  minifyInternalExports: false,
});
