// Writes what the npm package says of the elements into a folder: package.json, custom-elements.json and index.d.ts, from
// their own `options` and from the tables of the README.
//
//   node describe.mjs FOLDER VERSION LICENCE
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [folder, version, license] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const readme = readFileSync(join(here, '../README.md'), 'utf8');

/** Whatever is asked of it: it is there, and nothing happens. */
const nothing = new Proxy(class {}, {
  get(target, key) {
    if (key === Symbol.iterator) return () => [].values();
    return key in target || typeof key === 'symbol' ? target[key] : nothing;
  },
  apply: () => nothing,
  construct: () => nothing,
});

/** The classes by name: the scripts run with readers that say what they read, and as in a browser where nothing happens. */
async function elements() {
  const found = new Map();
  const customElements = { get() {}, define: (name, element) => found.set(name, element) };
  const node = Object.getPrototypeOf(globalThis);
  const browser = new Proxy(node, {
    has: () => true,
    get: (_, key) => (key === 'customElements' ? customElements : (node[key] ?? nothing)),
  });
  const scripts = mkdtempSync(join(tmpdir(), 'elements-'));
  try {
    cpSync(join(here, '../js'), scripts, { recursive: true });
    cpSync(join(here, 'attributes.js'), join(scripts, 'attributes.js'));
    writeFileSync(
      join(scripts, 'embed.bindings.js'),
      'export default async (from) => await from.module_or_path;',
    );
    writeFileSync(join(scripts, 'package.json'), '{ "type": "module" }');
    Object.setPrototypeOf(globalThis, browser);
    for (const file of ['embed.js', 'plane.js', 'text.js', 'results.js'])
      await import(pathToFileURL(join(scripts, file)).href);
  } finally {
    Object.setPrototypeOf(globalThis, node);
    rmSync(scripts, { recursive: true });
  }
  return found;
}

/** Rows of the README's tables, as cells without their marks. */
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));

/** What the README says of an element. */
function purpose(name) {
  const row = rows.find(([first]) => first === `\`<${name}>\``);
  if (!row) throw new Error(`the README has no row for <${name}>`);
  return row[1];
}

/** What the README says of an attribute on an element. */
function meaning(name, attribute, isChart) {
  const short = name.split('-')[1];
  const row = rows.find(
    ([attributes, on]) =>
      attributes.split(', ').includes(`\`${attribute}\``) &&
      on
        .split(', ')
        .some((one) => one === (isChart ? 'all charts' : short) || one === 'all' || one === short),
  );
  if (!row) throw new Error(`the README has no row for ${attribute} of <${name}>`);
  return row[2];
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const title = (name) => camel(`-${name}`);

/** `rules` has a reader of its own, beside those of attributes.js. */
const OWN = { type: 'Sampler | number[]', written: 'string' };

const described = [...(await elements())].map(([name, element]) => ({
  name,
  purpose: purpose(name),
  options: Object.entries(element.options).map(([attribute, [reader, usual]]) => ({
    attribute,
    property: camel(attribute),
    text: meaning(name, attribute, Boolean(element.chart)),
    usual,
    ...(typeof reader === 'function' ? OWN : reader),
  })),
}));

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const events = ['input', 'change'].map((name) => ({
  name,
  type: { text: 'CustomEvent<Detail>' },
  description:
    name === 'input' ? 'A person is moving something.' : 'A person has moved or chosen something.',
}));

writeFileSync(
  join(folder, 'custom-elements.json'),
  json({
    schemaVersion: '1.0.0',
    modules: [
      {
        kind: 'javascript-module',
        path: 'embed.js',
        declarations: described.map(({ name, purpose, options }) => ({
          kind: 'class',
          customElement: true,
          tagName: name,
          name: title(name),
          description: purpose,
          attributes: options.map(({ attribute, property, type, text, usual }) => ({
            name: attribute,
            fieldName: property,
            type: { text: type },
            description: text,
            default: usual === null ? undefined : JSON.stringify(usual),
          })),
          members: options.map(({ attribute, property, type, text }) => ({
            kind: 'field',
            name: property,
            attribute,
            type: { text: type },
            description: text,
          })),
          events,
        })),
        exports: described.map(({ name }) => ({
          kind: 'custom-element-definition',
          name,
          declaration: { name: title(name), module: 'embed.js' },
        })),
      },
    ],
  }),
);

const key = (name) => (name.includes('-') ? `'${name}'` : name);
const interfaces = described.map(
  ({ name, purpose, options }) => `
/** ${purpose} */
export interface ${title(name)} extends Base<'${name}'> {
${options
  .map(
    ({ property, text, type, written, usual }) => `  /** ${text} */
  get ${property}(): ${type}${usual === null ? ' | null' : ''};
  set ${property}(value: ${type} | ${written} | false | null | undefined);`,
  )
  .join('\n')}
}`,
);
const attributes = described.map(
  ({ name, options }) => `  '${name}': {
${options
  .map(
    ({ attribute, text, type, written }) => `    /** ${text} */
    ${key(attribute)}?: ${type} | ${written} | null;`,
  )
  .join('\n')}
  };`,
);
const all = (value) => described.map(({ name }) => `    '${name}': ${value(name)};`).join('\n');
writeFileSync(
  join(folder, 'index.d.ts'),
  `// Written by describe.mjs from the elements' own options.
import type { Members } from './members.js';
import type { Detail, Entry, Evaluation, Recording, Sampler } from './types.js';

export type { Detail, Entry, Evaluation, Recording, Sampler };
/** A \`change\` or \`input\` of an element. */
export type Heard = CustomEvent<Detail>;
type Base<N extends keyof Members> = HTMLElement & Members[N];
${interfaces.join('\n')}

/** The attributes, as frameworks write them. */
export interface Attributes {
${attributes.join('\n')}
}

declare global {
  interface HTMLElementTagNameMap {
${all(title)}
  }
}
`,
);

const types = (name) => ({ types: `./${name}.d.ts`, default: './server.js' });
writeFileSync(
  join(folder, 'package.json'),
  json({
    name: 'entropix-elements',
    version,
    description: 'Charts of entropy and varentropy, and recorded chats, as custom elements',
    keywords: ['entropy', 'varentropy', 'custom-elements', 'web-components', 'llm', 'charts'],
    license,
    type: 'module',
    sideEffects: true,
    types: './index.d.ts',
    customElements: './custom-elements.json',
    exports: {
      '.': { types: './index.d.ts', node: './server.js', default: './embed.js' },
      './react': types('react'),
      './vue': types('vue'),
      './svelte': types('svelte'),
      './text.js': { types: './index.d.ts', node: './server.js', default: './text.js' },
      './embed_bg.wasm': './embed_bg.wasm',
      './custom-elements.json': './custom-elements.json',
      './package.json': './package.json',
    },
  }),
);
// The scripts may wait for something.
process.exit();
