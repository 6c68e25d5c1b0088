/** Next hops behind interfaces: which entries there may be, and what they refer to. */
import { bit, builtin, exact, lpm, mac, optional, pipeline, port, range, tableKey, ternary, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, Ipv4, ipv4States } from 'p4ts/headers';

export const constraints = pipeline('constraints', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  metadata: { hop: bit(16), rif: bit(8) },
  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4States({}),
  },
  ingress(ctl, { hdr, meta }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const send = ctl.action(
      'send',
      { port, src: mac },
      (c, a) => {
        c.forward(a.port);
        c.set(hdr.ethernet.src, a.src);
      },
      { restrict: (a) => a.src.ne('00:00:00:00:00:00') },
    );
    const rifs = ctl.table('rifs', { key: { id: exact(meta.rif) }, actions: [send] });
    const via = ctl.action('via', { rif: bit(8) }, (c, a) => c.set(meta.rif, a.rif), { refersTo: { rif: tableKey(rifs, 'id') } });
    const hops = ctl.table('hops', { key: { id: exact(meta.hop) }, actions: [via] });
    const toHop = ctl.action('toHop', { hop: bit(16) }, (c, a) => c.set(meta.hop, a.hop), { refersTo: { hop: tableKey(hops, 'id') } });
    const flood = ctl.action('flood', { group: bit(16) }, (c, a) => c.multicast(a.group), {
      restrict: (a) => [a.group.ne(0), a.group.lt(1000)],
      refersTo: { group: builtin.multicastGroup },
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [toHop, flood, drop],
      restrict: (k) => k.dst.prefixLength.le(24),
    });
    const acl = ctl.table('acl', {
      key: { isIpv4: optional(valid(hdr.ipv4)), src: ternary(hdr.ipv4.src), ttl: range(hdr.ipv4.ttl), hop: optional(meta.hop) },
      actions: [drop],
      restrict: (k, entry) => [
        k.src.mask.ne(0).implies(k.isIpv4.eq(true)),
        k.ttl.high.lt(255).or(k.ttl.low.eq(0)),
        entry.priority.lt(1000),
      ],
      refersTo: { hop: tableKey(hops, 'id') },
    });
    ctl.apply((c) => {
      c.if(valid(hdr.ipv4), () => {
        c.apply(routes);
        c.apply(acl);
        c.apply(hops);
        c.apply(rifs);
      });
    });
    return { rifs, hops, routes, acl };
  },
  egress(ctl, { std, hdr }) {
    const rewrite = ctl.action('rewrite', { src: mac }, (c, a) => c.set(hdr.ethernet.src, a.src));
    const outlets = ctl.table('outlets', {
      key: { port: exact(std.egressPort), instance: exact(std.replica) },
      actions: [rewrite],
      referredBy: { port: builtin.replicaPort, instance: builtin.replicaInstance },
    });
    ctl.apply((c) => c.apply(outlets));
    return { outlets };
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4),
});
