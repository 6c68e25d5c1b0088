/**
 * A label switch router, at the edge and inside the network alike (RFC 3031, RFC 3032): IPv4 packets are classified and
 * get one or two labels, labelled packets have their top label swapped, swapped under a further one, or popped. TTLs go
 * along in the uniform model (RFC 3443): a packet that passes through n routers has lost n, labelled or not.
 */

import { bit, exact, lpm, mac, ParserError, pipeline, port, stack, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, Ipv4, ipv4Checksummed, ipv4States, Mpls, mplsStates } from 'p4ts/headers';

/** Labels that a packet may carry, those that this router adds included. */
export const maxLabels = 8;
/** RFC 3032 §2.1: the labels below are reserved. */
export const firstLabel = 16;

/** The cells of the counter `drops`. */
export const dropReasons = [
  'malformed',
  'bad checksum',
  'not routable',
  'TTL expired',
  'unknown label',
  'too many labels',
  'no route',
  'no next hop',
] as const;
export type DropReason = (typeof dropReasons)[number];

export const labelSwitch = pipeline('label_switch', {
  headers: { ethernet: Ethernet, mpls: stack(Mpls, maxLabels), ipv4: Ipv4 },
  metadata: {
    nextHop: bit(16),
    /** As the packet came in, one less: what it leaves with. */
    ttl: bit(8),
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.mpls]: 'mpls', [EtherType.ipv4]: 'ipv4' }),
    ...mplsStates({ 4: 'ipv4' }),
    ...ipv4States<never>({}),
  },

  ingress(ctl, { hdr, meta, std }) {
    const top = hdr.mpls.at(0);
    const second = hdr.mpls.at(1);
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    // ── labelled packets: the incoming label map ──
    const swap = ctl.action('swap', { label: bit(20), nextHop: bit(16) }, (c, args) => {
      c.set(top.label, args.label);
      c.set(top.ttl, meta.ttl);
      c.set(meta.nextHop, args.nextHop);
    });
    // Into a tunnel, such as a bypass around a link that failed (RFC 4090).
    const swapPush = ctl.action('swap_push', { label: bit(20), tunnel: bit(20), nextHop: bit(16) }, (c, args) => {
      c.set(top.label, args.label);
      c.set(top.ttl, meta.ttl);
      c.push(hdr.mpls, 1);
      c.setValid(top);
      c.set(top.label, args.tunnel);
      c.set(top.trafficClass, second.trafficClass);
      c.set(top.bottomOfStack, 0);
      c.set(top.ttl, meta.ttl);
      c.set(meta.nextHop, args.nextHop);
    });
    // The next router is the last of the path: it need not see the label (penultimate hop popping).
    const pop = ctl.action('pop', { nextHop: bit(16) }, (c, args) => {
      c.pop(hdr.mpls, 1);
      c.set(meta.nextHop, args.nextHop);
    });
    // The label ends here: what is under it says where the packet goes.
    const popLookup = ctl.action('pop_lookup', {}, (c) => c.pop(hdr.mpls, 1));
    const unknown = ctl.action('unknown', {}, () => {});
    const labels = ctl.table('labels', {
      key: { label: exact(top.label) },
      actions: [swap, swapPush, pop, popLookup, unknown],
      default: unknown(),
      size: 65536,
      counter: 'both',
    });

    // ── IP packets: their forwarding equivalence class ──
    const classOf = () => hdr.ipv4.dscp.bits(3, 3);
    const push = ctl.action('push', { label: bit(20), nextHop: bit(16) }, (c, args) => {
      c.setValid(top);
      c.set(top.label, args.label);
      c.set(top.trafficClass, classOf());
      c.set(top.bottomOfStack, 1);
      c.set(top.ttl, meta.ttl);
      c.set(meta.nextHop, args.nextHop);
    });
    // A service inside a tunnel: the service's label is read where the tunnel ends.
    const pushPush = ctl.action('push_push', { service: bit(20), tunnel: bit(20), nextHop: bit(16) }, (c, args) => {
      c.setValid(top);
      c.setValid(second);
      c.set(top.label, args.tunnel);
      c.set(top.trafficClass, classOf());
      c.set(top.bottomOfStack, 0);
      c.set(top.ttl, meta.ttl);
      c.set(second.label, args.service);
      c.set(second.trafficClass, classOf());
      c.set(second.bottomOfStack, 1);
      c.set(second.ttl, meta.ttl);
      c.set(meta.nextHop, args.nextHop);
    });
    const route = ctl.action('route', { nextHop: bit(16) }, (c, args) => c.set(meta.nextHop, args.nextHop));
    const noRoute = ctl.action('no_route', {}, () => {});
    const classes = ctl.table('classes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [push, pushPush, route, noRoute],
      default: noRoute(),
      size: 16384,
      counter: 'both',
    });

    // ── next hops ──
    const forward = ctl.action('forward', { port, srcMac: mac, dstMac: mac }, (c, args) => {
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
      c.forward(args.port);
    });
    const unresolved = ctl.action('unresolved', {}, () => {});
    const nextHops = ctl.table('next_hops', {
      key: { id: exact(meta.nextHop) },
      actions: [forward, unresolved],
      default: unresolved(),
      size: 4096,
    });

    ctl.apply((c) => {
      const dropFor = (reason: DropReason) => {
        c.count(drops, dropReasons.indexOf(reason));
        c.drop();
        c.exit();
      };
      /** Whatever is on top now has lost as much as the label that was popped. */
      const uncover = () => {
        c.if(valid(top), () => c.set(top.ttl, meta.ttl)).elseif(valid(hdr.ipv4), () => c.set(hdr.ipv4.ttl, meta.ttl));
      };

      c.if(std.parserError.eq(ParserError.StackOutOfBounds), () => dropFor('too many labels'));
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'));
      c.if(valid(top), () => c.set(meta.ttl, top.ttl)).else(() => {
        c.if(valid(hdr.ipv4).not(), () => dropFor('not routable'));
        c.if(std.checksumError, () => dropFor('bad checksum'));
        c.set(meta.ttl, hdr.ipv4.ttl);
      });
      c.if(meta.ttl.le(1), () => dropFor('TTL expired'));
      c.set(meta.ttl, meta.ttl.sub(1));

      c.if(valid(top), () => {
        c.if(valid(hdr.mpls.at(maxLabels - 1)), () => dropFor('too many labels'));
        c.switch(c.apply(labels))
          .case(unknown, () => dropFor('unknown label'))
          .case(pop, uncover)
          .case(popLookup, () => {
            uncover();
            // Another label: the packet passes once more, and this router counts as one hop still.
            c.if(valid(top), () => {
              c.set(top.ttl, meta.ttl.add(1));
              c.recirculate();
              c.exit();
            });
          });
      }).else(() => c.set(hdr.ipv4.ttl, meta.ttl));

      // Popped down to the packet, or never labelled: the next hop is still open.
      c.if(valid(top).not().and(meta.nextHop.eq(0)), () => {
        c.if(valid(hdr.ipv4).not(), () => dropFor('not routable'));
        c.switch(c.apply(classes)).case(noRoute, () => dropFor('no route'));
      });
      c.if(valid(top), () => c.set(hdr.ethernet.etherType, EtherType.mpls))
        .elseif(valid(hdr.ipv4), () => c.set(hdr.ethernet.etherType, EtherType.ipv4))
        .else(() => dropFor('not routable'));
      c.switch(c.apply(nextHops)).case(unresolved, () => dropFor('no next hop'));
    });

    return { labels, swap, swapPush, pop, popLookup, classes, push, pushPush, route, nextHops, forward, drops };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.mpls, hdr.ipv4);
  },
});
