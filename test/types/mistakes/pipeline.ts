/** What people write wrong in pipelines. `mistakes.test.ts` shows what tsc says to each; this file is compiled for that alone. */
import {
  bit,
  bool,
  Color,
  enumeration,
  exact,
  header,
  ipv4,
  lpm,
  mac,
  newtype,
  pipeline,
  port,
  tableKey,
  ternary,
  valid,
  valueSet,
} from 'p4ts';
import { Ethernet } from 'p4ts/headers';

const Protocol = enumeration('Protocol', bit(8), { tcp: 6, udp: 17 });
const Ipv4 = header('ipv4_t', { ttl: bit(8), protocol: bit(8), checksum: bit(16), src: ipv4, dst: ipv4 });

export const router = pipeline('router', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  metadata: { nextHop: bit(16), known: bool },
  packetIn: { ingressPort: port },
  packetOut: { egressPort: port },
  valueSets: { tunnels: valueSet(bit(8), 4) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      // mistake: a state that does not exist
      p.select(hdr.ethernet.etherType).when(0x0800, 'ipv5').otherwise('accept');
      // mistake: a value of a select that is text
      p.select(hdr.ethernet.etherType).when('0x0800', 'ipv4').otherwise('accept');
      // mistake: a member of an enum in a select on a number
      p.select(hdr.ethernet.etherType).when(Protocol.tcp, 'ipv4').otherwise('accept');
      // mistake: two values in a select on one field
      p.select(hdr.ethernet.etherType).when([0x0800, 1], 'ipv4').otherwise('accept');
      // mistake: a field is extracted
      p.extract(hdr.ethernet.dst);
      // mistake: the name of a header instead of the header
      p.extract('ethernet');
      // mistake: a header that the pipeline does not have
      p.extract(hdr.ipv6);
      return p.goto('ipv4');
    },
    ipv4(p, { hdr, sets }) {
      p.extract(hdr.ipv4);
      // mistake: a value set of another width
      p.select(hdr.ethernet.etherType).when(sets.tunnels, 'accept').otherwise('reject');
      // mistake: goto a state that does not exist
      return p.goto('tcp');
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const hits = ctl.counter('hits', { size: 16, unit: 'packets' });
    const last = ctl.register('last', bit(48), 16);
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { port, dstMac: mac }, (c, a) => {
      c.forward(a.port);
      // mistake: a parameter that the action does not have
      c.set(hdr.ethernet.src, a.srcMac);
    });
    const mark = ctl.action('mark', { nextHop: bit(16) }, (c, a) => c.set(meta.nextHop, a.nextHop));
    const routes = ctl.table('routes', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [forward, drop], default: drop() });
    const acl = ctl.table('acl', { key: { src: ternary(hdr.ipv4.src) }, actions: [drop] });
    // mistake: a default action that is not one of the table's
    ctl.table('t1', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [drop], default: mark({ nextHop: 1 }) });
    // mistake: a default action without its arguments
    ctl.table('t2', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [forward, drop], default: forward() });
    // mistake: a default action that is not called
    ctl.table('t3', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [forward, drop], default: drop });
    // mistake: a key without a match kind
    ctl.table('t4', { key: { dst: hdr.ipv4.dst }, actions: [drop] });
    // mistake: the name of an action instead of the action
    ctl.table('t5', { key: { dst: exact(hdr.ipv4.dst) }, actions: ['drop'] });
    // mistake: a misspelt option of a table
    ctl.table('t6', { key: { dst: exact(hdr.ipv4.dst) }, actions: [drop], defualt: drop() });
    // mistake: a table without actions
    ctl.table('t7', { key: { dst: exact(hdr.ipv4.dst) } });
    // mistake: a header as a key
    ctl.table('t8', { key: { ip: exact(hdr.ipv4) }, actions: [drop] });
    ctl.apply((c) => {
      // mistake: 48 bits set into 8
      c.set(hdr.ipv4.ttl, hdr.ethernet.dst);
      // mistake: text for a number
      c.set(hdr.ipv4.ttl, '64');
      // mistake: a condition set into a number
      c.set(hdr.ipv4.ttl, valid(hdr.ipv4));
      // mistake: a number set into a bool
      c.set(meta.known, 1);
      // mistake: a value that JavaScript computed from an expression
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl - 1);
      // mistake: + on expressions
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl + hdr.ipv4.protocol);
      // mistake: an expression of another width, computed
      c.set(meta.nextHop, hdr.ipv4.ttl.add(1));
      // mistake: a value is set into an expression
      c.set(hdr.ipv4.ttl.add(1), 2);
      // mistake: a field is assigned with =
      hdr.ipv4.ttl = 64;
      // mistake: widths that differ in arithmetic
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.add(hdr.ipv4.src));
      // mistake: widths that differ in a comparison
      c.if(hdr.ipv4.dst.eq(hdr.ethernet.dst), () => c.drop());
      // mistake: a comparison of a number with text
      c.if(hdr.ipv4.ttl.eq('64'), () => c.drop());
      // mistake: a comparison of an address with the text of another
      c.if(hdr.ipv4.dst.eq('02:00:00:00:00:01'), () => c.drop());
      // mistake: an address is set to another address
      c.set(hdr.ipv4.dst, hdr.ethernet.dst);
      // mistake: a member of an enum compared with a number
      c.if(Color.red.eq(2), () => c.drop());
      // mistake: a field that the header does not have
      c.set(hdr.ipv4.tttl, 64);
      // mistake: a field of the metadata that does not exist
      c.set(meta.nexthop, 1);
      // mistake: if of JavaScript on a condition
      if (hdr.ipv4.ttl.eq(0)) c.drop();
      // mistake: === on a field and a number
      c.if(hdr.ipv4.ttl === 0, () => c.drop());
      // mistake: < on a field
      c.if(hdr.ipv4.ttl < 2, () => c.drop());
      // mistake: && on conditions
      c.if(valid(hdr.ipv4) && hdr.ipv4.ttl.eq(0), () => c.drop());
      // mistake: ! on a condition
      c.if(!valid(hdr.ipv4), () => c.drop());
      // mistake: a field as a condition
      c.if(hdr.ipv4.ttl, () => c.drop());
      // mistake: a header as a condition
      c.if(hdr.ipv4, () => c.drop());
      // mistake: a table as a condition
      c.if(c.apply(routes), () => c.drop());
      // mistake: an async block
      c.if(valid(hdr.ipv4), async () => c.drop());
      // mistake: a block that is not a function
      c.if(valid(hdr.ipv4), c.drop());
      // mistake: an action is called as a function of JavaScript would be
      c.call(drop());
      // mistake: an action is called without its arguments
      c.call(forward);
      // mistake: an argument of an action is missing
      c.call(forward, { port: 1 });
      // mistake: an argument that the action does not have
      c.call(mark, { nextHop: 1, vlan: 2 });
      // mistake: an argument of another width
      c.call(mark, { nextHop: hdr.ipv4.src });
      // mistake: a table is called
      c.call(routes);
      // mistake: an action is applied
      c.apply(drop);
      // mistake: a case for an action that the table does not have
      c.switch(c.apply(acl)).case(mark, () => c.drop());
      // mistake: a case for an action that the table does not have, by its name
      c.switch(c.apply(acl)).case('drop', () => c.drop());
      // mistake: a declaration where statements are
      ctl.apply((c) => c.table('late', { key: {}, actions: [drop] }));
      // mistake: ctl where c is meant
      ctl.set(hdr.ipv4.ttl, 1);
      // mistake: the index of a counter is text
      c.count(hits, 'port');
      // mistake: the index of a counter has another width
      c.count(hits, std.ingressPort);
      // mistake: a register is counted
      c.count(last, 0);
      // mistake: the index of a register has another width
      c.update(last, std.ingressPort, (v) => ({ next: std.timestampNs, result: v }));
      // mistake: the new value of a register has another width
      c.update(last, 0, (v) => ({ next: hdr.ipv4.src, result: v }));
      // mistake: a port that is text
      c.forward('1');
      // mistake: a port that is a field of another width
      c.forward(meta.nextHop);
      // mistake: metadata for the controller of which a field is missing
      c.toController({});
      // mistake: what only egress has
      c.if(std.queueDepth.gt(10), () => c.drop());
      // mistake: a header of another type is copied
      c.copy(hdr.ipv4, hdr.ethernet);
      // mistake: a field is made valid
      c.setValid(hdr.ipv4.ttl);
      // mistake: a cast to a width without a type
      c.set(meta.nextHop, hdr.ipv4.ttl.as(16));
    });
    return { routes, acl, forward, drop, mark };
  },
  deparser(d, { hdr }) {
    // mistake: a field is emitted
    d.emit(hdr.ethernet, hdr.ipv4.ttl);
    // mistake: a checksum into a field of another width
    d.updateChecksum(hdr.ipv4.ttl, [hdr.ipv4.src, hdr.ipv4.dst]);
  },
});

const headers = { ethernet: Ethernet, ipv4: Ipv4 };
pipeline('forgetful', {
  headers,
  parser: {
    // mistake: a state without a transition
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
    },
  },
  ingress: () => {},
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
pipeline('no_otherwise', {
  headers,
  parser: {
    // mistake: a select without otherwise
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'accept');
    },
  },
  ingress: () => {},
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
pipeline('no_start', {
  headers,
  // mistake: a parser without start
  parser: {
    ethernet(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.accept();
    },
  },
  ingress: () => {},
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
// mistake: ingress returns nothing
export const { hits } = pipeline('returns_nothing', {
  headers,
  parser: { start: (p) => p.accept() },
  ingress(ctl) {
    ctl.counter('hits', { size: 1, unit: 'both' });
    ctl.apply((c) => c.drop());
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
}).ingress;
// mistake: the width of a field as a number
header('a_t', { ttl: 8 });
// mistake: the width of a field as text
header('b_t', { ttl: bit('8') });
// mistake: a type as text
header('c_t', { ttl: 'bit<8>' });
// mistake: a type that is not called
header('d_t', { ttl: bit });
pipeline('restricted', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  metadata: { nextHop: bit(16), vrf: newtype('vrf_t', bit(10), { uri: 'urn:vrf', values: { red: 1 } }) },
  parser: { start: (p) => p.accept() },
  ingress(ctl, { hdr, meta }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const hops = ctl.table('hops', { key: { id: exact(meta.nextHop), src: ternary(hdr.ipv4.src) }, actions: [drop] });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ipv4.src), dst: lpm(hdr.ipv4.dst), ttl: exact(hdr.ipv4.ttl), vrf: exact(meta.vrf) },
      actions: [drop],
      restrict: (k, entry) => [
        // mistake: a restriction of a key that the table does not have
        k.source.eq('10.0.0.1'),
        // mistake: a part that the match of the key does not have
        k.dst.mask.eq(0),
        // mistake: a literal that is no address
        k.src.eq('10.0.0'),
        // mistake: numbers of other widths
        k.src.value.eq(k.ttl),
        // mistake: an order of keys that match several values
        k.src.lt('10.0.0.1'),
        // mistake: a restriction of text
        k.vrf.eq('red'),
        // mistake: a condition of packets instead of entries
        valid(hdr.ipv4).and(entry.priority.lt(10)),
      ],
      // mistake: a reference to a key that matches several values
      refersTo: { ttl: tableKey(hops, 'src') },
    });
    // mistake: a reference of a key that matches several values
    ctl.table('via', { key: { hop: lpm(meta.nextHop) }, actions: [drop], refersTo: { hop: tableKey(hops, 'id') } });
    // mistake: a reference to a key of another width
    ctl.table('to', { key: { ttl: exact(hdr.ipv4.ttl) }, actions: [drop], refersTo: { ttl: tableKey(hops, 'id') } });
    // mistake: a reference of a parameter that the action does not have
    ctl.action('hop', { id: bit(16) }, (c, a) => c.set(meta.nextHop, a.id), { refersTo: { hop: tableKey(hops, 'id') } });
    // mistake: a restriction of a parameter that the action does not have
    ctl.action('flood', { group: bit(16) }, (c, a) => c.multicast(a.group), { restrict: (a) => a.id.ne(0) });
    ctl.apply((c) => c.apply(acl));
    return {};
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
