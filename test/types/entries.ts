/** Entries, default actions and packets: what tsc accepts and rejects beyond surface.ts. Compiled, not run. */
import {
  bit,
  build,
  dissect,
  exact,
  header,
  Ipv4Address,
  Ipv6Address,
  Ipv6Prefix,
  ipv4,
  ipv6,
  lpm,
  MacAddress,
  mac,
  optional,
  pipeline,
  port,
  range,
  ternary,
} from 'p4ts';
import { argsOf, type EntryKeyOf, type EntryOf, type EntryReadOf, simulate } from 'p4ts/runtime';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const program = pipeline('keys', {
  headers: { ethernet: Ethernet },
  metadata: { v4: ipv4, v6: ipv6, wide: bit(100), small: bit(8) },
  packetOut: { egressPort: port },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const send = ctl.action('send', { port, dst: mac }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.ethernet.dst, a.dst);
    });
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const other = ctl.action('other', {}, () => {});
    const all = ctl.table('all', {
      key: {
        exact: exact(hdr.ethernet.etherType),
        v6: ternary(meta.v6),
        small: range(meta.small),
        wide: optional(meta.wide),
      },
      actions: [send, drop],
      default: drop(),
    });
    const prefixes = ctl.table('prefixes', { key: { v6: lpm(meta.v6), port: exact(std.ingressPort) }, actions: [send] });
    const number = ctl.table('number', { key: { wide: lpm(meta.wide) }, actions: [drop] });
    // @ts-expect-error the default is not one of the table's actions
    ctl.table('wrong', { key: { port: exact(std.ingressPort) }, actions: [drop], default: other() });
    // @ts-expect-error a default action needs its arguments
    ctl.table('wrong2', { key: { port: exact(std.ingressPort) }, actions: [send], default: send() });
    ctl.apply((c) => {
      c.apply(all);
      // @ts-expect-error not an action of this table
      c.switch(c.apply(prefixes)).case(drop, () => {});
      c.call(send, { port: 1, dst: hdr.ethernet.src });
      // @ts-expect-error an argument is missing
      c.call(send, { port: 1 });
      // @ts-expect-error a field of 16 bits is not a port of 9
      c.forward(hdr.ethernet.etherType);
      // @ts-expect-error conditions are not numbers
      c.set(meta.small, hdr.ethernet.etherType.eq(1));
      // @ts-expect-error expressions that are computed cannot be assigned to
      c.set(meta.small.add(1), 1);
      // @ts-expect-error the pipeline declares no packetIn
      c.toController({ reason: 1 });
    });
    return { all, prefixes, number, send, drop };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet);
  },
});

const { all, prefixes, number, send, drop } = program.ingress;
const sw = await simulate(program);
await sw
  .table(all)
  .insert(
    { match: { exact: 0x800, v6: '2001:db8::1', small: { low: 1, high: 5 }, wide: 7n }, priority: 1, action: drop() },
    { match: { exact: 0x800, v6: { value: 'ff00::', mask: 'ff00::' } }, priority: 2, action: send({ port: 1, dst: '02:00:00:00:00:01' }) },
    { match: { exact: 0x800 }, priority: 3, action: drop() },
  );
await sw.table(prefixes).insert({ match: { v6: '2001:db8::/32', port: 1 }, action: send({ port: 1, dst: '02:00:00:00:00:01' }) });
await sw.table(number).insert({ match: { wide: { value: 1n, prefix: 4 } }, action: drop() });
await sw.table(all).delete({ match: { exact: 0x800 }, priority: 3 });
for await (const entry of sw.table(prefixes).entries()) {
  const v6: string = entry.match.v6;
  void v6;
}
// @ts-expect-error an exact key cannot be left out
await sw.table(all).insert({ match: { small: { low: 1, high: 2 } }, priority: 1, action: drop() });
// @ts-expect-error a range has two bounds
await sw.table(all).insert({ match: { exact: 1, small: { low: 1 } }, priority: 1, action: drop() });
// @ts-expect-error a MAC address is text with colons
await sw.table(prefixes).insert({ match: { v6: '2001:db8::/32', port: 1 }, action: send({ port: 1, dst: 'router' }) });
// @ts-expect-error send needs a port
await sw.table(prefixes).insert({ match: { v6: '2001:db8::/32', port: 1 }, action: send({ dst: '02:00:00:00:00:01' }) });
// @ts-expect-error a prefix length is missing
await sw.table(number).insert({ match: { wide: 1n }, action: drop() });
// @ts-expect-error prefixes has no priority to delete by
await sw.table(prefixes).delete({ match: { v6: '2001:db8::/32', port: 1 }, priority: 3 });
await sw.packetOut(new Uint8Array(), { egressPort: 1 });
// @ts-expect-error no such metadata
await sw.packetOut(new Uint8Array(), { egressPort: 1, queue: 2 });

const bytes: Uint8Array = build(Ethernet, { dst: 'ff:ff:ff:ff:ff:ff', src: '02:00:00:00:00:01', etherType: 0x806 });
const [ethernet] = dissect(Ethernet, bytes) ?? [];
const source: string | undefined = ethernet?.src;
void source;
if (ethernet) build(Ethernet, { ...ethernet, dst: ethernet.src });
// @ts-expect-error a field is missing
build(Ethernet, { dst: 'ff:ff:ff:ff:ff:ff', src: '02:00:00:00:00:01' });
// @ts-expect-error the header has no such field
ethernet?.type;

// Functions over the entries of a table.
const allOf: EntryOf<typeof all> = {
  match: { exact: 1 },
  priority: 3,
  action: send({ port: 1, dst: '02:00:00:00:00:01' }),
  metadata: 'mine',
};
const prefixOf: EntryOf<typeof prefixes> = { match: { v6: '2001:db8::/32', port: 1 }, action: allOf.action as never };
const keyOfAll: EntryKeyOf<typeof all> = { match: { exact: 1 }, priority: 3 };
// @ts-expect-error The priority is missing.
const noPriority: EntryOf<typeof all> = { match: { exact: 1 }, action: drop() };
// @ts-expect-error The table has no such key.
const wrongKey: EntryKeyOf<typeof prefixes> = { match: { v4: '10.0.0.0/8' } };
// @ts-expect-error The action is not one of the table's.
const wrongAction: EntryOf<typeof prefixes> = { match: { v6: '2001:db8::/32', port: 1 }, action: drop() };
// @ts-expect-error An action has no entries.
const noTable: EntryOf<typeof drop> = allOf;
await sw.table(all).insert(allOf);
const found: EntryReadOf<typeof all> | undefined = await sw.table(all).get(keyOfAll);
// @ts-expect-error There may be no such entry.
found.action;
// @ts-expect-error The table has priorities.
await sw.table(all).get({ match: { exact: 1 } });
const args = argsOf(send, found?.action);
const sentTo: number | undefined = args?.port;
const address: MacAddress | undefined = args?.dst;
// @ts-expect-error The action has no such parameter.
args?.vlan;
// @ts-expect-error A table is no action.
argsOf(all, drop());

// Addresses are text that tsc tells from other text.
declare const text: string;
// @ts-expect-error Any text may be anything.
send({ port: 1, dst: text });
send({ port: 1, dst: MacAddress.parse(text) });
if (MacAddress.is(text)) send({ port: 1, dst: text });
await sw.table(prefixes).get({ match: { v6: Ipv6Prefix.of('2001:db8::1', 32), port: 1 } });
// @ts-expect-error An address is no prefix.
await sw.table(prefixes).get({ match: { v6: Ipv6Address.parse(text), port: 1 } });
const v4: Ipv4Address = Ipv4Address.fromNumber(1n);
// @ts-expect-error An IPv4 address has no colons.
const v6: Ipv6Address = v4;
void [prefixOf, noPriority, wrongKey, wrongAction, noTable, sentTo, address, v6];
