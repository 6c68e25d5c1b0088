/** The include files of P4 programs, printed from what is known of their architectures. */
import { coreErrors } from '../ir/program.js';
import { type Annotation, type Type, typeName } from '../ir/types.js';
import { braces, type Doc, hardline, join, print } from '../support/document.js';
import { compileTimeFunctions, coreExterns, coreFunctions, coreMatchKinds, packetExpressions } from './core.js';
import type { ArchBlock, ArchConstant, ArchExtern, ArchMethod, ArchPackage, ArchParam, ArchSpec } from './spec.js';

/** What `#include <core.p4>` stands for (P4-16, appendix D). */
export function coreInclude(): string {
  const externs = coreExterns.map((e) => (e.name === 'packet_in' ? { ...e, methods: [...e.methods, ...packetExpressions] } : e));
  return guarded('_CORE_P4_', [
    list('error', coreErrors),
    ...externs.map(extern),
    ...coreFunctions.map(func),
    lines(['@noWarn("unused")', 'action NoAction() {}']),
    list('match_kind', coreMatchKinds),
    ...compileTimeFunctions.map(func),
  ]);
}

/** What `#include <…>` stands for in programs of this architecture, which has an include file. */
export function archInclude(spec: ArchSpec): string {
  const { included } = spec;
  const version = included?.version;
  const macros = Object.entries(included?.macros ?? {}).map(([name, text]) => `#define ${name} ${text}`);
  const externs = spec.externs.map(extern);
  return guarded(included?.guard ?? `_${spec.name.toUpperCase()}_P4_`, [
    '#include <core.p4>',
    ...(version
      ? [
          lines([`#ifndef ${version.macro}`, `#define ${version.macro} ${version.default}`, '#endif']),
          `const bit<32> ${version.constant} = ${version.macro};`,
        ]
      : []),
    lines(macros),
    lines(Object.entries(included?.typedefs ?? {}).map(typedef)),
    ...(spec.newtypes ?? []).map((t) => `${annotations(t.annotations)}type ${typeName(t.type)} ${t.name};`),
    lines((included?.constants ?? []).map(constant)),
    list('match_kind', spec.matchKinds),
    list('error', spec.errors),
    ...spec.enums.map((e) =>
      list(
        `enum ${e.name}`,
        e.members.map((m) => m.name),
      ),
    ),
    ...spec.structs.map((s) =>
      braces(
        `struct ${s.name}`,
        s.fields.map((f) => `${annotations(f.annotations)}${typeName(f.type)} ${f.name};`),
      ),
    ),
    ...(version
      ? [
          `#if ${version.macro} >= ${version.from}`,
          ...Object.entries(version.typedefs).map(typedef),
          ...version.externs.map(extern),
          '#else',
          ...externs,
          '#endif',
        ]
      : externs),
    ...(included?.externs ?? []).map(extern),
    ...[...spec.functions, ...(included?.functions ?? [])].map(func),
    ...(included?.definitions ?? []).map(({ text }) => text),
    ...spec.blocks.map((block) => `${annotations(included?.blockAnnotations?.[block.type])}${blockType(spec, block)};`),
    ...(spec.packages ?? [packageOf(spec)]).map(packageType),
  ]);
}

/** Blank lines separate the parts. */
function guarded(name: string, parts: readonly Doc[]): string {
  const blank = [hardline, hardline];
  const guard = lines([`#ifndef ${name}`, `#define ${name}`]);
  const whole = join(blank, [guard, ...parts.filter((part) => part !== ''), ['#endif', hardline]]);
  return print(whole, { width: Number.POSITIVE_INFINITY, step: 4 });
}

const lines = (all: readonly Doc[]): Doc => (all.length === 0 ? '' : join(hardline, all));

const list = (head: string, names: readonly string[]): Doc => (names.length === 0 ? '' : braces(head, [join([',', hardline], names)]));

const typedef = ([name, type]: readonly [string, Type]): string => `typedef ${typeName(type)} ${name};`;

const constant = ({ name, type, value }: ArchConstant): string =>
  `const ${typeName(type)} ${name} = (${typeName(type)}) ${value > 9n ? `0x${value.toString(16)}` : value};`;

const extern = ({ name, typeParams, constructors, methods, annotations: of }: ArchExtern): Doc =>
  braces(`${annotations(of)}extern ${name}${angles(typeParams)}`, [
    ...constructors.map((params) => `${name}(${params.map(param).join(', ')});`),
    ...methods.map((method) => `${annotations(method.annotations)}${method.abstract ? 'abstract ' : ''}${prototype(method)};`),
  ]);

const func = (fn: ArchMethod): string => `${annotations(fn.annotations)}extern ${prototype(fn)};`;

const prototype = ({ returns, name, typeParams, params }: ArchMethod): string =>
  `${typeName(returns)} ${name}${angles(typeParams)}(${params.map(param).join(', ')})`;

const param = ({ name, direction, type, optional }: ArchParam): string =>
  `${optional ? '@optional ' : ''}${direction ? `${direction} ` : ''}${typeName(type)} ${name}`;

const angles = (names: readonly string[] | undefined): string => (names?.length ? `<${names.join(', ')}>` : '');

const annotations = (all: readonly Annotation[] | undefined): string =>
  (all ?? []).map((a) => `@${a.name}${a.body === undefined ? '' : a.structured ? `[${a.body}]` : `(${a.body})`} `).join('');

/** The type variables of the package that the parameters of a block name. */
const typeParamsOf = (spec: ArchSpec, block: ArchBlock): readonly string[] =>
  block.typeParams ?? spec.typeParams.filter((name) => block.params.some(({ type }) => type.kind === 'named' && type.name === name));

const blockType = (spec: ArchSpec, block: ArchBlock): string =>
  `${block.kind} ${block.type}${angles(typeParamsOf(spec, block))}(${block.params.map(param).join(', ')})`;

/** The package that takes the blocks itself. */
const packageOf = (spec: ArchSpec): ArchPackage => ({
  name: spec.package,
  typeParams: spec.typeParams,
  params: spec.blocks.map((block) => ({
    name: block.name,
    type: { kind: 'named', name: block.type, args: typeParamsOf(spec, block).map((name) => ({ kind: 'named', name })) },
  })),
});

const packageType = ({ name, typeParams, params }: ArchPackage): string =>
  `package ${name}${angles(typeParams)}(${params.map(param).join(', ')});`;
