/**
 * Extern objects and what tables say of them, in v1model's terms.
 *
 * | portable                              | v1model                                                              |
 * |---------------------------------------|----------------------------------------------------------------------|
 * | Counter(n, unit), DirectCounter(unit) | counter(n, CounterType), direct_counter(CounterType)                 |
 * | Meter(n, unit), DirectMeter(unit)     | meter(n, MeterType), direct_meter<bit<2>>(MeterType)                 |
 * | Register<T>(n)                        | register<bit<W>>(n)                                                  |
 * | ActionProfile(n)                      | action_profile(n)                                                    |
 * | ActionSelector(algorithm, n, m)       | @max_group_size(m) action_selector(algorithm, n, bits of the hash)   |
 * | table property idle_timeout           | support_timeout                                                      |
 * | entries with priorities               | in that order, since p4c looks at nothing else                       |
 */
import type { ProgramInfo } from '../../analysis/program-info.js';
import { type ArchExtern, v1model } from '../../arch/index.js';
import { bits, member, named } from '../../ir/build.js';
import type { InstanceDecl, LocalDecl, TableDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { NamedType, Type } from '../../ir/types.js';
import { each, update } from '../../ir/visit.js';
import { colorBits, rawType } from './cells.js';
import { hashWidth } from './services.js';

/** v1model's extern that is the same. */
function counterpart(info: ProgramInfo, type: Type): ArchExtern | undefined {
  const own = info.extern(type);
  return own?.role && v1model.externs.find(({ role, direct }) => role === own.role && direct === own.direct);
}

/** The type of an extern object; other types stay. */
export function externType(info: ProgramInfo, type: Type): Type {
  const target = counterpart(info, type);
  if (!target || type.kind !== 'named') return type;
  if (target.role === 'meter' && target.direct) return named(target.name, [colorBits]);
  return named(
    target.name,
    type.args?.map((cell) => rawType(info, cell)),
  );
}

export function lowerLocal(info: ProgramInfo, local: LocalDecl): LocalDecl {
  if (local.kind === 'instance') return lowerInstance(info, local);
  return local.kind === 'table' ? lowerTable(local) : local;
}

function lowerInstance(info: ProgramInfo, local: InstanceDecl): InstanceDecl {
  const type = externType(info, local.type) as NamedType;
  const [algorithm, size, maxGroup] = local.args;
  if (info.externRole(local.type) !== 'action-selector' || !algorithm || !size || maxGroup?.kind !== 'const')
    return update(local, { type, args: each(local.args, lowerUnit) });
  const annotations = [...(local.annotations ?? []), { name: 'max_group_size', body: `${maxGroup.value}` }];
  return { ...local, type, args: [algorithm, size, bits(hashWidth(algorithm), 32, maxGroup.loc)], annotations };
}

function lowerUnit(arg: Expr): Expr {
  if (arg.kind !== 'member' || arg.type.kind !== 'named') return arg;
  if (arg.type.name === 'MeterUnit') return member('MeterType', arg.name, arg.loc);
  if (arg.type.name !== 'CounterUnit') return arg;
  return member('CounterType', arg.name === 'both' ? 'packets_and_bytes' : arg.name, arg.loc);
}

function lowerTable(table: TableDecl): TableDecl {
  return update(table, {
    ...(table.properties
      ? { properties: each(table.properties, (p) => (p.name === 'idle_timeout' ? { ...p, name: 'support_timeout' } : p)) }
      : {}),
    ...(table.entries ? { entries: table.entries.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0)) } : {}),
  });
}
