/** Modules, state and services: one of each thing that they can say. */
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
  mac,
  mux,
  Path,
  pipeline,
  port,
  type StateCtx,
  type Transition,
  tofino,
  type ViewOf,
  valid,
  valueSet,
} from 'p4ts';

export const Ipv4 = header('ipv4_t', {
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
export const EtherType = enumeration('EtherType', bit(16), { ipv4: 0x0800, vlan: 0x8100, service: 0x88a8 });
export const Eth = header('eth_t', { dst: mac, src: mac, etherType: EtherType });
export const Vlan = header('vlan_t', { pcp: bit(3), dei: bit(1), vid: bit(12), tpid: bit(16) });

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
      return p
        .select(hdr.eth.etherType)
        .when(EtherType.ipv4, 'ip')
        .when(EtherType.vlan, 'vlan')
        .when(EtherType.service, 'service')
        .otherwise('accept');
    },
    service(p, { hdr }) {
      p.extract(hdr.vlan);
      return p.goto('q');
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
      });
    });
    return { nextHops, setNextHop, learn, flows, tenants, everyone, rate, denied };
  },
  egress(ctl, { hdr, std }) {
    const depth = ctl.register('depth', bit(32), 512);
    ctl.apply((c) => {
      c.if(std.path.eq(Path.mirrored), () => c.drop());
      c.update(depth, std.egressPort.as(bit(32)), () => ({ next: std.queueDepth.as(bit(32)) }));
      c.if(std.queueDepth.gt(100), () => c.set(hdr.ipv4.ecn, 3));
    });
    return { depth };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.eth, hdr.vlan, hdr.ipv4);
  },
});
