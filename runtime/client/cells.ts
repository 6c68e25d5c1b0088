/**
 * Entities that always exist: cells of meters, counters and registers, and value sets. They are never inserted nor deleted, and
 * of those that nobody names nothing is desired: they are the data plane's state, or another controller's.
 */
import type { Entity, Index } from '../p4runtime/messages.js';

const kinds = {
  meter_entry: { id: 'meter_id', content: 'config' },
  counter_entry: { id: 'counter_id', content: 'data' },
  register_entry: { id: 'register_id', content: 'data' },
  value_set_entry: { id: 'value_set_id', content: 'members' },
} as const;

export interface Cell {
  readonly kind: keyof typeof kinds;
  readonly id: number;
  /** Without it, all cells are meant; value sets have none. */
  readonly index?: bigint;
  readonly content?: unknown;
}

/** Undefined for entities of other kinds. */
export function cellOf(entity: Entity): Cell | undefined {
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
    const message = entity[kind] as Readonly<Record<string, unknown>> | undefined;
    if (!message) continue;
    const { id, content } = kinds[kind];
    const index = message.index as Index | undefined;
    return { kind, id: Number(message[id] ?? 0), ...(index ? { index: index.index ?? 0n } : {}), content: message[content] };
  }
  return undefined;
}

export function cellEntity({ kind, id, index, content }: Cell): Entity {
  const names = kinds[kind];
  const message = {
    [names.id]: id,
    ...(index === undefined ? {} : { index: { index } }),
    ...(content === undefined ? {} : { [names.content]: content }),
  };
  return { [kind]: message };
}

const nameOf = ({ kind, id, index }: Cell): string => `${kind} ${id} ${index ?? ''}`;
const cellsOf = (entities: readonly Entity[]): Cell[] => entities.flatMap((entity) => cellOf(entity) ?? []);

/** What is to be read to compare with: all cells of meters, those that are named of counters and registers. */
export function cellsToRead(desired: readonly Entity[]): Entity[] {
  const asked = cellsOf(desired).map(({ kind, id, index }): Cell => {
    return { kind, id, ...(index === undefined || kind === 'meter_entry' ? {} : { index }) };
  });
  return [...new Map(asked.map((cell) => [nameOf(cell), cellEntity(cell)])).values()];
}

/** Whether what is desired says something of it by itself, or of all cells; true of what is not a cell. */
export function isNamed(entity: Entity, desired: readonly Entity[]): boolean {
  const cell = cellOf(entity);
  if (!cell) return true;
  const { kind, id, index } = cell;
  return cellsOf(desired).some((other) => other.kind === kind && other.id === id && (other.index === undefined || other.index === index));
}

/**
 * Cell by cell: what is said of all cells holds for those that are not named, and cells of a meter of which nothing is said
 * let all packets pass.
 */
export function desiredCells(desired: readonly Entity[], found: readonly Entity[]): Entity[] {
  const named = new Map(cellsOf(desired).map((cell) => [nameOf(cell), cell]));
  const implied = cellsOf(found).flatMap((cell): Cell[] => {
    const { content: _, ...empty } = cell;
    if (named.has(nameOf(cell))) return [];
    const all = named.get(nameOf({ kind: cell.kind, id: cell.id }));
    if (all) return [{ ...empty, content: all.content }];
    return cell.kind === 'meter_entry' && cell.content !== undefined ? [empty] : [];
  });
  const single = [...named.values()].filter((cell) => cell.index !== undefined || cell.kind === 'value_set_entry');
  return [...single, ...implied].map(cellEntity);
}
