/** Parser states and stacks: what tsc accepts and rejects. Compiled, not run. */
import {
  type AnyStackView,
  type BoolRef,
  bit,
  type Deparser,
  type Field,
  type Headers,
  header,
  type IngressBody,
  type Meta,
  type Ref,
  type StackView,
  type StateCtx,
  stack,
  type UnionStackType,
  type UnionStackView,
  union,
  valid,
} from 'p4ts';
import { Ethernet, Udp } from 'p4ts/headers';

const A = header('a_t', { v: bit(8) });
const B = header('b_t', { w: bit(16), sum: bit(16) });
const U = union('u_t', { a: A, b: B });
const headers = { ethernet: Ethernet, labels: stack(A, 2), options: stack(U, 4) };
const metadata = { length: bit(16) };

declare const p: StateCtx<'next'>;
declare const c: IngressBody<{}>;
declare const d: Deparser;
declare const hdr: Headers<typeof headers>;
declare const meta: Meta<typeof metadata>;
declare const flag: BoolRef;

// Variables and conditions of states.
const length: Ref<16> = p.let('length', meta.length.sub(1));
const isLong: BoolRef = p.let('isLong', length.gt(4));
p.if(isLong, () => p.set(length, 1))
  .elseif(flag, () => p.extract(hdr.labels.next))
  .else(() => p.setInvalid(hdr.labels.at(0)));
// @ts-expect-error A number is no condition.
p.if(length, () => p.advance(8));
// @ts-expect-error A promise comes too late.
p.if(flag, async () => p.advance(8));
// @ts-expect-error The widths differ.
p.set(length, hdr.labels.at(0).v);
// @ts-expect-error Stacks are shifted in controls alone (P4-16 §8.18).
p.push(hdr.labels, 1);
// @ts-expect-error Parsers have no tables, and no decision.
p.drop();
// @ts-expect-error Nor is there such a state.
p.goto('other');

// Stacks of headers and of unions.
const labels: StackView<{ readonly v: typeof A.fields.v }> = hdr.labels;
const options: UnionStackView<{ readonly a: typeof A; readonly b: typeof B }> = hdr.options;
const any: readonly AnyStackView[] = [labels, options];
const type: UnionStackType<{ readonly a: typeof A; readonly b: typeof B }, 4> = headers.options;
const field: Field<16, 'num'> = hdr.options.at(0).b.w;
p.extract(hdr.options.next.a);
p.copy(hdr.options.at(0), hdr.options.at(1));
p.copy(hdr.options.at(0).a, hdr.labels.at(0));
c.pop(hdr.options, 1);
c.if(valid(hdr.options.at(3)).and(valid(hdr.options.at(3).a)), () => c.setValid(hdr.options.at(0).b));
// @ts-expect-error The union has no such member.
p.extract(hdr.options.next.c);
// @ts-expect-error An element is a union, which has no fields of its own.
c.set(hdr.options.at(0).v, 1);
// @ts-expect-error The member is of another type.
c.copy(hdr.options.at(0).a, hdr.options.at(0).b);
// @ts-expect-error A stack has headers or unions in it.
stack(bit(8), 4);
// @ts-expect-error A stack has no stacks in it.
stack(stack(A, 2), 4);
void [any, type, field];

// Checksums cover fields, headers, unions and stacks.
d.emit(hdr.ethernet, hdr.labels, hdr.options, hdr.options.at(0).a);
d.updateChecksum(hdr.options.at(0).b.sum, [hdr.ethernet, hdr.labels, hdr.options, hdr.options.at(0), meta.length], meta.length.gt(0));
p.verifyChecksum(hdr.options.at(0).b.sum, [hdr.options.at(0), meta.length, length]);
// @ts-expect-error A condition has no bits.
d.updateChecksum(hdr.options.at(0).b.sum, [flag]);
// @ts-expect-error A header type is none of the packet's headers.
d.updateChecksum(hdr.options.at(0).b.sum, [Udp]);
