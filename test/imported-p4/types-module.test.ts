/** Modules of types for programs with any file name: tsc takes each. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import type { Program } from '../../compiler/ir/index.js';
import { load } from '../frontend/lower/load.js';
import { gateway } from './gateway.p4.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What tsc says of these texts, which are modules in this folder, by name. */
function complaints(modules: ReadonlyMap<string, string>): readonly string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile).config, ts.sys, root);
  const files = [...modules].map(([name, text], i) => ({ name, text, path: fileURLToPath(new URL(`module-${i}.ts`, import.meta.url)) }));
  const host = ts.createCompilerHost(options);
  const read = (path: string) => files.find((file) => file.path === path)?.text ?? host.readFile(path);
  const getSourceFile: typeof host.getSourceFile = (path, version) => {
    const text = read(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version);
  };
  const fileExists = (path: string) => files.some((file) => file.path === path) || host.fileExists(path);
  const paths = files.map(({ path }) => path);
  const program = ts.createProgram(paths, options, { ...host, fileExists, readFile: read, getSourceFile });
  return files.flatMap(({ name, path }) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

const kinds = ['action', 'counter', 'digest', 'key', 'meter', 'profile', 'register', 'table', 'value-set', 'action-profile', 'bit-type'];
const words = ['default', 'switch', 'class', 'import', 'await', 'let', 'package', 'new', 'arguments', 'undefined', 'enum', 'void'];
const ours = ['load-p4', 'URL', 'p4ts', 'p4', 'Table', 'program', 'Promise', 'object', 'string', 'any', 'type', 'async', 'of', 'require'];
const odd = ['1', '5g-upf', 'a.b', 'with space', "it's", 'a#b', '100%', 'what?', '網路', '-', '__proto__', 'constructor', 'back\\slash'];

test('every file name gives a module that tsc takes', () => {
  const ir = programOf(gateway)?.ir as Program;
  const names = [...kinds, ...words, ...ours, ...odd];
  const modules = new Map(names.map((name) => [name, typesModule(ir, { file: `./${name}.p4` })]));
  expect(complaints(modules)).toEqual([]);
  expect(modules.get('switch')).toContain('export const switchProgram = await loadP4<Switch>(');
  expect(modules.get('table')).toContain('export const table = await loadP4<TableProgram>(');
  expect(modules.get('a#b')).toContain("new URL('./a%23b.p4', import.meta.url)");
  expect(typesModule(ir, { file: '../router.p4i' })).toContain('export const router = await loadP4<Router>(');
}, 120_000);

const named = await load(`
#include <v1model.p4>
@controller_header("packet_in") header in_t { @name("ingress_port") bit<9> port; bit<7> Key; }
struct told_t { @name("address") bit<48> source; }
struct headers_t { in_t to_controller; }
struct meta_t {}
parser P(packet_in p, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) { state start { transition accept; } }
control V(inout headers_t hdr, inout meta_t meta) { apply {} }
control I(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    action forward(@name("out_port") bit<9> port) { std.egress_spec = port; }
    table routes { key = { std.ingress_port: exact @name("Counter"); } actions = { forward; } }
    apply { told_t told = { 1 }; digest<told_t>(1, told); routes.apply(); }
}
control E(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) { apply {} }
control C(inout headers_t hdr, inout meta_t meta) { apply {} }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr.to_controller); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`);

test('parameters and fields have the names that the control plane has for them', () => {
  const text = typesModule(named, { file: './named.p4' });
  expect(text).toContain("Action<'forward', { out_port: BitType<9, 'num'> }>");
  expect(text).toContain("Digest<{ address: BitType<48, 'num'> }>");
  expect(text).toContain("readonly packetIn: { ingress_port: BitType<9, 'num'>; Key: BitType<7, 'num'> };");
});

test('names of the program bring no imports that nothing uses', () => {
  const text = typesModule(named, { file: './meter.p4' });
  expect(text).toContain("import type { Action, BitType, Digest, Key, Table } from 'p4ts';");
  expect(complaints(new Map([['meter', text]]))).toEqual([]);
});
