/** The entries that a table's declaration holds (P4-16 §14.2.1.4), as the control plane would have written them. */
import type { EntryDecl, Expr, KeySet, Program } from '../../compiler/ir/index.js';
import type { VisibleTable } from '../../compiler/p4info/blocks.js';
import { maxUnsigned, prefixMask, truncate } from '../../compiler/support/bits.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { MatchValue } from './messages.js';
import type { InitialEntry, KeySchema } from './schema.js';

/** Without priorities of their own the first of N entries has priority N, the last 1. */
export function initialEntries(table: VisibleTable, keys: readonly KeySchema[], hasPriority: boolean, program: Program): InitialEntry[] {
  const entries = table.decl.entries ?? [];
  return entries.map((entry, i) => ({
    matches: keys.map((key, k) => matchOf(entry.keys[k] ?? { kind: 'any' }, key, program)),
    priority: hasPriority ? (entry.priority ?? entries.length - i) : 0,
    action: actionOf(table, entry, program),
    isConst: table.decl.constEntries === true || entry.const === true,
  }));
}

function actionOf(table: VisibleTable, entry: EntryDecl, program: Program): InitialEntry['action'] {
  const { name, decl } = table.action(entry.action.action);
  const directional = decl.params.filter((p) => p.direction !== undefined).length;
  return { name, args: entry.action.args.slice(directional).map((arg) => constantOf(arg, program)) };
}

function matchOf(set: KeySet, key: KeySchema, program: Program): MatchValue {
  const all = maxUnsigned(key.width);
  switch (set.kind) {
    case 'any':
      return set;
    case 'value': {
      const value = constantOf(set.value, program);
      if (key.kind === 'lpm') return { kind: 'lpm', value, prefixLength: key.width };
      if (key.kind === 'ternary') return { kind: 'ternary', value, mask: all };
      if (key.kind === 'range') return { kind: 'range', low: value, high: value };
      return { kind: key.kind, value };
    }
    case 'mask': {
      const mask = truncate(constantOf(set.mask, program), key.width);
      if (mask === 0n) return { kind: 'any' };
      const value = constantOf(set.value, program) & mask;
      if (key.kind !== 'lpm') return { kind: 'ternary', value, mask };
      return { kind: 'lpm', value, prefixLength: prefixLengthOf(mask, key.width) };
    }
    case 'range':
      return { kind: 'range', low: constantOf(set.low, program), high: constantOf(set.high, program) };
    case 'value-set':
      throw new InternalError('an entry of a table matches a value set');
  }
}

function prefixLengthOf(mask: bigint, width: number): number {
  const length = mask.toString(2).replaceAll('0', '').length;
  if (mask !== prefixMask(length, width)) throw new InternalError(`the mask 0x${mask.toString(16)} of an lpm key is not a prefix`);
  return length;
}

function constantOf(expr: Expr, program: Program): bigint {
  switch (expr.kind) {
    case 'const':
      return 'width' in expr.type ? truncate(expr.value, expr.type.width) : expr.value;
    case 'bool':
      return expr.value ? 1n : 0n;
    case 'cast':
      return constantOf(expr.arg, program);
    case 'name': {
      const declared = program.constants.find((c) => c.name === expr.name);
      if (declared) return constantOf(declared.value, program);
      break;
    }
    case 'member': {
      const type = expr.type.kind === 'named' ? expr.type.name : '';
      const declared = program.types.find((t) => t.kind === 'enum' && t.name === type);
      const value = declared?.kind === 'enum' ? declared.members.find((m) => m.name === expr.name)?.value : undefined;
      if (value !== undefined) return value;
      break;
    }
    default:
  }
  throw new InternalError(`an entry of a table holds a ${expr.kind}, which is not constant`);
}
