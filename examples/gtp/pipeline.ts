/**
 * The user plane of a UPF (3GPP TS 29.244) between base stations on N3 and the data network on N6: packets find their
 * session by the tunnel (TS 29.281) and the address of the user, in it the packet detection rule (PDR) of highest
 * precedence, and with it what becomes of them (FAR), at what rate (QER), and where they are counted (URR).
 */
import {
  bit,
  bool,
  Color,
  type Expr,
  exact,
  header,
  ipv4,
  ipv6,
  lpm,
  mac,
  mux,
  optional,
  ParserError,
  pipeline,
  port,
  range,
  ternary,
  valid,
} from 'p4ts';
import {
  Ethernet,
  EtherType,
  Gtpu,
  GtpuMessage,
  GtpuOptional,
  GtpuPduSession,
  gtpuStates,
  IpProtocol,
  Ipv4,
  Ipv6,
  ipv4Checksummed,
  ipv4States,
  ipv6States,
  Udp,
  UdpPort,
  udpStates,
} from 'p4ts/headers';
import { decapsulate, encapsulate } from './tunnel.js';

/** The cells of the counter `drops`. */
export const dropReasons = [
  'malformed',
  'not for this node',
  'not supported',
  'bad checksum',
  'unknown tunnel',
  'address of another',
  'unknown user',
  'no PDR',
  'FAR drops',
  'gate closed',
  'over the MBR',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** Why a packet went to the controller: `reason` in its metadata. */
export const reasons = { arp: 1, own: 2, signalling: 3, unknownTunnel: 4, downlinkData: 5 } as const;

/**
 * Ports from 0 to this one are on N3, so that nothing from the data network is taken for a tunnel. (No value set: BMv2's
 * control plane cannot fill one.)
 */
export const lastN3Port = 15;
/** Rules of each kind, of all sessions; 0 is none. */
export const maxRules = 4096;
/**
 * What is around the user's packet where it is counted, in bytes, by the cells of a URR in `usage`: downlink, uplink with
 * 8, 12 and 16 bytes of GTP-U, and downlink with what packets from the controller have in front.
 */
export const overheads = [14, 14 + 20 + 8 + 8, 14 + 20 + 8 + 12, 14 + 20 + 8 + 16, 14 + 2] as const;
export const cellsPerUrr = 8;

/** What TCP and UDP begin with. */
const Ports = header('ports_t', { src: bit(16), dst: bit(16) });

export const upf = pipeline('upf', {
  headers: {
    ethernet: Ethernet,
    // The tunnel's.
    outerIpv4: Ipv4,
    outerUdp: Udp,
    gtpu: Gtpu,
    gtpuOptional: GtpuOptional,
    gtpuPduSession: GtpuPduSession,
    // The user's.
    ipv4: Ipv4,
    ipv6: Ipv6,
    ports: Ports,
  },
  metadata: {
    /** Where the packet came from, before the controller gave it back. */
    from: port,
    uplink: bool,
    session: bit(16),
    /** Whose address the user's is. */
    owner: bit(16),
    /** Both ends; IPv4 addresses are mapped into IPv6 (RFC 4291 §2.5.5.2). */
    user: ipv6,
    remote: ipv6,
    userPort: bit(16),
    remotePort: bit(16),
    protocol: bit(8),
    /** Bytes of the user's packet. */
    length: bit(16),
    qfi: bit(6),
    far: bit(16),
    qer: bit(16),
    urr: bit(16),
    closed: bool,
    nextHop: bit(8),
  },
  packetIn: { ingressPort: port, reason: bit(7), far: bit(16) },
  // To be sent through a port or, with `again`, treated as if it had just come from there.
  packetOut: { port, again: bit(1) },

  parser: {
    start: (p, { std }) => p.select(std.ingressPort).when({ low: 0, high: lastN3Port }, 'access').otherwise('core'),
    access(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'outerIpv4').otherwise('accept');
    },
    core(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'ipv4').when(EtherType.ipv6, 'ipv6').otherwise('accept');
    },
    ...ipv4States({ [IpProtocol.udp]: 'outerUdp' }, { as: 'outerIpv4' }),
    ...udpStates({ [UdpPort.gtpu]: 'gtpu' }, { as: 'outerUdp' }),
    ...gtpuStates({ 4: 'ipv4', 6: 'ipv6' }),
    ...ipv4States({ [IpProtocol.tcp]: 'ports', [IpProtocol.udp]: 'ports' }),
    ...ipv6States({ [IpProtocol.tcp]: 'ports', [IpProtocol.udp]: 'ports' }),
    ports(p, { hdr }) {
      p.extract(hdr.ports);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std, packetOut }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    const access = ctl.action('access', {}, (c) => c.set(meta.uplink, true));
    const core = ctl.action('core', {}, () => {});
    const interfaces = ctl.table('interfaces', {
      key: { port: exact(meta.from), mac: exact(hdr.ethernet.dst) },
      actions: [access, core],
      size: 64,
    });
    const own = ctl.action('own', {}, () => {});
    const addresses = ctl.table('addresses', { key: { address: exact(hdr.outerIpv4.dst) }, actions: [own], size: 64 });

    // ── whose packet it is ──
    const session = ctl.action('session', { session: bit(16) }, (c, args) => c.set(meta.session, args.session));
    const tunnels = ctl.table('tunnels', {
      key: { address: exact(hdr.outerIpv4.dst), teid: exact(hdr.gtpu.teid) },
      actions: [session],
      size: 65536,
    });
    const owner = ctl.action('owner', { session: bit(16) }, (c, args) => c.set(meta.owner, args.session));
    const users = ctl.table('users', { key: { address: lpm(meta.user) }, actions: [owner], size: 65536 });

    // ── the rules of TS 29.244 ──
    const rules = ctl.action('rules', { far: bit(16), qer: bit(16), urr: bit(16) }, (c, args) => {
      c.set(meta.far, args.far);
      c.set(meta.qer, args.qer);
      c.set(meta.urr, args.urr);
    });
    const pdrs = ctl.table('pdrs', {
      key: {
        session: exact(meta.session),
        uplink: exact(meta.uplink),
        qfi: optional(meta.qfi),
        remote: ternary(meta.remote),
        protocol: optional(meta.protocol),
        userPort: range(meta.userPort),
        remotePort: range(meta.remotePort),
      },
      actions: [rules],
      size: maxRules,
      counter: 'packets',
    });
    // The QFI is that which downlink packets are marked with.
    const qos = ctl.action('qos', { uplinkClosed: bool, downlinkClosed: bool, qfi: bit(6) }, (c, args) => {
      c.set(meta.closed, meta.uplink.and(args.uplinkClosed).or(meta.uplink.not().and(args.downlinkClosed)));
      c.set(meta.qfi, args.qfi);
    });
    const qers = ctl.table('qers', { key: { id: exact(meta.qer) }, actions: [qos], size: maxRules });
    /** Bytes per second: two cells a QER, downlink first. */
    const mbr = ctl.meter('mbr', { size: 2 * maxRules, unit: 'bytes' });
    /** By URR and by what is around the user's packet: see overheads. */
    const usage = ctl.counter('usage', { size: cellsPerUrr * maxRules, unit: 'both' });

    const toCore = ctl.action('to_core', { nextHop: bit(8) }, (c, args) => {
      c.set(meta.nextHop, args.nextHop);
      decapsulate(c, hdr);
      c.if(valid(hdr.ipv6), () => c.set(hdr.ethernet.etherType, EtherType.ipv6));
    });
    const tunnel = { nextHop: bit(8), src: ipv4, dst: ipv4, teid: bit(32), dscp: bit(6) };
    const toAccess = ctl.action('to_access', tunnel, (c, args) => {
      c.set(meta.nextHop, args.nextHop);
      c.set(hdr.ethernet.etherType, EtherType.ipv4);
      encapsulate(c, hdr, { ...args, length: meta.length, qfi: meta.qfi });
    });
    const discard = ctl.action('discard', {}, () => {});
    const buffer = ctl.action('buffer', {}, () => {});
    const fars = ctl.table('fars', {
      key: { id: exact(meta.far) },
      actions: [toCore, toAccess, discard, buffer],
      default: discard(),
      size: maxRules,
    });
    const via = ctl.action('via', { port, srcMac: mac, dstMac: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
    });
    const nextHops = ctl.table('next_hops', { key: { id: exact(meta.nextHop) }, actions: [via], size: 256 });

    ctl.apply((c) => {
      const dropFor = (reason: DropReason) => {
        c.count(drops, dropReasons.indexOf(reason));
        c.drop();
        c.exit();
      };
      const punt = (reason: number) => {
        c.toController({ ingressPort: meta.from, reason, far: meta.far });
        c.exit();
      };

      // ── what comes in ──
      c.set(meta.from, std.ingressPort);
      c.if(packetOut.present, () => {
        c.set(meta.from, packetOut.port);
        c.if(packetOut.again.eq(0), () => {
          c.forward(packetOut.port);
          c.exit();
        });
      });
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'));
      c.if(hdr.ethernet.etherType.eq(EtherType.arp), () => punt(reasons.arp));
      c.if(c.apply(interfaces).miss, () => dropFor('not for this node'));
      c.if(std.checksumError, () => dropFor('bad checksum'));
      c.if(meta.uplink, () => {
        c.if(valid(hdr.outerIpv4).not(), () => dropFor('not supported'));
        c.if(c.apply(addresses).miss, () => dropFor('not for this node'));
        c.if(valid(hdr.gtpu).not(), () => punt(reasons.own));
        c.if(hdr.gtpu.version.ne(1).or(hdr.gtpu.protocolType.ne(1)), () => dropFor('not supported'));
        c.if(hdr.gtpu.messageType.ne(GtpuMessage.gpdu), () => punt(reasons.signalling));
        c.if(c.apply(tunnels).miss, () => {
          c.count(drops, dropReasons.indexOf('unknown tunnel'));
          punt(reasons.unknownTunnel);
        });
        c.if(valid(hdr.gtpuPduSession), () => c.set(meta.qfi, hdr.gtpuPduSession.qfi));
      });

      // ── the user's packet ──
      const ends = (src: Expr<128>, dst: Expr<128>) => {
        c.set(meta.user, mux(meta.uplink, src, dst));
        c.set(meta.remote, mux(meta.uplink, dst, src));
      };
      const mapped = (address: Expr<32>) => address.as(bit(128)).or(0xffff_0000_0000n);
      c.if(valid(hdr.ipv4), () => {
        ends(mapped(hdr.ipv4.src), mapped(hdr.ipv4.dst));
        c.set(meta.protocol, hdr.ipv4.protocol);
        c.set(meta.length, hdr.ipv4.totalLength);
      })
        .elseif(valid(hdr.ipv6), () => {
          ends(hdr.ipv6.src, hdr.ipv6.dst);
          c.set(meta.protocol, hdr.ipv6.nextHeader);
          c.set(meta.length, hdr.ipv6.payloadLength.add(40));
        })
        .else(() => dropFor('not supported'));
      c.if(valid(hdr.ports), () => {
        c.set(meta.userPort, mux(meta.uplink, hdr.ports.src, hdr.ports.dst));
        c.set(meta.remotePort, mux(meta.uplink, hdr.ports.dst, hdr.ports.src));
      });
      const known = c.let('known', c.apply(users).hit);
      c.if(meta.uplink, () => {
        c.if(known.not().or(meta.owner.ne(meta.session)), () => dropFor('address of another'));
      }).else(() => {
        c.if(known.not(), () => dropFor('unknown user'));
        c.set(meta.session, meta.owner);
      });

      // ── its rules ──
      c.if(c.apply(pdrs).miss, () => dropFor('no PDR'));
      c.apply(qers);
      c.if(meta.closed, () => dropFor('gate closed'));
      // Before an action changes the headers.
      const around = c.let('around', meta.uplink.as(bit(1)).as(bit(32)));
      c.if(valid(hdr.gtpuPduSession), () => c.set(around, 3))
        .elseif(valid(hdr.gtpuOptional), () => c.set(around, 2))
        .elseif(packetOut.present, () => c.set(around, 4));
      c.switch(c.apply(fars))
        .case(buffer, () => punt(reasons.downlinkData))
        .case(discard, () => dropFor('FAR drops'));
      const direction = meta.uplink.as(bit(1)).as(bit(32));
      const color = c.meter(mbr, meta.qer.as(bit(32)).shl(1).or(direction));
      c.if(color.eq(Color.red), () => dropFor('over the MBR'));
      c.count(usage, meta.urr.as(bit(32)).shl(3).or(around));
      c.apply(nextHops);
    });

    return {
      ...{ interfaces, access, core, addresses, own, tunnels, session, users, owner, pdrs, rules, qers, qos, mbr, usage },
      ...{ fars, toCore, toAccess, discard, buffer, nextHops, via, drops },
    };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.outerIpv4.checksum, ipv4Checksummed(hdr.outerIpv4), hdr.outerIpv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.outerIpv4, hdr.outerUdp, hdr.gtpu, hdr.gtpuOptional, hdr.gtpuPduSession, hdr.ipv4, hdr.ipv6, hdr.ports);
  },
});
