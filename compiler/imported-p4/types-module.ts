/** The TypeScript module that carries the types of a program in P4. */
import { declaredDigests } from '../analysis/digests.js';
import { type ProgramInfo, programInfo } from '../analysis/program-info.js';
import { type VisibleBlock, type VisibleTable, visibleBlocks } from '../analysis/visible-blocks.js';
import type { ExternRole } from '../arch/index.js';
import { dataForm, valueForm } from '../control/data.js';
import type { ControllerFields, ControllerType } from '../dsl/surface.js';
import { bitType } from '../ir/build.js';
import type { ActionDecl, LocalDecl, Param } from '../ir/decl.js';
import { externalName, lastName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Type } from '../ir/types.js';
import { type Doc, group, indent, join, line, print, softline } from '../support/document.js';
import { host } from '../support/host.js';
import { unreachable } from '../support/invariant.js';
import { isNowhere, type Loc } from '../support/location.js';
import type { Format } from '../support/values.js';
import { dataType, digestTypes, valueType } from './data-types.js';
import template from './types-module.hbs';

interface Item {
  /** The text of the property in the module. */
  readonly text: string;
  /** Where it is declared. */
  readonly place?: string;
}

export interface ModuleOptions {
  /** The program's file as the module finds it, relative to the module. */
  readonly file: string;
  readonly includePaths?: readonly string[];
  readonly defines?: Readonly<Record<string, string>>;
}

export function typesModule(program: Program, { file, includePaths = [], defines = {} }: ModuleOptions): string {
  const info = programInfo(program);
  const blocks = visibleBlocks(program);
  const children = blocks.flatMap((block) => block.children);
  const item = (name: string, type: Doc, loc?: Loc): Item => ({
    text: property(quoted(name), type, 4),
    ...(loc && !isNowhere(loc) ? { place: `${host.path.basename(loc.file)}:${loc.line}` } : {}),
  });
  const instances = (of: { readonly [R in ExternRole]?: (decl: Instance) => Doc }): Item[] =>
    children.flatMap((child) => {
      const extern = child.kind === 'instance' ? info.extern(child.decl.type) : undefined;
      const type = extern?.role && !extern.direct ? of[extern.role] : undefined;
      return child.kind === 'instance' && type ? [item(child.name, type(child.decl), child.decl.loc)] : [];
    });
  const cell = ({ type }: Instance): Doc => {
    const of = dataType(dataForm(info, info.cellType(type) ?? bitType(32)));
    return of.kind === 'struct' ? fieldsText(of.fields) : typeText(of);
  };

  const groups: readonly { readonly kind: string; readonly items: readonly Item[] }[] = [
    {
      kind: 'tables',
      items: children.flatMap((child) => (child.kind === 'table' ? [item(child.name, tableText(info, child), child.decl.loc)] : [])),
    },
    {
      kind: 'actions',
      items: [...actionsOf(blocks)].map(([name, decl]) =>
        item(name, typed('Action', quoted(lastName(name)), paramsText(info, decl.params)), decl.loc),
      ),
    },
    { kind: 'counters', items: instances({ counter: () => 'Counter' }) },
    { kind: 'meters', items: instances({ meter: () => 'Meter' }) },
    { kind: 'registers', items: instances({ register: (decl) => holding('Register', cell(decl)) }) },
    {
      kind: 'digests',
      items: [...declaredDigests(program)].map(([name, type]) =>
        item(name, holding('Digest', fieldsText(digestTypes(dataForm(info, type))))),
      ),
    },
    {
      kind: 'profiles',
      items: instances({ 'action-profile': () => "ActionProfile<'profile'>", 'action-selector': () => "ActionProfile<'selector'>" }),
    },
    {
      kind: 'valueSets',
      items: blocks.flatMap(({ valueSets }) =>
        valueSets.map(({ name, decl }) => item(name, `ValueSet<${valueForm(info, decl.type, 32).deviceWidth}>`, decl.loc)),
      ),
    },
  ];
  const header = (name: string): Doc =>
    recordText(
      (info.controllerHeader(name)?.fields ?? []).map((field) => [externalName(field), valueText(info, field.type, field.format)]),
    );
  const packets = [property('packetIn', header('packet_in'), 2), property('packetOut', header('packet_out'), 2)];
  const texts = [...groups.flatMap(({ items }) => items.map(({ text }) => text)), ...packets];
  const { basename, extname } = host.path;
  return template({
    ...moduleNames(basename(file, extname(file))),
    file: basename(file),
    groups,
    packets,
    load: [urlText(file), ...optionsText(includePaths, defines)].join(', '),
    imports: importsOf(texts),
  });
}

/** By name: what is declared at the top level belongs to several blocks. */
const actionsOf = (blocks: readonly VisibleBlock[]): ReadonlyMap<string, ActionDecl> =>
  new Map(blocks.flatMap(({ actions }) => actions.map(({ name, decl }) => [name, decl] as const)));

type Instance = LocalDecl & { readonly kind: 'instance' };

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** The constant and the interface, after the program's file; a name that means something else in the module has `Program` after it. */
function moduleNames(file: string): { readonly constant: string; readonly type: string } {
  const words = file.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '');
  const name = /^[A-Za-z]/.test(words) ? words : `p4${words}`;
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const free = (wanted: string, taken: readonly string[]): string => (taken.includes(wanted) ? `${wanted}Program` : wanted);
  return { constant: free(name, [...reserved, ...importable]), type: free(type, importable) };
}

/** The words of TypeScript in strict mode, and the values that the module itself names. */
const reserved: readonly string[] = [
  ...['arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum'],
  ...['eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface'],
  ...['let', 'new', 'null', 'package', 'private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true'],
  ...['try', 'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield'],
  ...['loadP4', 'URL'],
];

/** A path relative to the module, in which `#` and its like are escaped. */
const urlText = (path: string): string => `new URL(${quoted(path.split('/').map(encodeURIComponent).join('/'))}, import.meta.url)`;

function optionsText(includePaths: readonly string[], defines: Readonly<Record<string, string>>): string[] {
  const parts = [
    ...(includePaths.length ? [`includePaths: [${includePaths.map(urlText).join(', ')}]`] : []),
    ...(Object.keys(defines).length
      ? [
          `defines: { ${Object.entries(defines)
            .map(([name, value]) => `${quoted(name)}: ${quoted(value)}`)
            .join(', ')} }`,
        ]
      : []),
  ];
  return parts.length ? [`{ ${parts.join(', ')} }`] : [];
}

/** `readonly name: type;`, in a block that is so far in. */
const property = (name: string, type: Doc, margin: number): string =>
  print(['readonly ', name, ': ', type, ';'], { width: 100, step: 2, margin });

/** `name<a, b>`. */
const typed = (name: string, ...args: readonly Doc[]): Doc => group(`${name}<`, indent(softline, join([',', line], args)), softline, '>');

/** `name<{ … }>`: what stands in braces or is such a type itself is no further in. */
const holding = (name: string, arg: Doc): Doc => [`${name}<`, arg, '>'];

/** `{ a; b }`. */
const record = (entries: readonly Doc[]): Doc =>
  entries.length === 0 ? '{}' : group('{', indent(line, join([';', line], entries)), line, '}');

/** `'a' | 'b'`, of texts in quotes. */
const union = (members: readonly string[]): Doc =>
  group(
    indent(
      join(
        line,
        members.map((member, i) => (i === 0 ? member : `| ${member}`)),
      ),
    ),
  );

function tableText(info: ProgramInfo, table: VisibleTable): Doc {
  const { decl } = table;
  const keys = decl.keys
    .filter((key) => key.match !== 'selector')
    .map((key) => [quoted(key.name), ': ', typed('Key', quoted(key.match), valueText(info, key.expr.type, key.format))]);
  const actions = decl.actions.filter(({ scope }) => scope !== 'defaultonly').map((ref) => quoted(lastName(table.action(ref.action).name)));
  return typed('Table', record(keys), actions.length > 0 ? union(actions) : 'never', quoted(implementationOf(info, table)));
}

/** Whether entries run an action themselves, or name a member or group of a profile. */
function implementationOf(info: ProgramInfo, table: VisibleTable): 'direct' | 'profile' | 'selector' {
  const profile = table.attached('profile');
  if (!profile) return 'direct';
  return info.externRole(profile.decl.type) === 'action-selector' ? 'selector' : 'profile';
}

const paramsText = (info: ProgramInfo, params: readonly Param[]): Doc =>
  recordText(params.filter((p) => !p.direction).map((p) => [externalName(p), valueText(info, p.type, p.format)]));

/** What P4Runtime only knows as bits are 32 bits. */
const valueText = (info: ProgramInfo, type: Type, format: Format | undefined): Doc =>
  typeText(valueType(valueForm(info, type, 32, format)));

const fieldsText = (fields: ControllerFields): Doc => recordText(Object.entries(fields).map(([name, type]) => [name, typeText(type)]));

const recordText = (entries: readonly (readonly [string, Doc])[]): Doc =>
  record(entries.map(([name, type]) => [/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name), ': ', type]));

function typeText(type: ControllerType): Doc {
  switch (type.kind) {
    case 'bit':
      return `BitType<${type.width}, ${quoted(type.format)}>`;
    case 'int':
      return `IntType<${type.width}>`;
    case 'bool':
      return 'BoolType';
    case 'varbit':
      return `VarbitType<${type.width}>`;
    case 'enum':
      return typed('EnumType', quoted(type.name), union(type.members.map(quoted)));
    case 'struct':
      return holding('StructType', fieldsText(type.fields));
    case 'newtype': {
      const values = type.controller.kind === 'text' ? Object.keys(type.controller.values) : [];
      const text = values.length > 0 ? typed('TextType', union(values.map(quoted))) : 'TextType';
      return typed('NewType', quoted(type.name), typeText(type.base), type.controller.kind === 'text' ? text : typeText(type.controller));
    }
    case 'tuple':
      return typed('TupleType', ['[', join(', ', type.elements.map(typeText)), ']']);
    case 'names':
      return typed('NamesType', union(type.members.map(quoted)));
    case 'header':
      return holding('HeaderType', fieldsText(type.fields));
    case 'union':
      return holding('UnionType', fieldsText(type.members));
    case 'stack':
      // Of unions, of which the language has no stacks.
      return typed('StackType', type.of.kind === 'header' ? fieldsText(type.of.fields) : 'any', `${type.depth}`);
    default:
      return unreachable(type);
  }
}

const importable = [
  'Action',
  'ActionProfile',
  'BitType',
  'BoolType',
  'Counter',
  'Digest',
  'EnumType',
  'HeaderType',
  'IntType',
  'Key',
  'Meter',
  'NamesType',
  'NewType',
  'Register',
  'StackType',
  'StructType',
  'Table',
  'TextType',
  'TupleType',
  'UnionType',
  'ValueSet',
  'VarbitType',
];

/** The types of p4ts that these texts name; a field may have such a name too. */
function importsOf(types: readonly string[]): string {
  const text = types.join('\n').replace(/'(?:[^'\\]|\\.)*'/g, '');
  return importable.filter((name) => new RegExp(`\\b${name}\\b(?!:)`).test(text)).join(', ');
}
