/**
 * What the control plane has to tell apart: objects of one kind by their names and ids, and so the keys of a table, the
 * parameters of an action and the fields of a controller's header; types of data, and their fields, by their names (P4-16
 * §18.3.3; P4Runtime, "ID Allocation for P4Info Objects"). As for p4c, objects of different kinds may have one name.
 */
import { annotation, hasAnnotation } from '../../ir/annotations.js';
import { externalName } from '../../ir/names.js';
import type { Declared, TypeDecl } from '../../ir/types.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { type ControlObject, controlObjects, idPrefix, type ObjectKind, withPrefix } from '../control-objects.js';
import { metTypes } from '../control-plane-types.js';
import type { ProgramInfo } from '../program-info.js';
import { visibleBlocks } from '../visible-blocks.js';
import { checkConstraints } from './constraints.js';
import { checkReferences } from './references.js';

const kindNames: Readonly<Record<ObjectKind, string>> = {
  action: 'action',
  table: 'table',
  valueSet: 'value set',
  controllerHeader: 'controller header',
  actionProfile: 'action profile',
  counter: 'counter',
  directCounter: 'direct counter',
  meter: 'meter',
  directMeter: 'direct meter',
  register: 'register',
  digest: 'digest',
};

const typeKinds: Readonly<Record<TypeDecl['kind'], string>> = {
  struct: 'struct',
  header: 'header',
  header_union: 'header union',
  enum: 'enum',
  newtype: 'type',
};

type Part = Pick<Declared, 'name' | 'loc' | 'annotations'>;

/** Reports names and ids that mean two things. The program is well typed. */
export function checkControlPlane(info: ProgramInfo, diagnostics: Diagnostics): void {
  const { program } = info;
  const blocks = visibleBlocks(program);
  const objects = controlObjects(program, blocks);
  checkObjectNames(objects, diagnostics);
  checkObjectIds(objects, diagnostics);
  const check = (what: string, of: string, parts: readonly Part[], told = parts): void => checkParts(what, of, parts, told, diagnostics);
  for (const { actions, children, valueSets } of blocks) {
    for (const { name, decl, inTable } of actions)
      if (inTable) check('parameter', `the action ${name}`, decl.params.filter((p) => p.direction === undefined).map(asPart));
    for (const child of children) {
      if (child.kind !== 'table') continue;
      const { name, decl } = child;
      const told = decl.keys.filter((key) => key.match !== 'selector');
      check('key', `the table ${name}`, decl.keys, told);
    }
    for (const { name, decl } of valueSets) {
      const struct = info.declaration(decl.type);
      if (struct?.kind === 'struct') check('field', `the value set ${name}`, struct.fields.map(asPart));
    }
  }
  for (const { decl } of info.controllerHeaders) {
    const fields = info.flatFields(decl).map(asPart);
    const told = fields.filter((field) => !hasAnnotation(field, 'hidden'));
    check('field', `the controller header ${decl.name}`, fields, told);
  }
  checkConstraints(info, blocks, diagnostics);
  checkReferences(blocks, diagnostics);
  // A digest has the name of its type: one message is enough.
  if (!diagnostics.hasErrors) checkTypeNames(metTypes(info, blocks), diagnostics);
}

const asPart = (decl: Declared): Part => ({ ...decl, name: externalName(decl) });

function checkObjectNames(objects: readonly ControlObject[], diagnostics: Diagnostics): void {
  const seen = new Map<string, ControlObject>();
  for (const object of objects) {
    if (hasAnnotation(object.decl, 'hidden')) continue;
    const { kind, decl, name } = object;
    const what = kindNames[kind];
    if (name === '' || (hasAnnotation(decl, 'name') && !annotation(decl, 'name')))
      diagnostics.report('no-control-name', { what, name: decl.name }, { loc: decl.loc });
    // Controllers know a header of theirs by what it is for; its id is that of its own name.
    const text = kind === 'controllerHeader' ? annotation(decl, 'controller_header')?.text : undefined;
    const names = [[kind, name], ...(text === undefined ? [] : [['packets', text]])] as const;
    for (const [space, known] of names) {
      const other = take(seen, `${space} ${known}`, object);
      if (!other) continue;
      const notes = [{ message: `\`${other.decl.name}\` has that name`, loc: other.decl.loc }];
      diagnostics.report('control-name', { what, name: known }, { loc: decl.loc, notes });
    }
  }
}

/** The other object that has the key already. */
function take<K>(seen: Map<K, ControlObject>, key: K, object: ControlObject): ControlObject | undefined {
  const first = seen.get(key);
  if (!first) seen.set(key, object);
  return first?.isShared && first.decl === object.decl ? undefined : first;
}

function checkObjectIds(objects: readonly ControlObject[], diagnostics: Diagnostics): void {
  const seen = new Map<number, ControlObject>();
  for (const object of objects) {
    const { kind, decl } = object;
    const name = `${kindNames[kind]} ${object.name}`;
    const id = checkId(decl, name, diagnostics);
    if (id === undefined) continue;
    const prefix = id >>> 24;
    if (prefix !== 0 && prefix !== idPrefix[kind]) {
      const prefixes = { prefix: hex(prefix, 2), expected: hex(idPrefix[kind], 2) };
      diagnostics.report('id-kind', { id: hex(id, 8), name, kind: kindNames[kind], ...prefixes }, { loc: decl.loc });
      continue;
    }
    const whole = withPrefix(kind, id);
    const other = take(seen, whole, object);
    if (other) reportTwice(diagnostics, hex(whole, 8), name, decl, other.name, other.decl);
  }
}

/** `told`: those of the parts that P4Info has; the others have ids as well. */
function checkParts(what: string, of: string, parts: readonly Part[], told: readonly Part[], diagnostics: Diagnostics): void {
  checkNames(`${what} of ${of}`, told, diagnostics);
  const ids = new Map<number, Part>();
  for (const part of parts) {
    const shown = `${what} ${part.name} of ${of}`;
    const id = checkId(part, shown, diagnostics);
    if (id === undefined) continue;
    const other = ids.get(id);
    if (other) reportTwice(diagnostics, String(id), shown, part, other.name, other);
    else ids.set(id, part);
  }
}

/** `what`: what a name stands for. */
function checkNames(what: string, parts: readonly Part[], diagnostics: Diagnostics): void {
  const seen = new Map<string, Part>();
  for (const part of parts) {
    const { name, loc } = part;
    const first = seen.get(name);
    if (first) diagnostics.report('control-name', { what, name }, { loc, notes: [{ message: 'the other one is here', loc: first.loc }] });
    else seen.set(name, part);
  }
}

/** Types by their kind, and the fields of each. */
function checkTypeNames(types: readonly TypeDecl[], diagnostics: Diagnostics): void {
  for (const [kind, what] of Object.entries(typeKinds)) {
    const ofKind = types.filter((type) => type.kind === kind);
    checkNames(what, ofKind.map(asPart), diagnostics);
  }
  for (const type of types) {
    if (type.kind === 'struct' || type.kind === 'header' || type.kind === 'header_union')
      checkNames(`field of ${type.name}`, type.fields.map(asPart), diagnostics);
  }
}

/** The id that the program gives, where it can be one. */
function checkId(decl: Part, name: string, diagnostics: Diagnostics): number | undefined {
  const { id, text } = annotation(decl, 'id') ?? {};
  if (id === undefined || (Number.isInteger(id) && id > 0 && id <= 0xffff_ffff)) return id;
  diagnostics.report('id-range', { id: text ?? '', name }, { loc: decl.loc });
  return undefined;
}

function reportTwice(diagnostics: Diagnostics, id: string, name: string, { loc }: Part, other: string, first: Part): void {
  const notes = [{ message: `\`${other}\` has that id`, loc: first.loc }];
  diagnostics.report('duplicate-id', { id, name, other }, { loc, notes });
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
