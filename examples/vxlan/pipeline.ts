/**
 * A VXLAN gateway (RFC 7348): VLANs of its access ports become segments with a 24-bit identifier, and frames for hosts
 * behind other gateways travel in UDP. Frames for all hosts, and for those that nobody knows, are replicated at the head
 * end: to the other access ports and to each gateway of the segment, but never from one gateway to another.
 */

import { bit, exact, ipv4, mac, pipeline, port, valid, valueSet } from 'p4ts';
import {
  Ethernet,
  EtherType,
  ethernetStates,
  IpProtocol,
  Ipv4,
  ipv4Checksummed,
  ipv4States,
  Udp,
  UdpPort,
  udpStates,
  Vlan,
  Vxlan,
  vxlanStates,
} from 'p4ts/headers';

/** The cells of the counter `drops`. */
export const dropReasons = ['bad checksum', 'no segment', 'unknown gateway', 'not VXLAN'] as const;
export type DropReason = (typeof dropReasons)[number];

export const vxlanGateway = pipeline('vxlan_gateway', {
  headers: {
    // The tunnel's.
    ethernet: Ethernet,
    ipv4: Ipv4,
    udp: Udp,
    vxlan: Vxlan,
    // The frame of a host, in a tunnel or on an access port.
    inner: Ethernet,
    vlan: Vlan,
  },
  metadata: {
    /** 0 for untagged frames. */
    vid: bit(12),
    vni: bit(24),
    /** The gateway that the frame goes to; 0 for an access port. */
    tunnel: bit(16),
  },
  // Ports to the other gateways: nothing that a host sends is taken for a tunnel.
  valueSets: { underlay: valueSet(port, 16) },

  parser: {
    start: (p, { std, sets }) => p.select(std.ingressPort).when(sets.underlay, 'ethernet').otherwise('inner'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4States({ [IpProtocol.udp]: 'udp' }),
    ...udpStates({ [UdpPort.vxlan]: 'vxlan' }),
    ...vxlanStates('inner'),
    inner(p, { hdr }) {
      p.extract(hdr.inner);
      return p.select(hdr.inner.etherType).when(EtherType.vlan, 'vlan').otherwise('accept');
    },
    vlan(p, { hdr, meta }) {
      p.extract(hdr.vlan);
      p.set(meta.vid, hdr.vlan.vid);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    const segment = ctl.action('segment', { vni: bit(24) }, (c, args) => c.set(meta.vni, args.vni));
    const access = ctl.table('access', {
      key: { port: exact(std.ingressPort), vid: exact(meta.vid) },
      actions: [segment],
      size: 4096,
      counter: 'both',
    });
    // Who may send into a segment, and to which of this gateway's addresses.
    const terminate = ctl.action('terminate', {}, (c) => c.set(meta.vni, hdr.vxlan.vni));
    const tunnels = ctl.table('tunnels', {
      key: { src: exact(hdr.ipv4.src), dst: exact(hdr.ipv4.dst), vni: exact(hdr.vxlan.vni) },
      actions: [terminate],
      size: 4096,
      counter: 'both',
    });

    const local = ctl.action('local', { port }, (c, args) => c.forward(args.port));
    const remote = ctl.action('remote', { tunnel: bit(16), port }, (c, args) => {
      c.set(meta.tunnel, args.tunnel);
      c.forward(args.port);
    });
    const hosts = ctl.table('hosts', {
      key: { vni: exact(meta.vni), mac: exact(hdr.inner.dst) },
      actions: [local, remote],
      size: 65536,
    });
    const flood = ctl.action('flood', { group: bit(16) }, (c, args) => c.multicast(args.group));
    const floods = ctl.table('floods', { key: { vni: exact(meta.vni) }, actions: [flood], size: 4096 });

    ctl.apply((c) => {
      const dropFor = (reason: DropReason) => {
        c.count(drops, dropReasons.indexOf(reason));
        c.drop();
        c.exit();
      };
      c.if(valid(hdr.ethernet), () => {
        c.if(valid(hdr.inner).not(), () => dropFor('not VXLAN'));
        c.if(std.checksumError, () => dropFor('bad checksum'));
        c.if(c.apply(tunnels).miss, () => dropFor('unknown gateway'));
      }).else(() => {
        c.if(c.apply(access).miss, () => dropFor('no segment'));
      });
      c.if(c.apply(hosts).miss, () => c.apply(floods));
    });

    return { access, segment, tunnels, terminate, hosts, local, remote, floods, flood, drops };
  },

  egress(ctl, { hdr, meta, std }) {
    const encapsulate = ctl.action('encapsulate', { srcMac: mac, dstMac: mac, src: ipv4, dst: ipv4 }, (c, args) => {
      for (const header of [hdr.ethernet, hdr.ipv4, hdr.udp, hdr.vxlan]) c.setValid(header);
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
      c.set(hdr.ethernet.etherType, EtherType.ipv4);
      c.set(hdr.ipv4.version, 4);
      c.set(hdr.ipv4.ihl, 5);
      // Don't fragment (RFC 7348 §4.3).
      c.set(hdr.ipv4.flags, 2);
      c.set(hdr.ipv4.ttl, 64);
      c.set(hdr.ipv4.protocol, IpProtocol.udp);
      c.set(hdr.ipv4.src, args.src);
      c.set(hdr.ipv4.dst, args.dst);
      c.set(hdr.udp.dstPort, UdpPort.vxlan);
      c.set(hdr.vxlan.flags, 0x08);
      c.set(hdr.vxlan.vni, meta.vni);
    });
    const gateways = ctl.table('gateways', { key: { tunnel: exact(meta.tunnel) }, actions: [encapsulate], size: 4096 });

    const untagged = ctl.action('untagged', {}, () => {});
    const tagged = ctl.action('tagged', { vid: bit(12) }, (c, args) => {
      c.setValid(hdr.vlan);
      c.set(hdr.vlan.vid, args.vid);
      c.set(hdr.vlan.etherType, hdr.inner.etherType);
      c.set(hdr.inner.etherType, EtherType.vlan);
    });
    const tags = ctl.table('tags', {
      key: { port: exact(std.egressPort), vni: exact(meta.vni) },
      actions: [untagged, tagged],
      size: 4096,
    });

    ctl.apply((c) => {
      const lost = () => {
        c.drop();
        c.exit();
      };
      c.if(std.replica.ne(0), () => c.set(meta.tunnel, std.replica));
      const tunnelled = c.let('tunnelled', valid(hdr.ethernet));
      // Never from one gateway to another, nor back to where it came from.
      c.if(tunnelled.and(meta.tunnel.ne(0)), lost);
      c.if(std.egressPort.eq(std.ingressPort), lost);

      const length = c.let('length', std.packetLength.as(bit(16)));
      c.if(valid(hdr.vlan), () => {
        c.set(length, length.sub(4));
        c.set(hdr.inner.etherType, hdr.vlan.etherType);
        c.setInvalid(hdr.vlan);
      });
      c.if(meta.tunnel.eq(0), () => {
        for (const header of [hdr.ethernet, hdr.ipv4, hdr.udp, hdr.vxlan]) c.setInvalid(header);
        c.if(c.apply(tags).miss, lost);
      }).else(() => {
        c.if(c.apply(gateways).miss, lost);
        // In front of the frame: 20 bytes of IPv4, 8 of UDP, 8 of VXLAN.
        c.set(hdr.ipv4.totalLength, length.add(36));
        c.set(hdr.udp.length, length.add(16));
        // One flow takes one of the paths between the gateways.
        const flow = [hdr.inner.src, hdr.inner.dst, hdr.inner.etherType];
        c.set(hdr.udp.srcPort, c.hash('crc16', bit(16), flow, { base: 49152, max: 16384 }));
      });
    });

    return { gateways, encapsulate, tags, untagged, tagged };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.ipv4, hdr.udp, hdr.vxlan, hdr.inner, hdr.vlan);
  },
});
