/**
 * Stacks of unions. BMv2 has them, but with rules of its own for which members are valid. Here they are headers, and nextIndex
 * is a field like others: an operation on the stack is one on each header.
 */
import { binaryOf, constantOf, muxOf, slotOf } from '../../../compiler/flat/exprs.js';
import type { FlatExpr, FlatStmt, Header, Stack } from '../../../compiler/flat/index.js';
import { invariant } from '../../../compiler/support/invariant.js';

type StackStmt = Extract<FlatStmt, { readonly kind: 'push' | 'pop' | 'copy-stack' }>;

export const isOfUnions = ({ elements }: Stack): boolean => elements.some((element) => 'members' in element);

const headersOf = (stack: Stack, element: number): readonly Header[] => {
  const found = stack.elements[element];
  invariant(found && 'members' in found, `${stack.name} is no stack of unions`);
  return found.members;
};

export const memberOf = (stack: Stack, element: number, member: number): Header => {
  const found = headersOf(stack, element)[member];
  invariant(found, `a union of ${stack.name} has no member ${member}`);
  return found;
};

/** Whether nextIndex is that element. */
const isNext = (stack: Stack, element: number): FlatExpr => binaryOf('==', slotOf(stack.next), constantOf(element, stack.next.type));

export const setNext = (stack: Stack, value: FlatExpr, loc: FlatStmt['loc']): FlatStmt => ({
  kind: 'assign',
  target: stack.next,
  value,
  loc,
});

/** The field of the last element. */
export function lastField({ stack, member, field, type }: FlatExpr & { readonly kind: 'last' }): FlatExpr {
  return stack.elements.reduceRight(
    (otherwise: FlatExpr, _, i) => {
      const header = memberOf(stack, i, member ?? 0);
      const slot = header.fields[field];
      invariant(slot, `a field of ${stack.name}`);
      // Where another member is valid, BMv2 has in this one what an earlier packet left there.
      return muxOf(binaryOf('&&', isNext(stack, i + 1), slotOf(header.valid)), slotOf(slot), otherwise);
    },
    constantOf(0, type),
  );
}

/** The statements that do the same. */
export function withoutStack(stmt: StackStmt): readonly FlatStmt[] {
  const { loc } = stmt;
  const target = stmt.kind === 'copy-stack' ? stmt.target : stmt.stack;
  const size = target.elements.length;
  const copy = (to: number, source: Stack, from: number): readonly FlatStmt[] =>
    headersOf(target, to).map((header, i): FlatStmt => ({ kind: 'copy-header', target: header, source: memberOf(source, from, i), loc }));
  const clear = (element: number): readonly FlatStmt[] =>
    headersOf(target, element).map((header): FlatStmt => ({ kind: 'validity', header, valid: false, loc }));
  const all = Array.from({ length: size }, (_, i) => i);
  if (stmt.kind === 'copy-stack') return [...all.flatMap((i) => copy(i, stmt.source, i)), setNext(target, slotOf(stmt.source.next), loc)];
  const { count } = stmt;
  const [next, by] = [slotOf(target.next), constantOf(count, target.next.type)];
  if (stmt.kind === 'push') {
    const most = constantOf(size, target.next.type);
    return [
      ...[...all].reverse().flatMap((i) => (i < count ? clear(i) : copy(i, target, i - count))),
      setNext(target, muxOf(binaryOf('>', binaryOf('+', next, by), most), most, binaryOf('+', next, by)), loc),
    ];
  }
  return [
    ...all.flatMap((i) => (i + count < size ? copy(i, target, i + count) : clear(i))),
    setNext(target, muxOf(binaryOf('<', next, by), constantOf(0, target.next.type), binaryOf('-', next, by)), loc),
  ];
}
