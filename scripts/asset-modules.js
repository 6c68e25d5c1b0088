/**
 * What is not TypeScript, as modules: a plugin for esbuild (dist) and one for Vite (the tests, which run the sources).
 *
 * - `x.hbs` exports the template's function, compiled here, so that programs need only the small runtime of Handlebars.
 * - `x.proto` exports its descriptor, as `protobuf.Root.fromJSON` takes it, and `messages`, which is ready to be used:
 *   see asset-modules.d.ts.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import protobuf from 'protobufjs';

const assets = /\.(hbs|proto)$/;

export const forEsbuild = {
  name: 'asset-modules',
  setup(build) {
    build.onLoad({ filter: assets }, ({ path }) => ({ contents: moduleOf(path), loader: 'js' }));
  },
};

export const forVite = {
  name: 'asset-modules',
  enforce: 'pre',
  load: (id) => (assets.test(id) ? moduleOf(id) : undefined),
};

const moduleOf = (path) => (path.endsWith('.hbs') ? templateModule(path) : descriptorModule(path));

function templateModule(path) {
  const template = Handlebars.precompile(readFileSync(path, 'utf8'), { noEscape: true, strict: true });
  return `import Handlebars from 'handlebars/dist/handlebars.runtime.min.js';\nexport default Handlebars.template(${template});\n`;
}

/** Imports of .proto files are relative to the folder `proto` that they are below. */
function descriptorModule(path) {
  const root = new protobuf.Root();
  const folder = fileURLToPath(new URL(path.replace(/^(.*\/proto\/).*$/, 'file://$1')));
  // google/protobuf/any.proto comes with protobufjs.
  root.resolvePath = (_, target) => (target.startsWith('google/') || target === path ? target : folder + target);
  root.loadSync(path, { keepCase: true });
  const descriptor = JSON.stringify(root.toJSON());
  root.resolveAll();
  return `export default ${descriptor};\nexport const messages = ${JSON.stringify(Object.fromEntries(messagesIn(root)))};\n`;
}

function* messagesIn(namespace) {
  for (const type of namespace.nestedArray) {
    if (type instanceof protobuf.Type) {
      const fields = type.fieldsArray.toSorted((a, b) => a.id - b.id);
      yield [nameOf(type), fields.map(fieldSpec)];
      for (const field of fields.filter(({ map }) => map)) {
        const key = { name: 'key', id: 1, type: field.keyType };
        yield [entryName(field), [key, { name: 'value', id: 2, ...typeOf(field) }]];
      }
    }
    if (type.nestedArray) yield* messagesIn(type);
  }
}

const nameOf = (type) => type.fullName.replace(/^\./, '');
const entryName = (field) => `${nameOf(field)}Entry`;

function typeOf({ resolvedType, type }) {
  if (resolvedType instanceof protobuf.Enum) return { type: 'enum', values: resolvedType.values };
  return { type: resolvedType === null ? type : nameOf(resolvedType) };
}

const fieldSpec = (field) => ({
  name: field.name,
  id: field.id,
  ...(field.map ? { type: entryName(field), map: true } : typeOf(field)),
  // What is not there is left out of the JSON.
  repeated: field.repeated || undefined,
  oneof: field.partOf ? true : undefined,
});
