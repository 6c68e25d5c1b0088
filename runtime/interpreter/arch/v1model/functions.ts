/** The extern functions of v1model but for checksums. */
import { truncate } from '../../../../compiler/support/bits.js';
import { InternalError, invariant } from '../../../../compiler/support/invariant.js';
import { hashAlgorithms } from '../../../data-plane/hashes.js';
import { assign } from '../../assign.js';
import { argument } from '../../core.js';
import { packData } from '../../data.js';
import { digested } from '../../digests.js';
import { evaluate, evaluateBits } from '../../eval.js';
import type { ExternCall, ExternFunction } from '../../scope.js';
import { traceValue } from '../../tracer.js';
import type { StructValue } from '../../values.js';
import { check } from '../check.js';
import { type Keeping, passOf } from './pass.js';
import { dropPort, setAll } from './standard-metadata.js';

export const functions: Readonly<Record<string, ExternFunction>> = {
  mark_to_drop: markToDrop,
  hash,
  random,
  digest,
  clone: (call) => clone(call),
  clone_preserving_field_list: (call) => clone(call, fieldList(call, 2)),
  resubmit_preserving_field_list: (call) => {
    passOf(call.scope).requests.resubmit = keeping(call, fieldList(call, 0));
    return decide(call, 'resubmit_preserving_field_list', 'resubmit');
  },
  recirculate_preserving_field_list: (call) => {
    passOf(call.scope).requests.recirculate = keeping(call, fieldList(call, 0));
    return decide(call, 'recirculate_preserving_field_list', 'recirculate');
  },
  truncate: (call) => {
    const { requests } = passOf(call.scope);
    const length = Number(evaluateBits(argument(call, 0), call.scope));
    requests.truncateTo = Math.min(length, requests.truncateTo ?? length);
    return decide(call, 'truncate', `at most ${length} byte${length === 1 ? '' : 's'}`);
  },
  assert: check('assert'),
  assume: check('assume'),
  log_msg: logMessage,
};

function markToDrop(call: ExternCall): undefined {
  const std = evaluate(argument(call, 0), call.scope) as StructValue;
  setAll(std, { egress_spec: dropPort, mcast_grp: 0n });
  if (call.scope.trace) {
    std.writtenAt ??= new Map();
    std.writtenAt.set('egress_spec', call.loc);
  }
  return decide(call, 'mark_to_drop', 'drop');
}

function decide({ scope, loc }: ExternCall, by: string, meaning: string): undefined {
  scope.trace?.add({ kind: 'decision', by, meaning, loc });
}

const keeping = ({ loc }: ExternCall, list: number | undefined): Keeping => ({ ...(list === undefined ? {} : { fieldList: list }), loc });
const fieldList = (call: ExternCall, index: number): number => Number(evaluateBits(argument(call, index), call.scope));

/** Where it is called says whether the clone is from ingress or from egress; sessions have 15 bits. */
function clone(call: ExternCall, list?: number): undefined {
  const session = Number(truncate(evaluateBits(argument(call, 1), call.scope), 15));
  passOf(call.scope).requests.clone = { session, ...keeping(call, list) };
  return decide(call, 'clone', `a copy to session ${session}`);
}

/**
 * base + hash % max, in 64 bits; a max of 0 is as 1. Fields of invalid headers are hashed as 0, unlike those of a checksum:
 * p4c copies the data first.
 */
function hash(call: ExternCall): undefined {
  const { scope, loc } = call;
  const algorithm = evaluate(argument(call, 1), scope) as string;
  const compute = hashAlgorithms[algorithm];
  if (!compute) throw new InternalError(`the hash algorithm ${algorithm}`);
  const data = packData([argument(call, 3)], scope);
  const base = truncate(evaluateBits(argument(call, 2), scope), 64);
  const max = truncate(evaluateBits(argument(call, 4), scope), 64);
  const value = compute(data);
  const target = argument(call, 0);
  const result = scope.types.cast(truncate(base + (value % (max || 1n)), 64), target.type);
  if (scope.trace) {
    const text = Buffer.from(data).toString('hex');
    scope.trace.add({ kind: 'hash', algorithm, data: text, hash: `${value}`, base: `${base}`, max: `${max}`, result: `${result}`, loc });
  }
  assign(target, result, loc, scope);
}

/** Between low and high, both included; nothing when low is above high. */
function random(call: ExternCall): undefined {
  const { scope, loc } = call;
  const [low, high] = [evaluateBits(argument(call, 1), scope), evaluateBits(argument(call, 2), scope)];
  const result = low <= high ? scope.globals.random.between(low, high) : undefined;
  scope.trace?.add({ kind: 'random', low: `${low}`, high: `${high}`, ...(result === undefined ? {} : { result: `${result}` }), loc });
  if (result !== undefined) assign(argument(call, 0), result, loc, scope);
}

function digest(call: ExternCall): undefined {
  const data = argument(call, 1);
  const declared = call.scope.globals.digestOf(data);
  invariant(declared, 'a digest that the program does not declare');
  passOf(call.scope).requests.digest = digested(declared, data, call);
}

/** Each `{}` of the message stands for the next element of the data. */
function logMessage(call: ExternCall): undefined {
  const { scope, loc } = call;
  if (!scope.trace) return;
  const message = evaluate(argument(call, 0), scope) as string;
  const data = call.args[1];
  const parts = data === undefined ? [] : data.kind === 'list' ? data.elements : [data];
  const texts = parts.map((part) => traceValue(evaluate(part, scope), part.type, scope.types).value);
  scope.trace.add({ kind: 'log', text: message.replace(/\{\}/g, () => texts.shift() ?? '{}'), loc });
}
