/** Expressions of the DSL: each method makes a node of the IR at the place where it is called. */
import { binary, bitType, boolType, isValid as isValidNode, named, not, unary } from '../ir/build.js';
import type { ConstDecl } from '../ir/decl.js';
import type { BinaryOp, Expr as Ir } from '../ir/expr.js';
import { type Place, placeOf, printPlace } from '../ir/places.js';
import { isSized, isSlice, shiftProblem } from '../ir/rules.js';
import { sameType, type Type, type TypeDecl, typeName } from '../ir/types.js';
import { misfit } from '../support/bits.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, isLibrary, type Loc, nowhere } from '../support/location.js';
import { addressFormat, addressWidth, type Format, parseAddress, ValueError } from '../support/values.js';
import type { Methods } from './methods.js';
import type { Recorder } from './recorder.js';
import type {
  AddressFormat,
  AddressText,
  AnyExpr,
  AnyHeader,
  AnyNewType,
  BitType,
  Bool,
  EnumExpr,
  EnumType,
  Expr,
  Fields,
  IntType,
  MuxBeside,
  MuxOf,
  NewExpr,
  NewType,
  SignedExpr,
  StructView,
} from './surface.js';
import { declarationOf } from './type-declarations.js';

const integerType: Type = { kind: 'integer' };
const brand = Symbol.for('p4ts.expression');
/** How diagnostics call a value that is neither an expression nor a handle. */
export const shownAs: unique symbol = Symbol.for('p4ts.shown-as') as never;
/** Where the view of a header, stack or header stack carries its node. */
export const headerNode: unique symbol = Symbol.for('p4ts.header');

/** What an expression reads, and how many statements had been recorded then; infinite where it is read at the use. */
export interface Read {
  readonly place: Place;
  readonly time: number;
}

/** The class of `Expr`, `Bool`, `EnumExpr` and their references. The type of an expression decides what its methods do. */
export class ExprNode
  implements
    Methods<Expr<number>>,
    Methods<SignedExpr<number>>,
    Methods<Bool>,
    Methods<EnumExpr<string>>,
    Methods<NewExpr<NewType<string, BitType>>>
{
  readonly [brand] = true;
  /** By the text of the place. */
  readonly reads: ReadonlyMap<string, Read>;
  /** Where the field or parameter that this refers to is declared. */
  readonly declared: Loc;
  /** How people write its values. */
  readonly format: Format | undefined;
  /** Not computed: a field, a variable or a parameter. */
  readonly isReference: boolean;
  readonly #ir: Ir;
  #declarations: readonly (ConstDecl | TypeDecl)[];
  readonly recorder: Recorder | undefined;

  constructor(ir: Ir, recorder?: Recorder, parts: readonly ExprNode[] = [], declared: Loc = nowhere, format?: Format) {
    this.#ir = ir;
    this.#declarations = parts.flatMap((part) => part.declarations);
    this.recorder = recorder;
    this.declared = declared;
    this.format = format;
    this.isReference = parts.length === 0;
    this.reads = readsOf(ir, parts, recorder?.time ?? 0);
  }

  get ir(): Ir {
    return this.#ir;
  }

  get type(): Type {
    return this.#ir.type;
  }

  /** The width of a number. */
  get width(): number | undefined {
    return 'width' in this.type ? this.type.width : undefined;
  }

  /** The IR of this expression used at `loc`: a plain reference stands for the place where it is used. */
  at(loc: Loc): Ir {
    return this.isReference ? relocate(this.ir, loc) : this.ir;
  }

  /** An expression with what the program must declare for it: a constant, or the type of a value. */
  static declaring(ir: Ir, declaration: ConstDecl | TypeDecl, parts: readonly ExprNode[] = [], format?: Format): ExprNode {
    const node = parts.length === 0 ? new ConstantNode(ir, undefined, [], nowhere, format) : compose(ir, parts);
    node.#declarations = [...node.#declarations, declaration];
    return node;
  }

  /** The constants and types that the program declares because of this expression. */
  get declarations(): readonly (ConstDecl | TypeDecl)[] {
    return this.#declarations;
  }

  add(other: unknown): ExprNode {
    return this.#binary('+', other);
  }
  mul(other: unknown): ExprNode {
    return this.#binary('*', other);
  }
  neg(): ExprNode {
    const loc = captureLocation();
    return compose(unary('-', this.at(loc), loc), [this]);
  }
  sub(other: unknown): ExprNode {
    return this.#binary('-', other);
  }
  satAdd(other: unknown): ExprNode {
    return this.#binary('|+|', other);
  }
  satSub(other: unknown): ExprNode {
    return this.#binary('|-|', other);
  }
  and(other: unknown): ExprNode {
    return this.#binary(this.type.kind === 'bool' ? '&&' : '&', other);
  }
  or(other: unknown): ExprNode {
    return this.#binary(this.type.kind === 'bool' ? '||' : '|', other);
  }
  xor(other: unknown): ExprNode {
    return this.#binary('^', other);
  }
  not(): ExprNode {
    const loc = captureLocation();
    return compose(this.type.kind === 'bool' ? not(this.at(loc), loc) : unary('~', this.at(loc), loc), [this], this.format);
  }
  eq(other: unknown): ExprNode {
    return this.#binary('==', other);
  }
  ne(other: unknown): ExprNode {
    return this.#binary('!=', other);
  }
  lt(other: unknown): ExprNode {
    return this.#binary('<', other);
  }
  le(other: unknown): ExprNode {
    return this.#binary('<=', other);
  }
  gt(other: unknown): ExprNode {
    return this.#binary('>', other);
  }
  ge(other: unknown): ExprNode {
    return this.#binary('>=', other);
  }
  shl(by: unknown): ExprNode {
    return this.#shift('<<', by);
  }
  shr(by: unknown): ExprNode {
    return this.#shift('>>', by);
  }

  bits(low: number, width: number): ExprNode {
    const loc = captureLocation();
    const own = 'width' in this.type ? this.type.width : 0;
    if (!Number.isInteger(low) || !Number.isInteger(width) || !isSlice(low + width - 1, low, own)) {
      report(this.recorder, 'slice-out-of-range', { slice: `bits(${String(low)}, ${String(width)})`, type: typeName(this.type) }, loc);
      const type = bitType(Number.isInteger(width) && width > 0 ? width : 1);
      return compose({ kind: 'slice', base: this.at(loc), high: type.width - 1, low: 0, type, loc }, [this]);
    }
    return compose({ kind: 'slice', base: this.at(loc), high: low + width - 1, low, type: bitType(width), loc }, [this]);
  }

  as(type: BitType | IntType | AnyNewType | EnumType): ExprNode {
    const loc = captureLocation();
    if (type.kind === 'newtype' || type.kind === 'enum') {
      const declaration = (type as { [declarationOf]?: TypeDecl })[declarationOf] as TypeDecl;
      return ExprNode.declaring({ kind: 'cast', arg: this.at(loc), type: named(type.name), loc }, declaration, [this]);
    }
    const to: Type = { kind: type.kind, width: type.width };
    const format = type.kind === 'bit' ? (type.format as Format) : undefined;
    if (!sameType(this.type, to)) return compose({ kind: 'cast', arg: this.at(loc), type: to, loc }, [this], format);
    return addressWidth(format) === undefined || format === this.format ? this : compose(this.at(loc), [this], format);
  }

  asBool(): ExprNode {
    const loc = captureLocation();
    return compose({ kind: 'cast', arg: this.at(loc), type: boolType, loc }, [this]);
  }

  /** This is the second part of a condition that is put together at `loc`. */
  protected combinedAt(_loc: Loc): void {}

  /** JavaScript's operators ask for this: `a + b`, `a < b`, `${a}`, `+a`. */
  [Symbol.toPrimitive](): never {
    return fail('javascript-operator', {}, { loc: captureLocation() });
  }

  #binary(op: BinaryOp, other: unknown): ExprNode {
    const loc = captureLocation();
    const right = operand(other, this.type, loc, this.recorder, this);
    if (op === '&&' || op === '||') right.combinedAt(loc);
    return compose(binary(op, this.at(loc), right.at(loc), loc), [this, right], addressOperators.has(op) ? this.format : undefined);
  }

  #shift(op: '<<' | '>>', by: unknown): ExprNode {
    const loc = captureLocation();
    if (isExpr(by)) return compose(binary(op, this.at(loc), by.at(loc), loc), [this, by]);
    if (!Number.isInteger(by) || shiftProblem(integerType, BigInt(by as number)))
      report(this.recorder, 'bad-shift', { by: String(by) }, loc);
    const amount: Ir = { kind: 'const', value: BigInt(Math.max(0, Math.trunc(Number(by) || 0))), type: integerType, loc };
    return compose(binary(op, this.at(loc), amount, loc), [this]);
  }
}

/** With them an address stays an address (the surface says `Like<this, W>`). */
const addressOperators: ReadonlySet<BinaryOp> = new Set(['+', '-', '&', '|', '^']);

/** Has one value for ever: it reads nothing. */
class ConstantNode extends ExprNode {
  override readonly reads: ReadonlyMap<string, Read> = new Map();
}

/** Each place is read when the expression around it is built; of a plain reference, where the expression is used. */
function readsOf(ir: Ir, parts: readonly ExprNode[], now: number): ReadonlyMap<string, Read> {
  const reads = new Map<string, Read>();
  const add = (text: string, { place, time }: Read): void => {
    const known = reads.get(text)?.time ?? Number.POSITIVE_INFINITY;
    reads.set(text, { place, time: Math.min(known, time) });
  };
  const inParts = parts.flatMap((part) => [...part.reads]);
  const place = placeOf(ir);
  if (!place) for (const [text, read] of inParts) add(text, { ...read, time: Math.min(now, read.time) });
  else {
    const time = parts.length === 0 ? Number.POSITIVE_INFINITY : Math.min(now, ...inParts.map(([, read]) => read.time));
    add(printPlace(place), { place, time });
  }
  return reads;
}

/** `cond ? yes : no`; of two numbers one must be an expression, which gives the width. */
export function mux<Y extends AnyExpr | number | bigint | boolean | AddressText<AddressFormat>, N extends MuxBeside<Y>>(
  cond: Bool,
  yes: Y,
  no: N,
): MuxOf<Y | N>;
export function mux(cond: Bool, yes: unknown, no: unknown): never {
  const loc = captureLocation();
  const test = operand(cond, boolType, loc, undefined);
  const typed = [yes, no].find(isExpr);
  const type = typed?.type ?? (typeof yes === 'boolean' && typeof no === 'boolean' ? boolType : undefined);
  if (!type) {
    report(test.recorder, 'untyped-literal', {}, loc);
    return shown(test);
  }
  const recorder = test.recorder ?? typed?.recorder;
  const [a, b] = [yes, no].map((value) => operand(value, type, loc, recorder, typed)) as [ExprNode, ExprNode];
  return shown(compose({ kind: 'mux', cond: test.at(loc), yes: a.at(loc), no: b.at(loc), type, loc }, [test, a, b], typed?.format));
}

/** The expressions one after another, the first in the most significant bits; their widths add up to that of `type`. */
export function concat<W extends number>(type: BitType<W>, ...exprs: Expr<number>[]): Expr<W> {
  const loc = captureLocation();
  const parts = exprs.map((part) => nodeOf(part, loc));
  const total = parts.reduce((sum, part) => sum + ('width' in part.type ? part.type.width : 0), 0);
  const recorder = parts.find((part) => part.recorder)?.recorder;
  if (typeof type?.width !== 'number')
    return fail('bad-operand', { got: describe(type), expected: 'a type of bits, such as bit(8)' }, { loc });
  if (total !== type.width || parts.length === 0) {
    report(recorder, 'concat-width', { total: String(total), expected: String(type.width) }, loc);
    return shown(compose({ kind: 'const', value: 0n, type: bitType(type.width), loc }, parts));
  }
  const joined = parts.map((part) => part.at(loc)).reduce((left, right) => binary('++', left, right, loc));
  return shown(compose(joined, parts));
}

/** Whether a header is part of the packet. */
export function valid(header: AnyHeader): Bool {
  const loc = captureLocation();
  const node = headerOf(header, loc);
  return shown(compose(isValidNode(node.at(loc), loc), [node]));
}

/** Whether two headers of one type are both invalid, or both valid with equal fields (P4-16 §8.17); also of structs. */
export function same<T extends AnyHeader | StructView<Fields>>(a: T, b: T): Bool {
  const loc = captureLocation();
  const [left, right] = [headerOf(a, loc), headerOf(b, loc)];
  if (!sameType(left.type, right.type))
    report(left.recorder, 'type-mismatch', { got: typeName(right.type), expected: typeName(left.type) }, loc);
  return shown(compose(binary('==', left.at(loc), right.at(loc), loc), [left, right]));
}

// ── for the other files of the DSL ──

/** A node as people see it: the one class stands for all types of expressions, of which tsc tells one from another by their width. */
export const shown = <T extends object>(node: ExprNode): T => node as object as T;

/** The bits of a value of a type of its own; other values are themselves. */
export function bitsOf(node: ExprNode, types: ReadonlyMap<string, TypeDecl>): ExprNode {
  const decl = node.type.kind === 'named' ? types.get(node.type.name) : undefined;
  return decl?.kind === 'newtype' ? node.as(decl.type as never) : node;
}

export const isExpr = (x: unknown): x is ExprNode => typeof x === 'object' && x !== null && (x as Record<symbol, unknown>)[brand] === true;

/** Ends the run: the user gave something else than is expected. */
export function failOperand(x: unknown, expected: string, loc: Loc): never {
  return x === undefined ? fail('undefined-value', { expected }, { loc }) : fail('bad-operand', { got: describe(x), expected }, { loc });
}

/** The expression that the user gave; ends the run if the value is not an expression. */
export function nodeOf(x: unknown, loc: Loc): ExprNode {
  return isExpr(x) ? x : failOperand(x, 'an expression', loc);
}

/** A header, stack, struct or tuple as a whole. */
export const isWhole = (x: unknown): x is object => typeof x === 'object' && x !== null && headerNode in x;

/** The node of a header or stack. */
export function headerOf(x: unknown, loc: Loc): ExprNode {
  const node = typeof x === 'object' && x !== null ? (x as Record<symbol, unknown>)[headerNode] : undefined;
  return isExpr(node) ? node : failOperand(x, 'a header, such as hdr.ethernet', loc);
}

/** What a value is used with, such as the field that it is assigned to: another expression, or a parameter by its name. */
export type Beside = Partial<Pick<ExprNode, 'format' | 'declared' | 'ir'>> & { readonly name?: string };

/** What the user gave where a value of `type` is expected: an expression of that type, or a literal that fits it. */
export function operand(x: unknown, type: Type, loc: Loc, recorder: Recorder | undefined, beside: Beside = {}): ExprNode {
  const { declared } = beside;
  if (isExpr(x)) {
    const sink = x.recorder ?? recorder;
    if (sameType(x.type, type)) return x;
    report(sink, 'type-mismatch', { what: pathOf(x.ir), got: typeName(x.type), expected: typeName(type) }, loc);
    recorder?.used(x);
    return new ExprNode(zero(type, loc), sink);
  }
  if (typeof x === 'boolean' && type.kind === 'bool') return new ExprNode({ kind: 'bool', value: x, type, loc }, recorder);
  if ((typeof x === 'number' || typeof x === 'bigint') && isSized(type)) {
    const problem = misfit(x, type, typeName(type));
    if (!problem) return new ExprNode({ kind: 'const', value: BigInt(x), type, loc }, recorder);
    report(recorder, 'literal-out-of-range', problem, loc, declared);
    return new ExprNode(zero(type, loc), recorder);
  }
  if (typeof x === 'string' && type.kind === 'bit' && addressWidth(beside.format) !== undefined) {
    const what = (beside.ir && pathOf(beside.ir)) ?? beside.name ?? 'The address';
    const value = addressNumber(x, beside.format, what, loc, recorder);
    return new ExprNode({ kind: 'const', value, type, loc }, recorder);
  }
  const expected = `a value of type ${typeName(type)}`;
  if (x === undefined && recorder) recorder.undefinedValue(expected, loc);
  else if (x === undefined) failOperand(x, expected, loc);
  else report(recorder, 'bad-operand', { got: describe(x), expected }, loc, declared, asAddress(x, type));
  return new ExprNode(zero(type, loc), recorder);
}

/** The number that the text of an address stands for: what is wrong with the text is said in the words of the control plane. */
export function addressNumber(text: string, format: Format | undefined, what: string, loc: Loc, recorder?: Recorder): bigint {
  try {
    return parseAddress(text, format as AddressFormat);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    report(recorder, error.code, { what, problem: error.message }, loc);
    return 0n;
  }
}

/** What to write for the text of an address where the type is bits. */
function asAddress(x: unknown, type: Type): string | undefined {
  const format = type.kind === 'bit' ? addressFormat(type.width) : undefined;
  if (typeof x !== 'string' || format === undefined || type.kind !== 'bit') return undefined;
  try {
    const digits = parseAddress(x, format as AddressFormat)
      .toString(16)
      .padStart(type.width / 4, '0');
    return `declare it as ${format}, or write the number: 0x${digits}${type.width > 48 ? 'n' : ''}`;
  } catch {
    return undefined;
  }
}

/** A node made of others: it uses them, and is to be used itself where it is a condition or computed. */
function compose(ir: Ir, parts: readonly ExprNode[], format?: Format): ExprNode {
  const recorder = parts.find((part) => part.recorder)?.recorder;
  for (const part of parts) recorder?.used(part);
  const node = new ExprNode(ir, recorder, parts, nowhere, format);
  if (ir.type.kind === 'bool' || placeOf(ir) === undefined) recorder?.built(node);
  return node;
}

/** `hdr.ipv4.ttl` for what has a name; nothing for what is computed. */
export function pathOf(ir: Ir): string | undefined {
  switch (ir.kind) {
    case 'name':
      return ir.name;
    case 'field': {
      const base = pathOf(ir.base);
      return base === undefined ? undefined : `${base}.${ir.name}`;
    }
    case 'slice':
    case 'index':
    case 'stack-member':
      return pathOf(ir.base);
    default:
      return undefined;
  }
}

/** A reference such as `hdr.ipv4.ttl` with the place where it is used on all of its parts. */
function relocate(ir: Ir, loc: Loc): Ir {
  switch (ir.kind) {
    case 'field':
    case 'index':
    case 'stack-member':
      return { ...ir, base: relocate(ir.base, loc), loc };
    case 'is-valid':
      return { ...ir, header: relocate(ir.header, loc), loc };
    default:
      return { ...ir, loc };
  }
}

/** A value to go on with after a mistake was reported. */
function zero(type: Type, loc: Loc): Ir {
  if (type.kind === 'bool') return { kind: 'bool', value: false, type, loc };
  return { kind: 'const', value: 0n, type, loc };
}

export function describe(x: unknown): string {
  if (x === undefined || x === null) return String(x);
  if (isExpr(x)) return pathOf(x.ir) ?? 'an expression';
  if (isWhole(x)) return describeWhole(x);
  if (typeof x === 'object' && shownAs in x) return String(x[shownAs]);
  if (typeof x === 'object' && 'kind' in x && x.kind === 'header' && 'name' in x) return `the header type ${x.name}`;
  if (typeof x === 'function') return 'a function';
  if (Array.isArray(x)) return 'an array';
  if (x instanceof Promise) return 'a promise, which await waits for';
  return typeof x === 'string' ? `the string "${x}"` : typeof x === 'object' ? 'an object' : `${typeof x} ${String(x)}`;
}

function describeWhole(x: object): string {
  const { ir } = (x as Record<symbol, ExprNode>)[headerNode] as ExprNode;
  const place = placeOf(ir);
  return place === undefined ? 'a header' : `the whole of ${printPlace(place)}`;
}

type Reported =
  | 'literal-out-of-range'
  | 'type-mismatch'
  | 'bad-operand'
  | ValueError['code']
  | 'slice-out-of-range'
  | 'bad-shift'
  | 'untyped-literal'
  | 'concat-width';

function report(
  recorder: Recorder | undefined,
  code: Reported,
  params: Record<string, string | undefined>,
  loc: Loc,
  declared: Loc = nowhere,
  help?: string,
): void {
  // In a header of the library nobody looks for what is wrong.
  const notes = declared === nowhere || isLibrary(declared) ? [] : [{ message: 'declared here', loc: declared }];
  const where = { loc, notes, ...(help === undefined ? {} : { help }) };
  if (recorder) recorder.diagnostics.report(code, params as never, where);
  else fail(code, params as never, where);
}
