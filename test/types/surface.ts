/**
 * What tsc must accept and what it must reject in pipelines and controllers. The type check compiles this file; nothing
 * runs it. Each @ts-expect-error is an error that a user sees in the editor.
 */
import {
  bit,
  bmv2,
  bool,
  Color,
  type Ctl,
  concat,
  enumeration,
  exact,
  header,
  type IngressBody,
  ipv4,
  lpm,
  mac,
  member,
  mux,
  oneShot,
  Path,
  pipeline,
  port,
  range,
  type StateCtx,
  stack,
  type Transition,
  ternary,
  tofino,
  type ViewOf,
  valid,
  valueSet,
} from 'p4ts';
import { connect } from 'p4ts/runtime';

// 1. A router.
const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ipv4 = header('ipv4_t', {
  version: bit(4),
  ihl: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});
const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });

export const router = pipeline('router', {
  headers: { ethernet: Ethernet, labels: stack(Label, 4), ipv4: Ipv4 },
  metadata: { nextHop: ipv4 },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'ipv4').when(0x8847, 'label').otherwise('accept');
    },
    label(p, { hdr }) {
      p.extract(hdr.labels.next);
      return p.select(hdr.labels.last.bottom).when(0, 'label').otherwise('ipv4');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
      return p.select(hdr.ipv4.version, hdr.ipv4.ihl).when([4, 5], 'accept').otherwise('reject');
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { dstMac: mac, port }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, a.dstMac);
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
      // @ts-expect-error 32 bits do not fit a field of 8
      c.set(hdr.ipv4.ttl, hdr.ipv4.src);
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [forward, drop],
      default: drop(),
      size: 1024,
      counter: 'both',
    });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ipv4.src), protocol: exact(hdr.ipv4.protocol), ttl: range(hdr.ipv4.ttl) },
      actions: [drop],
    });
    ctl.apply((c) => {
      c.if(valid(hdr.ipv4).and(hdr.ipv4.ttl.gt(1)).and(std.checksumError.not()), () => {
        c.set(meta.nextHop, hdr.ipv4.dst);
        c.switch(c.apply(acl))
          .case(drop, () => c.exit())
          .default(() => c.apply(routes));
      }).else(() => c.call(drop));
    });
    return { routes, acl, forward, drop }; // what the control plane may touch
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
    d.emit(hdr.ethernet, hdr.labels, hdr.ipv4);
  },
});

const { routes, acl, forward, drop } = router.ingress;
const r1 = await connect(router, { address: '127.0.0.1:9559' });
await r1.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ dstMac: '08:00:00:00:02:22', port: 1 }) });
await r1.table(acl).insert({ match: { protocol: 6, ttl: { low: 0, high: 3 } }, priority: 10, action: drop() });
// @ts-expect-error a ternary key asks for a priority
await r1.table(acl).insert({ match: { protocol: 6 }, action: drop() });
// @ts-expect-error forward is not an action of acl
await r1.table(acl).insert({ match: { protocol: 6 }, priority: 1, action: forward({ dstMac: '08:00:00:00:02:22', port: 1 }) });
// @ts-expect-error the key is dst
await r1.table(routes).insert({ match: { src: '10.0.0.0/8' }, action: drop() });
// @ts-expect-error no key of routes needs a priority
await r1.table(routes).insert({ match: { dst: '10.0.0.0/8' }, priority: 3, action: drop() });
// @ts-expect-error a prefix length is missing
await r1.table(routes).insert({ match: { dst: '10.0.0.0' }, action: drop() });
pipeline('bad', {
  headers: { ethernet: Ethernet },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      // @ts-expect-error there is no such state
      return p.goto('nowhere');
    },
  },
  ingress() {
    return {};
  },
  deparser() {},
});

// 2. Modules, state, digests, packet-in and packet-out, selectors, value sets, egress, per-target parts.
const EtherType = enumeration('EtherType', bit(16), { ipv4: 0x0800, vlan: 0x8100 });
const Eth = header('eth_t', { dst: mac, src: mac, etherType: EtherType });
const Vlan = header('vlan_t', { pcp: bit(3), dei: bit(1), vid: bit(12), tpid: bit(16) });

/** Parser states shared as a module: spread them into a parser. */
const vlanStates = <const N extends string>(next: N) => ({
  vlan(p: StateCtx<N>, { hdr }: { hdr: { vlan: ViewOf<typeof Vlan> } }): Transition {
    p.extract(hdr.vlan);
    return p.select(hdr.vlan.tpid).when(0x800, next).otherwise('accept');
  },
});
/** A control shared as a module: one P4 control instance per scope. */
function denyList<B extends IngressBody<any>>(ctl: Ctl<B>, ip: ViewOf<typeof Ipv4>, size: number) {
  const deny = ctl.action('deny', {}, (c) => c.drop());
  const list = ctl.table('list', { key: { src: exact(ip.src) }, actions: [deny], size });
  return { list, deny, apply: (c: B) => c.apply(list) };
}

export const edge = pipeline('edge', {
  headers: { eth: Eth, vlan: Vlan, ipv4: Ipv4 },
  metadata: { flow: bit(32), marked: bool },
  packetIn: { ingressPort: port, reason: bit(7) },
  packetOut: { egressPort: port },
  valueSets: { tpids: valueSet(bit(16), 4) },
  parser: {
    ...vlanStates('ip'),
    start(p, { hdr }) {
      p.extract(hdr.eth);
      return p.select(hdr.eth.etherType).when(EtherType.ipv4, 'ip').when(EtherType.vlan, 'vlan').otherwise('accept');
    },
    q(p, { hdr, sets }) {
      return p
        .select(hdr.vlan.tpid, hdr.vlan.vid)
        .when([sets.tpids, { value: 1, mask: 0xf }], 'ip')
        .when([0x88a8, '_'], 'vlan')
        .otherwise('reject');
    },
    ip(p, { hdr }) {
      p.extract(hdr.ipv4);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std, packetOut }) {
    const tenants = denyList(ctl.scope('tenants'), hdr.ipv4, 64),
      everyone = denyList(ctl.scope('everyone'), hdr.ipv4, 1024);
    const setNextHop = ctl.action('set_next_hop', { port, dmac: mac }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.eth.dst, a.dmac);
    });
    const ecmp = ctl.selector('ecmp', { size: 128, maxGroup: 16, hash: 'crc16', over: [hdr.ipv4.src, hdr.ipv4.dst] });
    const nextHops = ctl.table('next_hops', {
      key: { dst: exact(hdr.ipv4.dst), tagged: exact(valid(hdr.vlan)) },
      actions: [setNextHop],
      implementation: ecmp,
      on: { tofino: { stage: 3 } },
    });
    const seen = ctl.register('seen', bit(32), 65536);
    const flows = ctl.register('flows', { packets: bit(32), last: bit(32) }, 1024); // a pair: one stateful ALU
    const learn = ctl.digest('learn_t', { src: mac, port });
    const rate = ctl.meter('tenant_rate', { size: 64, unit: 'bytes' });
    const denied = ctl.counter('denied', { size: 64, unit: 'both' });
    ctl.apply((c) => {
      c.if(packetOut.present, () => c.forward(packetOut.egressPort)).else(() => {
        tenants.apply(c);
        everyone.apply(c);
        const now = c.let('now', std.timestampNs.bits(16, 32));
        const n = c.update(seen, meta.flow, (v) => ({ next: v.add(1), result: v })); // the old value
        c.update(flows, meta.flow, (f) => ({ next: { packets: mux(f.packets.gt(99), 0, f.packets.add(1)), last: now } }));
        c.if(n.eq(0), () => c.digest(learn, { src: hdr.eth.src, port: std.ingressPort }));
        c.if(c.meter(rate, meta.flow).eq(Color.red), () => {
          c.count(denied, meta.flow);
          c.drop();
        });
        c.set(meta.marked, true);
        c.set(hdr.ipv4.dscp.bits(0, 2), 1);
        c.copy(hdr.vlan, hdr.vlan);
        c.if(c.apply(nextHops).miss, () => c.toController({ ingressPort: std.ingressPort, reason: 3 }));
        c.on(tofino, (t) => t.setQueue(3));
        c.on(bmv2, (b) => b.truncate(128));
        c.set(meta.flow, concat(bit(32), hdr.ipv4.src.bits(0, 16), hdr.ipv4.dst.bits(0, 16)));
        // @ts-expect-error a header of another type
        c.copy(hdr.vlan, hdr.ipv4);
        // @ts-expect-error an expression of the pipeline in JavaScript's if
        if (valid(hdr.ipv4)) c.drop();
        // @ts-expect-error an async body
        c.if(valid(hdr.ipv4), async () => {
          c.drop();
        });
        // @ts-expect-error the digest has no such field
        c.digest(learn, { src: hdr.eth.src, vlan: hdr.vlan.vid });
        // @ts-expect-error next has the cell's width
        c.update(seen, 0, (v) => ({ next: hdr.ipv4.ttl, result: v }));
        // @ts-expect-error the packet's length is not known before egress
        std.packetLength;
      });
    });
    return { nextHops, setNextHop, learn, flows, tenants, everyone };
  },
  egress(ctl, { hdr, std }) {
    const depth = ctl.register('depth', bit(32), 512);
    ctl.apply((c) => {
      c.if(std.path.eq(Path.mirrored), () => c.drop());
      c.update(depth, std.egressPort.as(bit(32)), () => ({ next: std.queueDepth.as(bit(32)) }));
      c.if(std.queueDepth.gt(100), () => c.set(hdr.ipv4.ecn, 3));
      // @ts-expect-error egress cannot choose a port
      c.forward(3);
    });
    return { depth };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.eth, hdr.vlan, hdr.ipv4);
  },
});

const e1 = await connect(edge, { address: '127.0.0.1:9560', push: 'if-different' });
const { nextHops, setNextHop, learn, flows, tenants } = edge.ingress;
await e1.table(nextHops).insert({
  match: { dst: '10.0.0.1', tagged: false },
  action: oneShot([{ action: setNextHop({ port: 1, dmac: '00:00:00:00:00:01' }), weight: 2, watchPort: 1 }]),
});
await e1.table(nextHops).insert({ match: { dst: '10.0.0.1', tagged: false }, action: member(3) });
// @ts-expect-error a selector's table takes a member, a group or a one-shot set
await e1.table(nextHops).insert({ match: { dst: '10.0.0.1', tagged: false }, action: setNextHop({ port: 1, dmac: '00:00:00:00:00:01' }) });
await e1.table(tenants.list).insert({ match: { src: '10.9.0.1' }, action: tenants.deny() });
for await (const l of e1.digests(learn)) {
  for (const e of l.entries) {
    const src: string = e.src;
    const p: number = e.port;
    void src;
    void p;
  }
  await l.ack();
  break;
}
for await (const p of e1.packetIns()) {
  const reason: number = p.reason;
  await e1.packetOut(p.payload, { egressPort: reason });
  break;
}
const cell = await e1.register(flows).read(5);
const packets: number = cell.packets;
void packets;
await e1.valueSet(edge.sets.tpids).set([0x88a8, 0x9100]);
// @ts-expect-error the metadata of a packet-out is typed
await e1.packetOut(new Uint8Array(), { port: 1 });
