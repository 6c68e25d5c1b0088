/**
 * An Ethernet switch with VLANs (IEEE 802.1Q): it forwards to the port behind which a station was seen, floods what it
 * does not know, and tells its controller of stations that it has not seen there before. The controller puts them into
 * the tables, and takes those out that were silent for too long.
 */
import { bit, exact, mac, pipeline, port, ternary, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, Vlan, vlanStates } from 'p4ts/headers';

/** The cells of the counter `drops`. */
export const dropReasons = ['not in the VLAN', 'reserved address', 'group as source'] as const;
const drop = { vlan: 0, reserved: 1, source: 2 } as const;

export const l2switch = pipeline('l2_switch', {
  headers: { ethernet: Ethernet, vlan: Vlan },
  metadata: {
    /** On the wire 0 for untagged packets; then the VLAN that the packet belongs to. */
    vlan: bit(12),
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.vlan]: 'vlan' }),
    ...vlanStates({}),
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'packets' });
    /** What came in, by VLAN. */
    const traffic = ctl.counter('traffic', { size: 4096, unit: 'both' });

    // ── which VLAN ──
    const admit = ctl.action('admit', { vlan: bit(12) }, (c, args) => c.set(meta.vlan, args.vlan));
    const refuse = ctl.action('refuse', {}, (c) => {
      c.count(drops, drop.vlan);
      c.drop();
    });
    // The VLANs that a port takes; without a tag, the one that it gives to the packet.
    const memberships = ctl.table('memberships', {
      key: { port: exact(std.ingressPort), tag: exact(meta.vlan) },
      actions: [admit, refuse],
      default: refuse(),
      size: 4096,
    });

    // ── what no bridge forwards (IEEE 802.1Q, table 8-1: spanning tree, LACP, LLDP) ──
    const keep = ctl.action('keep', {}, (c) => {
      c.count(drops, drop.reserved);
      c.drop();
    });
    const reserved = ctl.table('reserved', {
      key: { dst: ternary(hdr.ethernet.dst) },
      actions: [keep],
      entries: [{ match: { dst: { value: '01:80:c2:00:00:00', mask: 'ff:ff:ff:ff:ff:f0' } }, priority: 1, action: keep() }],
      constEntries: true,
      size: 1,
    });

    // ── who is where ──
    const station = ctl.digest('station_t', { vlan: bit(12), mac, port });
    const known = ctl.action('known', {}, () => {});
    const learn = ctl.action('learn', {}, (c) => {
      c.digest(station, { vlan: meta.vlan, mac: hdr.ethernet.src, port: std.ingressPort });
    });
    // A station at another port is a new one: it has moved.
    const sources = ctl.table('sources', {
      key: { vlan: exact(meta.vlan), mac: exact(hdr.ethernet.src), port: exact(std.ingressPort) },
      actions: [known, learn],
      default: learn(),
      size: 4096,
      idleTimeout: true,
    });

    // ── where to ──
    const forward = ctl.action('forward', { port }, (c, args) => c.forward(args.port));
    // The multicast group of a VLAN has the number of the VLAN.
    const flood = ctl.action('flood', {}, (c) => c.multicast(meta.vlan.as(bit(16))));
    const stations = ctl.table('stations', {
      key: { vlan: exact(meta.vlan), mac: exact(hdr.ethernet.dst) },
      actions: [forward, flood],
      default: flood(),
      size: 4096,
      counter: 'both',
    });

    ctl.apply((c) => {
      c.if(valid(hdr.vlan), () => c.set(meta.vlan, hdr.vlan.vid));
      c.switch(c.apply(memberships)).case(refuse, () => c.exit());
      c.count(traffic, meta.vlan.as(bit(32)));
      c.if(c.apply(reserved).hit, () => c.exit());
      const fromGroup = hdr.ethernet.src.bits(40, 1).eq(1);
      c.if(fromGroup, () => {
        c.count(drops, drop.source);
        c.drop();
        c.exit();
      });
      c.apply(sources);
      c.apply(stations);
    });

    return { memberships, admit, sources, known, stations, forward, station, drops, traffic };
  },

  egress(ctl, { hdr, meta, std }) {
    const untagged = ctl.action('untagged', {}, (c) => {
      c.if(valid(hdr.vlan), () => {
        c.set(hdr.ethernet.etherType, hdr.vlan.etherType);
        c.setInvalid(hdr.vlan);
      });
    });
    // A tag that is there keeps its priority.
    const tagged = ctl.action('tagged', {}, (c) => {
      c.if(valid(hdr.vlan).not(), () => {
        c.setValid(hdr.vlan);
        c.set(hdr.vlan.pcp, 0);
        c.set(hdr.vlan.dei, 0);
        c.set(hdr.vlan.etherType, hdr.ethernet.etherType);
        c.set(hdr.ethernet.etherType, EtherType.vlan);
      });
      c.set(hdr.vlan.vid, meta.vlan);
    });
    const refuse = ctl.action('refuse', {}, (c) => c.drop());
    const tags = ctl.table('tags', {
      key: { port: exact(std.egressPort), vlan: exact(meta.vlan) },
      actions: [untagged, tagged, refuse],
      default: refuse(),
      size: 4096,
    });

    ctl.apply((c) => {
      // What is flooded does not go back, nor does what is for a station at the port where it came from.
      c.if(std.egressPort.eq(std.ingressPort), () => c.drop()).else(() => c.apply(tags));
    });

    return { tags, untagged, tagged };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.vlan);
  },
});
