/**
 * `packet_in.extract`, which is the evaluator's own and no extern: it needs the place of its header, not a value, since a
 * full stack comes before a short packet, and since a header in `next` moves the stack on.
 */
import type { CallStmt, Expr } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { PacketIn } from './core.js';
import { evaluate, evaluateBits, headerOf, lvalue, stackOf } from './eval.js';
import type { Scope } from './scope.js';
import { exprText, traceFields } from './tracer.js';

export function extract(packet: PacketIn, { args: [target, size], loc }: CallStmt, scope: Scope): void {
  const { types, trace } = scope;
  invariant(target, 'extract into nothing');
  const varbitWidth = size ? evaluateBits(size, scope) : 0n;
  const header = target.kind === 'default' ? undefined : headerOf(lvalue(target, scope).get());
  const length = packet.extract(target.type, varbitWidth, header, types, loc);
  if (!header) return;
  const name = trace && elementText(target, scope);
  // A member of a union in `next` counts as the union does.
  const next = nextOf(target);
  if (next) stackOf(evaluate(next.base, scope)).next++;
  if (name !== undefined) trace?.add({ kind: 'extract', header: name, length, fields: traceFields(header, types), loc });
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
