/** `c`, continued: where the packet goes, state, and the other services of the architecture. */
import {
  bits,
  bitType,
  boolType,
  call,
  callFunction,
  callMethod,
  field,
  list,
  member,
  name,
  named,
  string,
  voidType,
} from '../ir/build.js';
import type { FunctionDecl } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { CallStmt, Stmt } from '../ir/stmt.js';
import type { Type } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, type Loc } from '../support/location.js';
import { BodyNode } from './body.js';
import { describe, ExprNode, nodeOf, operand } from './expr.js';
import { functionOf } from './function.js';
import { counterOf, digestOf, directMeterOf, expectHandle, meterOf, registerOf } from './handles.js';
import type { Methods } from './methods.js';
import type { Growing } from './statements.js';
import type { Bool, Cell, DataType, EgressBody, Fields, IngressBody, Keep, Operand, TargetTag } from './surface.js';
import { cellType, formatOf, isOneValue, type Typed, typedAll } from './types.js';
import { view } from './views.js';

export class ServicesNode extends BodyNode implements Methods<IngressBody>, Methods<EgressBody> {
  // ── where the packet goes ──

  forward(port: Operand<9>): void {
    const loc = this.here('forward');
    this.add(callFunction('forward', [this.take(port, bitType(9), loc)], loc));
  }

  drop(): void {
    this.add(callFunction('drop', [], this.here('drop')));
  }

  multicast(group: Operand<16>): void {
    const loc = this.here('multicast');
    this.add(callFunction('multicast', [this.take(group, bitType(16), loc)], loc));
  }

  toController(metadata: Readonly<Record<string, unknown>> = {}): void {
    this.#fillPacketIn('toController', 'to_controller', metadata);
  }

  packetIn(metadata: Readonly<Record<string, unknown>> = {}): void {
    this.#fillPacketIn('packetIn', 'fill_packet_in', metadata);
  }

  setPriority(priority: Operand<3>): void {
    const loc = this.here('setPriority');
    this.add(callFunction('set_priority', [this.take(priority, bitType(3), loc)], loc));
  }

  recirculate(options: Keep = {}): void {
    const loc = this.here('recirculate');
    this.add(callFunction('recirculate', [this.#keep(options, loc)], loc));
  }

  resubmit(options: Keep = {}): never {
    const loc = this.here('resubmit');
    this.add(callFunction('resubmit', [this.#keep(options, loc)], loc));
    return undefined as never;
  }

  // ── beside the decision ──

  mirror(session: Operand<10>, options: Keep = {}): void {
    const loc = this.here('mirror');
    this.add(callFunction('mirror', [this.take(session, bitType(10), loc), this.#keep(options, loc)], loc));
  }

  digest(digest: unknown, values: Readonly<Record<string, unknown>>): void {
    const loc = this.here('digest');
    const { name: text, fields } = expectHandle(digestOf, digest, 'a digest of this control', loc);
    const types = typedAll(fields);
    const given = this.takeNamed(`The digest ${text}`, types, values, loc);
    const data: Ir = {
      kind: 'struct',
      type: named(text),
      fields: Object.keys(types).map((key, i) => ({ name: key, value: given[i] as Ir })),
      loc,
    };
    this.add(callFunction('digest', [data], loc));
  }

  // ── state ──

  count(counter: unknown, index: Operand<32>): void {
    const loc = this.here('count');
    const info = expectHandle(counterOf, counter, 'a counter of this control', loc);
    this.add(callMethod(name(info.name, named('Counter'), loc), 'count', [this.take(index, bitType(32), loc)], loc));
  }

  meter(meter: unknown, index?: Operand<32>): ExprNode {
    const loc = this.here('meter');
    const direct = directMeterOf(meter);
    const color = this.#result('color', { type: named('MeterColor') }, loc);
    if (direct) {
      this.add(callMethod(name(direct.name, named('DirectMeter'), loc), 'read', [color.at(loc)], loc));
      return color;
    }
    const info = expectHandle(meterOf, meter, 'a meter of this control', loc);
    const at = this.take(index, bitType(32), loc);
    this.add(callMethod(name(info.name, named('Meter'), loc), 'execute', [at, color.at(loc)], loc));
    return color;
  }

  /** Records the function with the cell as its variable; what it returns is assigned at its end. */
  update(register: unknown, index: Operand<32>, f: (cell: unknown) => { next?: unknown; result?: unknown }): ExprNode | undefined {
    const loc = this.here('update');
    const info = expectHandle(registerOf, register, 'a register of this control', loc);
    const type = cellType(info.name, info.cell);
    const at = this.take(index, bitType(32), loc);
    const [cellName, resultName] = [this.freeName('cell'), this.freeName('result')];
    const cell = name(cellName, type, loc);
    const isStruct = !isOneValue(info.cell);
    const outer = this.currentBlock;
    const body: Stmt[] = [];
    let result: ExprNode | undefined;
    this.recordInto(
      body,
      () => {
        const own = isOneValue(info.cell) ? formatOf(info.cell).format : undefined;
        const given = f(isStruct ? view(cell, info.cell as never, this.recorder) : new ExprNode(cell, this.recorder, [], loc, own));
        // The result is what the cell gives before it is written.
        if (given?.result !== undefined) {
          const node = typeof given.result === 'object' ? nodeOf(given.result, loc) : undefined;
          const resultType = node?.type ?? (isStruct ? bitType(32) : type);
          result = this.#result(`${info.name}_result`, { type: resultType }, loc, outer);
          this.add({ kind: 'assign', target: name(resultName, resultType, loc), value: this.take(given.result, resultType, loc), loc });
        }
        if (given?.next !== undefined) this.#writeCell(cell, type, info.cell, given.next, isStruct, loc);
        if (given?.next === undefined && given?.result === undefined) {
          fail('bad-operand', { got: describe(given), expected: 'an object with next, result or both' }, { loc });
        }
      },
      loc,
    );
    // They are names in the function only.
    this.context.names.delete(cellName);
    this.context.names.delete(resultName);
    const update: FunctionDecl = {
      kind: 'function',
      name: 'update',
      returns: voidType,
      params: [
        { name: cellName, type, direction: 'inout', loc },
        ...(result ? [{ name: resultName, type: result.type, direction: 'out' as const, loc }] : []),
      ],
      body,
      loc,
    };
    const statement: CallStmt = {
      ...callMethod(name(info.name, named('Register', [type]), loc), 'update', [at], loc),
      ...(result ? { result: result.at(loc) } : {}),
      given: update,
    };
    this.add(statement);
    return result;
  }

  // ── values ──

  hash(algorithm: string, type: { width: number }, over: readonly unknown[], range?: { base?: unknown; max: number | bigint }): ExprNode {
    const loc = this.here('hash');
    const result = this.#result('hash_value', { type: bitType(type.width) }, loc);
    const data = list(
      over.map((x) => this.#any(x, loc)),
      loc,
    );
    if (range && (range.max === undefined || Number(range.max) === 0))
      fail('bad-operand', { got: describe(range.max), expected: 'max, the number of values that the hash can have, from 1' }, { loc });
    const base = range?.base === undefined ? bits(0, type.width, loc) : this.take(range.base, bitType(type.width), loc);
    // One bit more than the result, so that `max` can be the number of all its values.
    const max = this.take(range?.max ?? 0, bitType(type.width + 1), loc);
    this.add(callFunction('hash', [result.at(loc), member('HashAlgorithm', algorithm, loc), base, data, max], loc));
    return result;
  }

  random(type: { width: number }, low: unknown, high: unknown): ExprNode {
    const loc = this.here('random');
    const irType = bitType(type.width);
    const result = this.#result('random_value', { type: irType }, loc);
    this.add(callFunction('random', [result.at(loc), this.take(low, irType, loc), this.take(high, irType, loc)], loc));
    return result;
  }

  /** RFC 1624, equation 3: HC' = ~(~HC + ~m + m'), in ones' complement, over the 16-bit words of each change. */
  updateChecksumBy(checksum: unknown, changes: readonly (readonly [unknown, unknown])[]): void {
    const loc = this.here('updateChecksumBy');
    const target = nodeOf(checksum, loc);
    const wide = (node: ExprNode): ExprNode => node.as({ kind: 'bit', width: 32, format: 'num' });
    const word = { kind: 'bit', width: 16, format: 'num' } as const;
    let sum = wide(target.not());
    for (const [before, after] of changes) {
      const old = nodeOf(before, loc);
      const now = operand(after, old.type, loc, this.recorder, old);
      const width = 'width' in old.type ? old.type.width : 0;
      for (let low = 0; low < width; low += 16) {
        const part = (node: ExprNode): ExprNode => (width < 16 ? node.as(word) : node.bits(low, Math.min(16, width - low)).as(word));
        sum = sum.add(wide(part(old).not())).add(wide(part(now)));
      }
    }
    const folded = this.#variable('sum', sum, loc);
    const once = this.#variable('sum', wide(folded.bits(0, 16)).add(wide(folded.bits(16, 16))), loc);
    this.set(target, once.bits(0, 16).add(once.bits(16, 16)).not());
  }

  invoke(f: unknown, args: Readonly<Record<string, unknown>> = {}): ExprNode {
    const loc = this.here('invoke');
    const info = expectHandle(functionOf, f, 'a function of this control', loc);
    const result = this.#result(`${info.name}_result`, info.returns, loc);
    const values = this.takeNamed(`The function ${info.name}`, info.params, args, loc);
    this.add({ ...call({ kind: 'function', name: info.name }, values, loc), result: result.at(loc) });
    return result;
  }

  // ── for debugging, and for one target ──

  log(text: string, ...values: unknown[]): void {
    const loc = this.here('log');
    const places = text.match(/\{\}/g)?.length ?? 0;
    if (places !== values.length) {
      this.recorder.diagnostics.report('log-arguments', { places, values: values.length }, { loc });
      return;
    }
    this.add(
      callFunction(
        'log',
        [
          string(text, loc),
          list(
            values.map((x) => this.#any(x, loc)),
            loc,
          ),
        ],
        loc,
      ),
    );
  }

  assert(cond: Bool): void {
    const loc = this.here('assert');
    this.add(callFunction('assert', [this.take(cond, boolType, loc)], loc));
  }

  assume(cond: Bool): void {
    const loc = this.here('assume');
    this.add(callFunction('assume', [this.take(cond, boolType, loc)], loc));
  }

  on(tag: TargetTag<unknown>, f: (intrinsics: object) => unknown): { otherwise(g: () => unknown): void } {
    const loc = this.here('on');
    const intrinsics = {
      truncate: (bytes: unknown) => {
        const at = this.here('truncate');
        this.add(callFunction('truncate', [this.take(bytes, bitType(32), at)], at));
      },
      setQueue: (queue: unknown) => {
        const at = this.here('setQueue');
        this.add(callFunction('set_queue', [this.take(queue, bitType(5), at)], at));
      },
    };
    const stmt: Growing<Stmt> & { kind: 'target' } = { kind: 'target', target: tag.target, body: [], loc };
    this.add(stmt);
    stmt.body = this.nested(() => f(intrinsics), loc);
    return {
      otherwise: (g) => {
        stmt.otherwise = this.nested(g, captureLocation());
      },
    };
  }

  // ── implementation ──

  #fillPacketIn(method: string, extern: string, metadata: Readonly<Record<string, unknown>>): void {
    const loc = this.here(method);
    if (Object.keys(this.context.packetIn).length === 0) this.recorder.diagnostics.report('no-packet-in', { method }, { loc });
    else this.add(callFunction(extern, this.takeNamed(`c.${method}`, this.context.packetIn, metadata, loc), loc));
  }

  #keep({ keep = [] }: Keep, loc: Loc): Ir {
    return list(
      keep.map((x) => this.#any(x, loc)),
      loc,
    );
  }

  #any(x: unknown, loc: Loc): Ir {
    const node = nodeOf(x, loc);
    return this.take(node, node.type, loc);
  }

  /** A variable that takes what a service gives. */
  #result(wanted: string, { type, format }: Typed, loc: Loc, block?: Stmt[]): ExprNode {
    const unique = this.freeName(wanted);
    const declare: Stmt = { kind: 'declare', name: unique, type, loc };
    if (block) block.push(declare);
    else this.add(declare);
    return new ExprNode(name(unique, type, loc), this.recorder, [], loc, format);
  }

  #variable(wanted: string, value: ExprNode, loc: Loc): ExprNode {
    const unique = this.freeName(wanted);
    this.add({ kind: 'declare', name: unique, type: value.type, init: this.take(value, value.type, loc), loc });
    return new ExprNode(name(unique, value.type, loc), this.recorder, [], loc);
  }

  #writeCell(cell: Ir, type: Type, declared: Cell, next: unknown, isStruct: boolean, loc: Loc): void {
    if (!isStruct) {
      this.add({ kind: 'assign', target: cell, value: this.take(next, type, loc, formatOf(declared as DataType)), loc });
      return;
    }
    const types = typedAll(declared as Fields);
    const values = this.takeNamed(`\`next\``, types, next as Record<string, unknown>, loc);
    // Every field is computed from the cell as it was: the ones that others read go through a variable.
    const captured = values.map((value, i) =>
      value.kind === 'const' ? value : this.#variable(`next_${Object.keys(types)[i]}`, new ExprNode(value, this.recorder), loc).at(loc),
    );
    Object.keys(types).forEach((key, i) => {
      this.add({ kind: 'assign', target: field(cell, key, (types[key] as Typed).type, loc), value: captured[i] as Ir, loc });
    });
  }
}
