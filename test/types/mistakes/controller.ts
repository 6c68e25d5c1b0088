/** What people write wrong in controllers, as `pipeline.ts` has it for pipelines. */
import { bit, exact, header, ipv4, lpm, mac, optional, pipeline, port, range, ternary } from 'p4ts';
import { Ethernet } from 'p4ts/headers';
import { connect } from 'p4ts/runtime';

const Ipv4 = header('ipv4_t', { ttl: bit(8), protocol: bit(8), src: ipv4, dst: ipv4 });
const router = pipeline('router', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  packetOut: { egressPort: port },
  parser: { start: (p) => p.accept() },
  ingress(ctl, { hdr }) {
    const hits = ctl.counter('hits', { size: 16, unit: 'packets' });
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const count = ctl.action('count', { cell: bit(32) }, (c, a) => c.count(hits, a.cell));
    const forward = ctl.action('forward', { port, dstMac: mac }, (c, a) => c.forward(a.port));
    const routes = ctl.table('routes', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [forward, drop] });
    const hosts = ctl.table('hosts', { key: { mac: exact(hdr.ethernet.dst) }, actions: [forward, drop] });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ipv4.src), protocol: optional(hdr.ipv4.protocol), ttl: range(hdr.ipv4.ttl) },
      actions: [count, drop],
    });
    ctl.apply((c) => {
      c.apply(hosts);
      c.apply(acl);
      c.apply(routes);
    });
    return { routes, hosts, acl, forward, drop, count, hits };
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4),
});

const { routes, hosts, acl, forward, drop, count, hits } = router.ingress;
const sw = await connect(router, { address: '127.0.0.1:9559' });
const to = forward({ port: 1, dstMac: '02:00:00:00:00:01' });

// mistake: a key that the table does not have
await sw.table(routes).insert({ match: { src: '10.0.0.0/8' }, action: to });
// mistake: a key is missing
await sw.table(routes).insert({ match: {}, action: to });
// mistake: a prefix without its length
await sw.table(routes).insert({ match: { dst: '10.0.0.0' }, action: to });
// mistake: an exact key with a mask
await sw.table(hosts).insert({ match: { mac: { value: '02:00:00:00:00:01', mask: 'ff:ff:ff:00:00:00' } }, action: to });
// mistake: a MAC address that is malformed
await sw.table(hosts).insert({ match: { mac: '020000000001' }, action: to });
// mistake: a number for a MAC address
await sw.table(hosts).insert({ match: { mac: 0x020000000001 }, action: to });
// mistake: a ternary key with a prefix
await sw.table(acl).insert({ match: { src: '10.0.0.0/8' }, priority: 1, action: drop() });
// mistake: a range key with one value
await sw.table(acl).insert({ match: { ttl: 64 }, priority: 1, action: drop() });
// mistake: a ternary key without a priority
await sw.table(acl).insert({ match: { src: '10.0.0.1' }, action: drop() });
// mistake: a priority where no key needs one
await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, priority: 10, action: to });
// mistake: an action of another table
await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: count({ cell: 1 }) });
// mistake: an action that is not called
await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop });
// mistake: the name of an action
await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: 'drop' });
// mistake: an entry without action
await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' } });
// mistake: the keys without `match`
await sw.table(routes).insert({ dst: '10.0.0.0/8', action: to });
// mistake: a parameter is missing
forward({ port: 1 });
// mistake: a parameter that the action does not have
forward({ port: 1, dstMac: '02:00:00:00:00:01', vlan: 4 });
// mistake: text for a number
forward({ port: '1', dstMac: '02:00:00:00:00:01' });
// mistake: arguments by position
forward(1, '02:00:00:00:00:01');
// mistake: arguments for an action without parameters
drop({ port: 1 });
// mistake: a table by its name
sw.table('routes');
// mistake: a counter as a table
sw.table(hits);
// mistake: a table that ingress does not return
router.ingress.routs;
// mistake: a field of packetOut is misspelt
await sw.packetOut(new Uint8Array(64), { port: 1 });
