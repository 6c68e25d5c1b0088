/** Constraints of entries and calls as the DSL writes them: methods make the text of p4-constraints. */

import { isMatchKind, partsOf } from '../analysis/constraints/ast.js';
import type { RestrictionName } from '../analysis/constraints/text.js';
import { translationOf } from '../ir/annotations.js';
import type { KeyDecl, Param } from '../ir/decl.js';
import type { Annotation, Type } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, type Loc } from '../support/location.js';
import { type Format, parseValue, ValueError } from '../support/values.js';
import { describeHandle, expectHandle, tableOf } from './handles.js';
import type { Methods } from './methods.js';
import type { Recorder } from './recorder.js';
import type {
  EntryReference,
  Impl,
  Key,
  Keys,
  MaskedKey,
  PrefixKey,
  RangeKey,
  ReferableKey,
  Referred,
  ReplicaReference,
  RestrictedNumber,
  Restriction,
  Table,
} from './surface.js';

/** How tightly the text binds, as in the grammar of constraints. */
type Level = 'implies' | 'or' | 'and' | 'compare';
const levels: readonly Level[] = ['implies', 'or', 'and', 'compare'];

export class RestrictionNode implements Methods<Restriction> {
  readonly text: string;
  readonly #level: Level;

  constructor(text: string, level: Level) {
    this.text = text;
    this.#level = level;
  }

  and(other: unknown): RestrictionNode {
    return this.#joined('&&', other, 'and', 'and');
  }
  or(other: unknown): RestrictionNode {
    return this.#joined('||', other, 'or', 'or');
  }
  implies(other: unknown): RestrictionNode {
    return this.#joined('->', other, 'implies', 'or');
  }
  not(): RestrictionNode {
    return new RestrictionNode(`!(${this.text})`, 'compare');
  }

  /** `least`: what stands at both sides without parentheses. */
  #joined(op: string, other: unknown, level: Level, least: Level): RestrictionNode {
    const right = restriction(other, captureLocation());
    return new RestrictionNode(`${this.#within(least)} ${op} ${right.#within(least)}`, level);
  }

  #within(least: Level): string {
    return levels.indexOf(this.#level) >= levels.indexOf(least) ? this.text : `(${this.text})`;
  }
}

function restriction(given: unknown, loc: Loc): RestrictionNode {
  if (given instanceof RestrictionNode) return given;
  return fail('bad-operand', { got: describeHandle(given), expected: 'a condition of a restriction, such as k.port.ne(0)' }, { loc });
}

/** How literals are written for what is restricted. */
interface LiteralForm {
  /** Bits; absent for counts, which have no width. */
  readonly width?: number;
  readonly format?: Format | undefined;
  readonly members?: ReadonlyMap<string, bigint> | undefined;
}

/** A key, a part of one, or a parameter. */
class NumberNode implements Methods<RestrictedNumber<number, unknown>> {
  readonly #text: string;
  readonly #form: LiteralForm;

  constructor(text: string, form: LiteralForm) {
    this.#text = text;
    this.#form = form;
  }

  get text(): string {
    return this.#text;
  }

  eq(other: unknown): RestrictionNode {
    return this.#compared('==', other);
  }
  ne(other: unknown): RestrictionNode {
    return this.#compared('!=', other);
  }
  lt(other: unknown): RestrictionNode {
    return this.#compared('<', other);
  }
  le(other: unknown): RestrictionNode {
    return this.#compared('<=', other);
  }
  gt(other: unknown): RestrictionNode {
    return this.#compared('>', other);
  }
  ge(other: unknown): RestrictionNode {
    return this.#compared('>=', other);
  }

  #compared(op: string, other: unknown): RestrictionNode {
    const right = other instanceof NumberNode ? other.text : literal(other, this.#form, captureLocation());
    return new RestrictionNode(`${this.text} ${op} ${right}`, 'compare');
  }
}

type Parts = Pick<
  MaskedKey<number, unknown> & PrefixKey<number, unknown> & RangeKey<number, unknown>,
  'value' | 'mask' | 'prefixLength' | 'low' | 'high'
>;

/** A key with its parts; what its kind of match does not have is never asked for. */
class KeyNode extends NumberNode {
  constructor(text: string, match: string, form: LiteralForm) {
    super(text, form);
    const plain = form.width === undefined ? {} : { width: form.width };
    for (const part of isMatchKind(match) ? partsOf[match] : []) {
      const name = part === 'prefix_length' ? 'prefixLength' : part;
      const partForm = part === 'prefix_length' ? {} : part === 'mask' ? plain : form;
      Object.defineProperty(this, name satisfies keyof Parts, { value: new NumberNode(`${text}::${part}`, partForm), enumerable: true });
    }
  }
}

/** A literal as constraints write it. */
function literal(given: unknown, { width, format, members }: LiteralForm, loc: Loc): string {
  const member = typeof given === 'string' ? members?.get(given) : undefined;
  const value = member ?? (typeof given === 'number' && Number.isInteger(given) ? BigInt(given) : given);
  if (typeof value === 'boolean') return value ? '1' : '0';
  try {
    if (typeof value === 'string') {
      const bits = parseValue(value, width ?? 0, format);
      return /[.:]/.test(value) && (format === 'ipv4' || format === 'ipv6' || format === 'mac') ? `${format}('${value}')` : shown(bits);
    }
    if (typeof value !== 'bigint')
      return fail('bad-operand', { got: describeHandle(given), expected: 'a number, or what it is compared with' }, { loc });
    if (width === undefined) return `${value}`;
    // -1 is all ones.
    if (value < 0n) return value >= -(1n << BigInt(width)) ? `${value}` : shown(parseValue(value, width));
    return shown(parseValue(value, width));
  } catch (error) {
    if (error instanceof ValueError) return fail(error.code, { what: 'A restriction', problem: error.message }, { loc });
    throw error;
  }
}

const shown = (value: bigint): string => (value < 256n ? `${value}` : `0x${value.toString(16)}`);

// ── what declarations take ──

function formOf(type: Type, format: Format | undefined, { types }: Recorder): LiteralForm {
  if (type.kind === 'bit' || type.kind === 'int') return { width: type.width, format };
  const decl = type.kind === 'named' ? types.get(type.name) : undefined;
  if (decl?.kind === 'newtype') return { width: translationOf(decl)?.width ?? (decl.type.kind === 'bit' ? decl.type.width : 0), format };
  if (decl?.kind !== 'enum') return { width: 1 };
  return { width: decl.base?.width ?? 0, members: new Map(decl.members.map((m) => [m.name, m.value ?? 0n])) };
}

/** What the user's function says of the keys of a table, as an annotation. */
export function entryRestriction(given: unknown, keys: readonly KeyDecl[], recorder: Recorder, loc: Loc): readonly Annotation[] {
  const nodes = keys.map(({ name, match, expr, format }) => [name, new KeyNode(name, match, formOf(expr.type, format, recorder))] as const);
  const entry = Object.freeze({ priority: new NumberNode('::priority', {}) });
  return annotated('entry_restriction', given, [Object.freeze(Object.fromEntries(nodes)), entry], recorder, loc);
}

/** As `entryRestriction`, of the parameters of an action. */
export function callRestriction(given: unknown, params: readonly Param[], recorder: Recorder, loc: Loc): readonly Annotation[] {
  const controlled = params.filter((p) => p.direction === undefined);
  const nodes = controlled.map(({ name, type, format }) => [name, new NumberNode(name, formOf(type, format, recorder))] as const);
  return annotated('action_restriction', given, [Object.freeze(Object.fromEntries(nodes))], recorder, loc);
}

function annotated(name: RestrictionName, given: unknown, args: readonly unknown[], recorder: Recorder, loc: Loc): readonly Annotation[] {
  if (given === undefined) return [];
  if (typeof given !== 'function')
    return fail('bad-operand', { got: describeHandle(given), expected: 'a function as `restrict`' }, { loc });
  const around = recorder.views;
  recorder.views = { ...around, ...namedAs(given, args) };
  try {
    const made: unknown = given(...args);
    const clauses = (Array.isArray(made) ? made : [made]).map((one) => restriction(one, loc).text);
    if (clauses.length === 0) return [];
    const text = clauses.length === 1 ? clauses[0] : `\n${clauses.map((clause) => `    ${clause};\n`).join('')}  `;
    return [{ name, body: `"${text}"` }];
  } catch (error) {
    recorder.failed(error);
    return [];
  } finally {
    recorder.views = around;
  }
}

/** The arguments by the names that the user's function has for them, which its mistakes are told with. */
function namedAs(given: object, args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const source = String(given);
  const names = (/^([\w$]+)\s*=>/.exec(source) ?? /^[^(]*\(([^)]*)\)/.exec(source))?.[1]?.split(',') ?? [];
  return Object.fromEntries(names.map((name, i) => [name.trim(), args[i]]));
}

// ── references ──

const referenceBrand = Symbol.for('p4ts.entry-reference');
interface ReferenceDescriptor {
  readonly annotation: 'refers_to' | 'referenced_by';
  /** `table, key`. */
  readonly body: string;
}
const reference = (annotation: ReferenceDescriptor['annotation'], body: string): never =>
  Object.freeze({ [referenceBrand]: { annotation, body } satisfies ReferenceDescriptor }) as never;

/**
 * A key of a table to which entries of other tables refer, as `refersTo` of tables and actions takes it: the switch takes no
 * entry that refers to one that is not there, and deletes none that is referred to.
 */
export function tableKey<K extends Keys, A extends string, I extends Impl, const N extends ReferableKey<K>>(
  table: Table<K, A, I>,
  key: N,
): EntryReference<K[N] extends Key<'exact', infer T> ? Referred<T> : never> {
  const { path } = expectHandle(tableOf, table, 'a table of this pipeline', captureLocation());
  return reference('refers_to', `${path.slice(path.indexOf('.') + 1)}, ${String(key)}`);
}

const groups = 'builtin::multicast_group_table';
/** What of the switch itself refers and is referred to: multicast groups by their id, and their replicas by port and instance. */
export const builtin: {
  readonly multicastGroup: EntryReference<16>;
  readonly replicaPort: ReplicaReference;
  readonly replicaInstance: ReplicaReference;
} = Object.freeze({
  multicastGroup: reference('refers_to', `${groups}, multicast_group_id`),
  replicaPort: reference('referenced_by', `${groups}, replica.port`),
  replicaInstance: reference('referenced_by', `${groups}, replica.instance`),
});

/** The annotations of each key or parameter, of what `refersTo` and `referredBy` say. */
export function referenceAnnotations(
  given: readonly (object | undefined)[],
  names: readonly string[],
  loc: Loc,
): ReadonlyMap<string, readonly Annotation[]> {
  const found = new Map<string, Annotation[]>();
  for (const [name, value] of given.flatMap((one) => Object.entries(one ?? {}) as [string, unknown][])) {
    if (value === undefined) continue;
    if (!names.includes(name)) fail('bad-operand', { got: `\`${name}\``, expected: `one of ${names.join(', ')}` }, { loc });
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const { annotation, body } =
        descriptorOf(one) ??
        fail('bad-operand', { got: describeHandle(one), expected: 'what tableKey(table, key) returns, or a part of `builtin`' }, { loc });
      found.set(name, [...(found.get(name) ?? []), { name: annotation, body }]);
    }
  }
  return found;
}

const descriptorOf = (handle: unknown): ReferenceDescriptor | undefined =>
  typeof handle === 'object' && handle !== null ? (handle as { [referenceBrand]?: ReferenceDescriptor })[referenceBrand] : undefined;
