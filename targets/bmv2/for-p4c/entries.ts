/**
 * Keys of the program's own entries. p4c's back end for BMv2 computes some of them in integers of the machine:
 *
 * | key                                   | what p4c makes of it     | for p4c                        |
 * |---------------------------------------|--------------------------|--------------------------------|
 * | `_` of a range of more than 30 bits   | an empty range           | the whole range                |
 * | lpm over 64 bits, all of the bits     | an error                 | the value                      |
 * | lpm over 64 bits, none of the bits    | all of them do not count | `_`                            |
 * | lpm over 64 bits, other prefixes      | another prefix           | nothing: the compiler warns    |
 * | optional, a boolean                   | an error                 | nothing: the compiler says so  |
 */
import { programInfo } from '../../../compiler/analysis/program-info.js';
import type { TypeTable } from '../../../compiler/analysis/type-table.js';
import { any, constant, value } from '../../../compiler/ir/build.js';
import type { KeyDecl, LocalDecl, TableDecl } from '../../../compiler/ir/decl.js';
import type { KeySet } from '../../../compiler/ir/expr.js';
import { printExpr } from '../../../compiler/ir/print.js';
import type { Program } from '../../../compiler/ir/program.js';
import { each, update } from '../../../compiler/ir/visit.js';
import { maxUnsigned, truncate } from '../../../compiler/support/bits.js';
import type { Diagnostics } from '../../../compiler/support/diagnostics.js';

export function withKeysForP4c(program: Program): Program {
  const types = programInfo(program);
  const local = (decl: LocalDecl): LocalDecl => {
    if (decl.kind !== 'table' || !decl.entries) return decl;
    const key = (set: KeySet, i: number): KeySet => keyForP4c(set, decl.keys[i] as KeyDecl, types);
    return update(decl, { entries: each(decl.entries, (entry) => update(entry, { keys: each(entry.keys, key) })) });
  };
  return update(program, { controls: each(program.controls, (control) => update(control, { locals: each(control.locals, local) })) });
}

/** Keys, in this form, that p4c gets wrong. */
export function checkEntryKeys(table: TableDecl, types: TypeTable, diagnostics: Diagnostics): void {
  for (const { keys, loc } of table.entries ?? []) {
    for (const [i, given] of keys.entries()) {
      const key = table.keys[i] as KeyDecl;
      const where = { loc: (given.kind === 'mask' || given.kind === 'value' ? given.value.loc : undefined) ?? loc };
      if (key.match === 'lpm' && given.kind === 'mask' && types.width(key.expr.type) > 64)
        diagnostics.report('bmv2-lpm-entry', { key: nameOf(key), table: table.name }, where);
      if (key.match === 'optional' && given.kind === 'value' && types.underlying(key.expr.type).kind === 'bool')
        diagnostics.report('bmv2-optional-bool', { key: nameOf(key), table: table.name }, where);
    }
  }
}

function keyForP4c(key: KeySet, { match, expr }: KeyDecl, types: TypeTable): KeySet {
  const { type } = expr;
  const width = types.width(type);
  const all = maxUnsigned(width);
  if (match === 'range' && key.kind === 'any' && width > 30)
    return { kind: 'range', low: constant(0, type, expr.loc), high: constant(all, type, expr.loc) };
  if (match === 'lpm' && key.kind === 'mask' && key.mask.kind === 'const' && width > 64) {
    if (truncate(key.mask.value, width) === all) return value(key.value);
    if (key.mask.value === 0n) return any;
  }
  return key;
}

const nameOf = ({ name, expr }: KeyDecl): string => name ?? printExpr(expr);
