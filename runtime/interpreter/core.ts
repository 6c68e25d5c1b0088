/** The externs of core.p4: packet_in, packet_out and verify (P4-16 §12.8, §15.1). */
import type { Expr, Type } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import { evaluate, evaluateBits, evaluateBool, headerOf, lvalue, stackOf } from './eval.js';
import { BitReader, BitWriter } from './packet.js';
import { type ExternCall, type ExternFunction, type ObjectValue, ParserStop, type Scope } from './scope.js';
import { exprText, traceFields } from './tracer.js';
import type { Value } from './values.js';

const stop = (error: string, call: ExternCall): never => {
  throw new ParserStop({ kind: 'error', error }, call.loc);
};

export const coreFunctions: Readonly<Record<string, ExternFunction>> = {
  verify: (call) => {
    if (!evaluateBool(argument(call, 0), call.scope)) stop(evaluate(argument(call, 1), call.scope) as string, call);
    return undefined;
  },
};

/** The packet that a parser reads. What does not fit in the rest of it is error.PacketTooShort and reads nothing. */
export class PacketIn implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'packet_in';
  readonly #reader: BitReader;

  constructor(bytes: Uint8Array) {
    this.#reader = new BitReader(bytes);
  }

  /** What the parser left. */
  get payload(): Uint8Array {
    return this.#reader.payload;
  }

  call(method: string, call: ExternCall): Value | undefined {
    switch (method) {
      case 'extract':
        return this.#extract(call);
      case 'advance': {
        const length = evaluateBits(argument(call, 0), call.scope);
        if (length > BigInt(this.#reader.remaining)) stop('PacketTooShort', call);
        this.#reader.skip(Number(length));
        call.scope.trace?.add({ kind: 'advance', length: Number(length), loc: call.loc });
        return undefined;
      }
      case 'lookahead': {
        const type = call.type as Type;
        this.#need(call.scope.types.width(type), call);
        return call.scope.types.read(this.#reader.fork(), type);
      }
      case 'length':
        return BigInt(this.#reader.length);
      default:
        throw new InternalError(`packet_in.${method}`);
    }
  }

  #need(width: number, call: ExternCall): void {
    if (width > this.#reader.remaining) stop('PacketTooShort', call);
  }

  #extract(call: ExternCall): undefined {
    const { scope, loc } = call;
    const { types } = scope;
    const target = argument(call, 0);
    const resolved = types.resolve(target.type);
    invariant(resolved.kind === 'header', 'extract into something that is no header');
    const varbit = resolved.fields.find((f) => types.resolve(f.type).kind === 'varbit');
    const most = types.width(target.type);
    const varbitMost = varbit ? types.width(varbit.type) : 0;
    const varbitWidth = call.args[1] ? evaluateBits(call.args[1], scope) : 0n;
    // A full stack comes before a short packet, and these three in this order, as in BMv2.
    const place = target.kind === 'default' ? undefined : lvalue(target, scope);
    if (varbitWidth % 8n !== 0n) stop('ParserInvalidArgument', call);
    const length = BigInt(most - varbitMost) + varbitWidth;
    if (length > BigInt(this.#reader.remaining)) stop('PacketTooShort', call);
    if (length > BigInt(most)) stop('HeaderTooShort', call);
    if (!place) {
      this.#reader.skip(Number(length));
      return;
    }
    const header = headerOf(place.get());
    types.readHeader(this.#reader, header, Number(varbitWidth));
    const name = scope.trace && elementText(target, scope);
    // A member of a union in `next` counts as the union does.
    const next = nextOf(target);
    if (next) stackOf(evaluate(next.base, scope)).next++;
    if (!scope.trace || name === undefined) return;
    scope.trace.add({ kind: 'extract', header: name, length: Number(length), fields: traceFields(header, types), loc });
  }
}

/** The `next` of a stack that the header is, or is a member of. */
function nextOf(expr: Expr): OfKind<Expr, 'stack-member'> | undefined {
  if (expr.kind === 'field') return nextOf(expr.base);
  return expr.kind === 'stack-member' && expr.member === 'next' ? expr : undefined;
}

/** The header's name, with the number that `next` and `last` stand for. */
function elementText(expr: Expr, scope: Scope): string {
  if (expr.kind === 'field') return `${elementText(expr.base, scope)}.${expr.name}`;
  if (expr.kind !== 'stack-member') return exprText(expr);
  const { next } = stackOf(evaluate(expr.base, scope));
  return `${exprText(expr.base)}[${expr.member === 'next' ? next : next - 1}]`;
}

/** The packet that a deparser writes. */
export class PacketOut implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'packet_out';
  readonly #writer = new BitWriter();

  /** The emitted headers, and the payload behind them. */
  bytes(payload: Uint8Array): Uint8Array {
    return this.#writer.bytes(payload);
  }

  call(method: string, call: ExternCall): undefined {
    if (method !== 'emit') throw new InternalError(`packet_out.${method}`);
    const target = argument(call, 0);
    const value = evaluate(target, call.scope);
    call.scope.types.write(this.#writer, value, target.type);
    if (call.scope.trace) traceEmit(value, exprText(target), call, call.scope);
  }
}

function traceEmit(value: Value, name: string, call: ExternCall, scope: Scope): void {
  invariant(typeof value === 'object', 'emit of a scalar');
  if (value.kind === 'header') {
    if (!value.valid) return;
    const length = scope.types.size(value, { kind: 'named', name: value.decl.name });
    scope.trace?.add({ kind: 'emit', header: name, length, loc: call.loc });
  } else if (value.kind === 'struct' || value.kind === 'union') {
    for (const [field, part] of value.fields) traceEmit(part, `${name}.${field}`, call, scope);
  } else if (value.kind === 'stack' || value.kind === 'tuple') {
    value.elements.forEach((element, i) => {
      traceEmit(element, `${name}[${i}]`, call, scope);
    });
  }
}

export function argument(call: ExternCall, index: number): Expr {
  const arg = call.args[index];
  if (!arg) throw new InternalError(`argument ${index + 1} is missing`);
  return arg;
}
