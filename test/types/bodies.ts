/** Statements and the values in them: what tsc accepts and rejects. Compiled, not run. */

import type {
  Action,
  BitType,
  Bool,
  BoolRef,
  DirectMeter,
  EnumExpr,
  Field,
  Meter,
  NewExpr,
  Register,
  SignedRef,
  StructView,
  Table,
  TupleView,
} from 'p4ts';
import {
  bit,
  type Color,
  type Ctl,
  concat,
  type Expr,
  enumeration,
  type IngressBody,
  int,
  mux,
  newtype,
  type Ref,
  type SignedExpr,
  struct,
  tuple,
  type View,
  type ViewOf,
  valid,
} from 'p4ts';
import type { Ethernet, Ipv4 } from 'p4ts/headers';

const Protocol = enumeration('Protocol', bit(8), { tcp: 6, udp: 17 });
const Vrf = newtype('Vrf', bit(12));
const S = struct('s_t', { a: bit(8) });
const T = tuple(bit(8), bit(16));

declare const c: IngressBody<{}>;
declare const ctl: Ctl<IngressBody<{}>>;
declare const table: Table<{}, 'drop', 'direct'>;
declare const drop: Action<'drop', {}>;
declare const cells: Register<BitType<32, 'num'>>;
declare const rates: Meter;
declare const rate: DirectMeter;
declare const v8: Ref<8>;
declare const s8: SignedRef<8>;
declare const flag: BoolRef;
declare const ip: ViewOf<typeof Ipv4>;
declare const eth: ViewOf<typeof Ethernet>;
declare const s: StructView<(typeof S)['fields']>;
declare const t: TupleView<(typeof T)['elements']>;

// Blocks return what their last statement returns; nobody reads it.
c.if(flag, () => c.call(drop));
c.if(flag, () => c.apply(table));
c.if(flag, () => c.let('x', v8));
c.if(flag, () => c.update(cells, 0, (v) => ({ next: v.add(1), result: v })));
c.if(flag, () => c.if(flag, () => c.drop()));
c.if(flag, () => c.apply(table).hit);
c.if(flag, () => [1, 2].map((group) => c.multicast(group)));
c.if(flag, () => [].push());
c.if(flag, () => 'text')
  .elseif(flag, () => null)
  .else(() => undefined);
c.if(flag, () => (table.tableName === 'x' ? c.drop() : c.call(drop)));
c.if(flag, () => table.tableName === 'x' && c.drop());
c.if(flag, () => new Map());
ctl.action('a', {}, (b) => b.call(drop));
ctl.apply((b) => b.apply(table));
// @ts-expect-error A promise comes too late.
c.if(flag, async () => {});
// @ts-expect-error A promise comes too late.
c.if(flag, () => Promise.resolve());
// @ts-expect-error A promise comes too late.
ctl.apply(async (b) => b.drop());
// @ts-expect-error A promise comes too late.
ctl.action('b', {}, async (b) => b.drop());

// A colour, an enum and a type of its own as bits, and back.
const color: Color = c.meter(rate);
const two: Expr<2> = color.as(bit(2));
const other: Expr<2> = c.meter(rates, 1).as(bit(2));
const byte: Expr<8> = Protocol.tcp.as(bit(8));
const protocol: EnumExpr<'Protocol'> = v8.as(Protocol);
const vrf: NewExpr<typeof Vrf> = v8.as(bit(12)).as(Vrf);
const back: Expr<12> = vrf.as(bit(12));
const signed: SignedExpr<8> = v8.as(int(8));
const wide: SignedExpr<16> = s8.as(int(16));
// @ts-expect-error Another width cannot be read as two's complement.
v8.as(int(16));
// @ts-expect-error A type of its own has the bits of its base.
v8.as(Vrf);
void [two, other, byte, protocol, back, signed, wide];

// Both branches of mux are of one type; of two numbers the width is unknown.
const chosen: [Expr<8>, Expr<8>, SignedExpr<8>, Bool, Bool, EnumExpr<'Protocol'>, NewExpr<typeof Vrf>] = [
  mux(flag, v8, 1),
  mux(flag, 1, v8),
  mux(flag, -1, s8),
  mux(flag, true, flag),
  mux(flag, true, false),
  mux(flag, Protocol.tcp, Protocol.udp),
  mux(flag, vrf, Vrf.value(1)),
];
void chosen;
// @ts-expect-error Nothing says how wide it is.
mux(flag, 1, 2);
// @ts-expect-error The widths differ.
mux(flag, v8, concat(bit(16), v8, v8));
// @ts-expect-error One is signed.
mux(flag, v8, s8);
// @ts-expect-error A condition is no number.
mux(flag, v8, flag);

// A variable is of the type of its value, and can be assigned to.
c.set(c.let('a', v8.add(1)), 2);
c.set(c.let('b', s8), -2);
c.set(c.let('c', valid(ip)), false);
c.set(c.let('d', Protocol.tcp), Protocol.udp);
c.set(c.let('e', vrf), Vrf.value(2));
// @ts-expect-error A number has no width.
c.let('f', 5);
// @ts-expect-error A header is no value.
c.let('g', ip);
// @ts-expect-error An enum has no numbers.
c.set(c.let('h', Protocol.tcp), 6);
// @ts-expect-error A type of its own takes its own values.
c.set(c.let('i', vrf), 1);

// Headers, structs and tuples are copied as a whole.
c.copy(ip, ip);
c.copy(s, s);
c.copy(t, t);
c.copy(t, [1, v8.as(bit(16))]);
// @ts-expect-error An element is missing.
c.copy(t, [1]);
// @ts-expect-error An element has another width.
c.copy(t, [1, v8]);
// @ts-expect-error A header is no struct.
c.copy(s, eth);
// @ts-expect-error A field is no header.
c.copy(v8, v8);

// A register's function gives the cell, a result, or both.

const result: Expr<8> = c.update(cells, 0, () => ({ result: v8 }));
const named: NewExpr<typeof Vrf> = c.update(cells, 0, (v) => ({ next: v, result: vrf }));
void [result, named];
// @ts-expect-error The cell has 32 bits.
c.update(cells, 0, () => ({ next: v8 }));
// @ts-expect-error Registers have no such option.
c.update(cells, 0, (v) => ({ nxt: v }));

// What is generic in the width works on fields of any header.
export function decrement<W extends number>(field: Field<W, string>): void {
  c.set(field, field.sub(1));
  c.if(field.eq(0), () => c.drop());
  c.set(field, mux(flag, field, 0));
}
export const half = <W extends number>(field: Ref<W>): number => field.width / 2;
export const fields = (view: View<{ a: BitType<8, 'num'> }>): Expr<8> => view.a;
decrement(ip.ttl);
decrement(eth.dst);
