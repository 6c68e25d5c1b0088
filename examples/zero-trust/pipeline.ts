/**
 * Zero trust: no packet is delivered because of where it comes from, only because a policy names the identity of its
 * sender and that of its receiver. The switch that a workload is attached to attests its identity by port, MAC address
 * and IP address; between switches the identity travels in a header of its own. Whatever no policy allows is denied,
 * counted by reason, and sampled to the controller.
 */
import { type Body, bit, exact, mac, ParserError, pipeline, port, range, ternary, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, IpProtocol, Ipv4, ipv4States, Tcp, tcpStates, Udp, udpStates } from 'p4ts/headers';
import { Identity, identityEtherType } from './headers.js';

/** Why a packet was denied: the cells of the counter `denials`, and `reason` in what the controller is sent. */
export const denialReasons = ['malformed', 'not IPv4', 'forged identity', 'unknown workload', 'unknown destination', 'no policy'] as const;
export type DenialReason = (typeof denialReasons)[number];

export const zeroTrust = pipeline('zero_trust', {
  headers: { ethernet: Ethernet, identity: Identity, ipv4: Ipv4, tcp: Tcp, udp: Udp },
  metadata: {
    /** 0 while nobody is known to have sent it. */
    source: bit(16),
    destination: bit(16),
    /** Where the destination is reached: on a port of this switch, or behind another one. */
    remote: bit(1),
    dstMac: mac,
    srcPort: bit(16),
    dstPort: bit(16),
    /** The packet asks for a new TCP connection. */
    opens: bit(1),
    /** Only a policy sets it. */
    allowed: bit(1),
    /** Of the denial. */
    reason: bit(7),
    /** 0 for a denied packet that goes to the controller. */
    sampled: bit(16),
  },
  packetIn: { ingressPort: port, reason: bit(7), source: bit(16), destination: bit(16) },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4', [identityEtherType]: 'identity' }),
    identity(p, { hdr }) {
      p.extract(hdr.identity);
      return p.select(hdr.identity.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ...ipv4States({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp' }),
    ...tcpStates(),
    ...udpStates({}),
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets denied, by reason: see denialReasons. */
    const denials = ctl.counter('denials', { size: denialReasons.length, unit: 'both' });
    const because = (c: Pick<Body, 'set'>, reason: DenialReason) => c.set(meta.reason, denialReasons.indexOf(reason));

    // ── who sends ──
    const trust = ctl.action('trust', {}, () => {});
    // Ports to other switches: identity headers are believed there, and nowhere else.
    const fabric = ctl.table('fabric', { key: { port: exact(std.ingressPort) }, actions: [trust], size: 64 });
    const attest = ctl.action('attest', { identity: bit(16) }, (c, args) => c.set(meta.source, args.identity));
    const stranger = ctl.action('stranger', {}, (c) => because(c, 'unknown workload'));
    const workloads = ctl.table('workloads', {
      key: { port: exact(std.ingressPort), mac: exact(hdr.ethernet.src), address: exact(hdr.ipv4.src) },
      actions: [attest, stranger],
      default: stranger(),
      size: 4096,
    });

    // ── who receives ──
    const deliver = ctl.action('deliver', { identity: bit(16), port, mac }, (c, args) => {
      c.set(meta.destination, args.identity);
      c.set(meta.dstMac, args.mac);
      c.forward(args.port);
    });
    const carry = ctl.action('carry', { identity: bit(16), port }, (c, args) => {
      c.set(meta.destination, args.identity);
      c.set(meta.remote, 1);
      c.forward(args.port);
    });
    const nowhere = ctl.action('nowhere', {}, (c) => because(c, 'unknown destination'));
    const destinations = ctl.table('destinations', {
      key: { address: exact(hdr.ipv4.dst) },
      actions: [deliver, carry, nowhere],
      default: nowhere(),
      size: 65536,
    });

    // ── who may ──
    const allow = ctl.action('allow', {}, (c) => c.set(meta.allowed, 1));
    const deny = ctl.action('deny', {}, (c) => because(c, 'no policy'));
    const policy = ctl.table('policy', {
      key: {
        source: exact(meta.source),
        destination: exact(meta.destination),
        protocol: exact(hdr.ipv4.protocol),
        srcPort: range(meta.srcPort),
        dstPort: range(meta.dstPort),
        opens: ternary(meta.opens),
      },
      actions: [allow, deny],
      default: deny(),
      size: 4096,
      counter: 'both',
    });

    // ── who hears of it ──
    // A denied packet goes to the controller when the bits of `mask` are 0 in a random number: 0 for all of them, 0xff
    // for one of 256. Reasons without an entry are counted only.
    const sample = ctl.action('sample', { mask: bit(16) }, (c, args) => {
      c.set(meta.sampled, c.random(bit(16), 0, 0xffff).and(args.mask));
    });
    const sampling = ctl.table('sampling', { key: { reason: exact(meta.reason) }, actions: [sample], size: denialReasons.length });

    ctl.apply((c) => {
      const fromFabric = c.let('from_fabric', c.apply(fabric).hit);
      c.if(std.parserError.ne(ParserError.NoError).or(std.checksumError), () => because(c, 'malformed'))
        .elseif(valid(hdr.identity).and(fromFabric.not()), () => because(c, 'forged identity'))
        .elseif(valid(hdr.ipv4).not(), () => because(c, 'not IPv4'))
        .else(() => {
          c.if(valid(hdr.identity), () => c.set(meta.source, hdr.identity.source)).elseif(fromFabric.not(), () => c.apply(workloads));
          c.if(meta.source.eq(0), () => because(c, 'unknown workload'));

          c.if(valid(hdr.tcp), () => {
            c.set(meta.srcPort, hdr.tcp.srcPort);
            c.set(meta.dstPort, hdr.tcp.dstPort);
            c.if(hdr.tcp.syn.eq(1).and(hdr.tcp.ack.eq(0)), () => c.set(meta.opens, 1));
          }).elseif(valid(hdr.udp), () => {
            c.set(meta.srcPort, hdr.udp.srcPort);
            c.set(meta.dstPort, hdr.udp.dstPort);
          });
          c.if(meta.source.ne(0), () => {
            c.if(c.apply(destinations).hit, () => c.apply(policy));
          });
        });

      c.if(meta.allowed.eq(0), () => {
        c.count(denials, meta.reason.as(bit(32)));
        c.drop();
        c.if(c.apply(sampling).hit.and(meta.sampled.eq(0)), () => {
          const { reason, source, destination } = meta;
          c.toController({ ingressPort: std.ingressPort, reason, source, destination });
        });
      })
        .elseif(meta.remote.eq(1), () => {
          c.if(valid(hdr.identity).not(), () => {
            c.setValid(hdr.identity);
            c.set(hdr.identity.etherType, hdr.ethernet.etherType);
            c.set(hdr.ethernet.etherType, identityEtherType);
          });
          c.set(hdr.identity.source, meta.source);
        })
        .else(() => {
          c.set(hdr.ethernet.dst, meta.dstMac);
          c.if(valid(hdr.identity), () => {
            c.set(hdr.ethernet.etherType, hdr.identity.etherType);
            c.setInvalid(hdr.identity);
          });
        });
    });

    return { fabric, trust, workloads, attest, destinations, deliver, carry, policy, allow, deny, sampling, sample, denials };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.identity, hdr.ipv4, hdr.tcp, hdr.udp);
  },
});
