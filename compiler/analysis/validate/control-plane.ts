/**
 * What the control plane has to tell apart: objects of one kind by their names and ids, and so the keys of a table, the
 * parameters of an action and the fields of a controller's header (P4-16 §18.3.3; P4Runtime, "ID Allocation for P4Info
 * Objects"). As for p4c, objects of different kinds may have one name.
 */
import { annotation, hasAnnotation } from '../../ir/annotations.js';
import { externalName } from '../../ir/names.js';
import type { Declared } from '../../ir/types.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { type ControlObject, controlObjects, idPrefix, type ObjectKind, withPrefix } from '../control-objects.js';
import { visibleBlocks } from '../visible-blocks.js';
import type { Environment } from './environment.js';

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

type Part = Pick<Declared, 'name' | 'loc' | 'annotations'>;

/** Reports names and ids that mean two things. The program is well typed. */
export function checkControlPlane(env: Environment): void {
  const { program, diagnostics } = env;
  const blocks = visibleBlocks(program);
  const objects = controlObjects(program, blocks);
  checkObjectNames(objects, diagnostics);
  checkObjectIds(objects, diagnostics);
  const check = (what: string, of: string, parts: readonly Part[]): void => checkParts(what, of, parts, diagnostics);
  for (const { actions, children, valueSets } of blocks) {
    for (const { name, decl } of actions)
      check('parameter', `the action ${name}`, decl.params.filter((p) => p.direction === undefined).map(asPart));
    for (const child of children) {
      if (child.kind !== 'table') continue;
      const { name, decl } = child;
      check(
        'key',
        `the table ${name}`,
        decl.keys.filter((key) => key.match !== 'selector'),
      );
    }
    for (const { name, decl } of valueSets) {
      const struct = env.declaration(decl.type);
      if (struct?.kind === 'struct') check('field', `the value set ${name}`, struct.fields.map(asPart));
    }
  }
  for (const { decl } of env.controllerHeaders) check('field', `the controller header ${decl.name}`, env.flatFields(decl).map(asPart));
}

const asPart = (decl: Declared): Part => ({ ...decl, name: externalName(decl) });

function checkObjectNames(objects: readonly ControlObject[], diagnostics: Diagnostics): void {
  const seen = new Map<string, ControlObject>();
  for (const object of objects) {
    if (hasAnnotation(object.decl, 'hidden')) continue;
    const { kind, decl } = object;
    // Controllers know a header of theirs by what it is for.
    const text = kind === 'controllerHeader' ? annotation(decl, 'controller_header')?.text : undefined;
    const name = text ?? object.name;
    const first = seen.get(`${kind} ${name}`);
    if (!first) seen.set(`${kind} ${name}`, object);
    else if (!isSame(first, object)) {
      const notes = [{ message: `\`${first.decl.name}\` has that name`, loc: first.decl.loc }];
      diagnostics.report('control-name', { what: kindNames[kind], name }, { loc: decl.loc, notes });
    }
  }
}

/** Whether they are one action, which several blocks may run. */
const isSame = (a: ControlObject, b: ControlObject): boolean => a.kind === 'action' && a.decl === b.decl && a.name === b.name;

function checkObjectIds(objects: readonly ControlObject[], diagnostics: Diagnostics): void {
  const seen = new Map<number, ControlObject>();
  for (const object of objects) {
    const { kind, decl } = object;
    const name = `${kindNames[kind]} ${object.name}`;
    const id = checkId(decl, name, diagnostics);
    if (id === undefined) continue;
    const prefix = id >>> 24;
    if (prefix !== 0 && prefix !== idPrefix[kind]) {
      const reason = `begins with ${hex(prefix, 2)}, but ids of ${kindNames[kind]}s begin with ${hex(idPrefix[kind], 2)}`;
      diagnostics.report('bad-id', { id: hex(id, 8), name, reason }, { loc: decl.loc });
      continue;
    }
    const whole = withPrefix(kind, id);
    const first = seen.get(whole);
    if (!first) seen.set(whole, object);
    else if (!isSame(first, object)) reportTwice(diagnostics, hex(whole, 8), name, decl, first.name, first.decl);
  }
}

function checkParts(what: string, of: string, parts: readonly Part[], diagnostics: Diagnostics): void {
  const names = new Map<string, Part>();
  const ids = new Map<number, Part>();
  for (const part of parts) {
    const { name, loc } = part;
    const first = names.get(name);
    if (first) {
      const notes = [{ message: 'the other one is here', loc: first.loc }];
      diagnostics.report('control-name', { what: `${what} of ${of}`, name }, { loc, notes });
    } else names.set(name, part);
    const shown = `${what} ${name} of ${of}`;
    const id = checkId(part, shown, diagnostics);
    if (id === undefined) continue;
    const other = ids.get(id);
    if (other) reportTwice(diagnostics, String(id), shown, part, other.name, other);
    else ids.set(id, part);
  }
}

/** The id that the program gives, where it can be one. */
function checkId(decl: Part, name: string, diagnostics: Diagnostics): number | undefined {
  const { id, text } = annotation(decl, 'id') ?? {};
  if (id === undefined || (Number.isInteger(id) && id > 0 && id <= 0xffff_ffff)) return id;
  diagnostics.report('bad-id', { id: text ?? '', name, reason: 'is no number from 1 to 0xffffffff' }, { loc: decl.loc });
  return undefined;
}

function reportTwice(diagnostics: Diagnostics, id: string, name: string, { loc }: Part, other: string, first: Part): void {
  const notes = [{ message: `\`${other}\` has that id`, loc: first.loc }];
  diagnostics.report('duplicate-id', { id, name, other }, { loc, notes });
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
