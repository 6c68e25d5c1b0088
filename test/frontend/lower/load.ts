/** P4-16 texts as programs of the IR, and what of two programs has to be the same. */

import { architectures, v1model } from '../../../compiler/arch/index.js';
import { checkProgram } from '../../../compiler/frontend/check/index.js';
import { type ParseOptions, parseProgram } from '../../../compiler/frontend/index.js';
import { lowerProgram } from '../../../compiler/frontend/lower/index.js';
import type { Program } from '../../../compiler/ir/index.js';
import { type Diagnostic, renderDiagnostics } from '../../../compiler/support/diagnostics.js';
import { withP4Names } from '../../../targets/p4/namer.js';
import { withP4Choices } from '../../../targets/p4/switches.js';

export const file = '/program.p4';

export async function tryLoad(
  text: string,
  options: ParseOptions = {},
): Promise<{ program?: Program; diagnostics: readonly Diagnostic[] }> {
  const { program: source, diagnostics } = await parseProgram(text, file, options);
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.list };
  const findings = checkProgram(source, diagnostics);
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.list };
  const program = lowerProgram(source, findings, diagnostics, 'program');
  return { ...(program ? { program } : {}), diagnostics: diagnostics.list };
}

/** The program of a text without mistakes. */
export async function load(text: string, options: ParseOptions = {}): Promise<Program> {
  const { program, diagnostics } = await tryLoad(text, options);
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (!program || errors.length > 0) throw new Error(`${renderDiagnostics(errors)}\n${text}`);
  return program;
}

/**
 * The program as P4 writes it: with names that P4 has left free, its declarations in one order, without the places and
 * without what P4 has no words for.
 */
export function canonical(program: Program): Record<string, unknown> {
  const named = withP4Choices(withP4Names(program, architectures.get(program.arch) ?? v1model));
  const values = new Map(
    named.types.flatMap((t) => (t.kind === 'enum' ? t.members.map((m) => [`${t.name}.${m.name}`, m.value] as const) : [])),
  );
  const plain = (key: string, value: unknown): unknown => {
    if (unwritten.has(key)) return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    if (Array.isArray(value)) return value.length === 0 && optional.has(key) ? undefined : value;
    return value !== null && typeof value === 'object' ? node(value as Node, values) : value;
  };
  const tree = JSON.parse(JSON.stringify({ ...named, name: '', doc: undefined, language: undefined }, plain)) as Record<
    string,
    readonly { readonly name: string }[]
  >;
  const sorted = lists.map((key) => [key, [...(tree[key] ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))] as const);
  return { ...tree, ...Object.fromEntries(sorted), errors: [...program.errors].sort() };
}

const lists = ['types', 'constants', 'functions', 'actions', 'instances', 'parsers', 'controls'] as const;
/** The formats of fields are not printed, nor are the places of texts. */
const unwritten = new Set(['loc', 'format', 'texts']);
/** Where there is nothing in them, P4 has them not. */
const optional = new Set(['annotations', 'constructorParams', 'else', 'hit', 'miss']);

type Node = Readonly<Record<string, any>>;

/** One way to write what the IR has two for. */
function node(n: Node, values: ReadonlyMap<string, bigint | undefined>): Node {
  if (n.kind === 'member' && values.get(`${n.type.name}.${n.name}`) !== undefined)
    return { kind: 'const', type: n.type, value: values.get(`${n.type.name}.${n.name}`) };
  // The number of bits of a shift is written without its type.
  if (n.kind === 'binary' && (n.op === '<<' || n.op === '>>') && n.right.kind === 'const') return { ...n, right: String(n.right.value) };
  // The control plane has no names for these.
  if (n.match === 'selector') return { ...n, name: '' };
  // The types of objects are not written where they are called.
  if (n.kind === 'method') return { ...n, object: { ...n.object, type: undefined } };
  if (n.structured) return { ...n, body: n.body.replace(/\s*([=,])\s*/g, '$1') };
  if (n.kind === 'table' && n.entries) return table(n);
  return typeof n.doc === 'string' ? { ...n, doc: n.doc.trim() || undefined } : n;
}

/** Constant entries have their order for their priorities, and their number for the table's size. */
function table(n: Node): Node {
  const entries = [...n.entries].sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  if (!n.constEntries) return { ...n, constEntries: undefined, entries };
  return { ...n, size: undefined, entries: entries.map((e) => ({ ...e, priority: undefined })) };
}
