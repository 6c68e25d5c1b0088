/** What is written while the parts of the JSON are made: names, actions, calculations, lists of fields. */
import type { FlatExpr, FlatObject, FlatProgram } from '../../../compiler/flat/index.js';

import { type Diagnostics, sourceLines } from '../../../compiler/support/diagnostics.js';
import { host } from '../../../compiler/support/host.js';
import { isNowhere, type Loc } from '../../../compiler/support/location.js';
import { argument } from './expressions.js';
import type { Action, Calculation, FieldList, FieldRef, Json, Primitive, SourceInfo } from './format.js';
import { Bmv2Layout } from './layout.js';
import { Names } from './names.js';

export class Writer {
  readonly layout: Bmv2Layout;
  readonly actions: Action[] = [];
  readonly calculations: Calculation[] = [];
  readonly learnLists: FieldList[] = [];
  readonly fieldLists: FieldList[] = [];
  /** Where the colour of a direct meter is. */
  readonly meterResults = new Map<FlatObject, FieldRef>();
  readonly #names: Names;

  /** `diagnostics`: of what BMv2 cannot do. */
  constructor(
    readonly program: FlatProgram,
    readonly diagnostics: Diagnostics,
  ) {
    this.layout = new Bmv2Layout(program);
    this.#names = new Names([...program.tables, ...program.actions, ...program.objects].map(({ name }) => name));
  }

  /** A name that nothing else has. */
  name(wanted: string): string {
    return this.#names.unique(wanted);
  }

  action(action: Omit<Action, 'id'>): Action {
    const made = { ...action, id: this.actions.length };
    this.actions.push(made);
    return made;
  }

  /** The number in BMv2 of a list of fields of the program, which for BMv2 is not 0; without a list, that of one without fields. */
  fieldList(list?: bigint): number {
    const name = list === undefined ? 'none' : `field_list${list}`;
    const known = this.fieldLists.find((one) => one.name === name);
    if (known) return known.id;
    const id = Math.max(0, ...this.fieldLists.map((one) => one.id)) + 1;
    this.fieldLists.push({ id, name, elements: [] });
    return id;
  }

  argument(expr: FlatExpr): Json {
    return argument(expr, this.layout);
  }

  /** An argument beside others that are computed: of two expressions of one primitive, BMv2 may lose the first. */
  operand(expr: FlatExpr, before: Primitive[]): Json {
    const given = this.argument(expr);
    return given.type === 'expression' ? { type: 'field', value: this.field(expr, before) } : given;
  }

  /** The field that has the value: its own, or one that `before` fills. */
  field(expr: FlatExpr, before: Primitive[], copy = false): FieldRef {
    const isField = expr.kind === 'slot' && this.layout.parameter(expr.slot) === undefined && this.layout.stackOf(expr.slot) === undefined;
    if (isField && !copy) return this.layout.fieldOf(expr.slot);
    return this.fill(this.layout.temporary(expr.type), expr, before);
  }

  /** Lets `before` make `target` have the value. */
  fill(target: FieldRef, expr: FlatExpr, before: Primitive[]): FieldRef {
    const source = this.argument(expr);
    const isThere = source.type === 'field' && source.value.join() === target.join();
    if (!isThere) before.push({ op: 'assign', parameters: [{ type: 'field', value: target }, source] });
    return target;
  }
}

/** BMv2's log shows the place, and the line that stands there. */
export function sourceInfo(loc: Loc): { readonly source_info?: SourceInfo } {
  if (isNowhere(loc)) return {};
  const line = sourceLines(loc.file)[loc.line - 1]?.trim() ?? '';
  const source_fragment = line.length > maxFragment ? `${line.slice(0, maxFragment)}…` : line;
  return { source_info: { filename: host.shownPath(loc.file), line: loc.line, column: loc.column, source_fragment } };
}
const maxFragment = 80;
