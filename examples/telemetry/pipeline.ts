/**
 * In-band telemetry: the packets themselves carry where they were, when, and how long the queue was. The first switch
 * adds a header to the packets of watched flows, each switch puts a hop in front of the others, and the last one takes
 * all of it off and sends a copy that still has it to the collector. Each switch counts the connections of its flows too.
 */
import { bit, exact, Path, pipeline, port, stack, valid } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, Tcp } from 'p4ts/headers';
import { Hop, maxHops, Telemetry, telemetryEtherType } from './headers.js';

export const maxFlows = 256;
/** The mirror session that leads to the collector. */
export const collectorSession = 1;

export const telemetry = pipeline('telemetry', {
  headers: { ethernet: Ethernet, telemetry: Telemetry, hops: stack(Hop, maxHops), ipv4: Ipv4, tcp: Tcp },
  metadata: {
    /** Hops that are not taken yet. */
    left: bit(8),
    arrived: bit(48),
    /** 1 where the way through the network ends. */
    leaves: bit(1),
  },

  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(telemetryEtherType, 'telemetry').when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    telemetry(p, { hdr, meta }) {
      p.extract(hdr.telemetry);
      p.set(meta.left, hdr.telemetry.hops);
      return p.select(hdr.telemetry.hops).when(0, 'behind').otherwise('hop');
    },
    hop(p, { hdr, meta }) {
      p.extract(hdr.hops.next);
      p.set(meta.left, meta.left.sub(1));
      return p.select(meta.left).when(0, 'behind').otherwise('hop');
    },
    behind(p, { hdr }) {
      return p.select(hdr.telemetry.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      return p.select(hdr.ipv4.ihl, hdr.ipv4.fragmentOffset, hdr.ipv4.protocol).when([5, 0, IpProtocol.tcp], 'tcp').otherwise('accept');
    },
    tcp(p, { hdr }) {
      p.extract(hdr.tcp);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std }) {
    const toSwitch = ctl.action('to_switch', { port }, (c, args) => c.forward(args.port));
    const toHost = ctl.action('to_host', { port }, (c, args) => {
      c.forward(args.port);
      c.set(meta.leaves, 1);
    });
    const hosts = ctl.table('hosts', { key: { mac: exact(hdr.ethernet.dst) }, actions: [toSwitch, toHost], size: 256 });

    /** Of each watched flow: packets, connections asked for, refused or broken off, and closed. */
    const metrics = ctl.register('metrics', { packets: bit(32), opened: bit(32), reset: bit(32), closed: bit(32) }, maxFlows);
    const watch = ctl.action('watch', { id: bit(8) }, (c, args) => {
      const tcp = hdr.tcp;
      c.update(metrics, args.id.as(bit(32)), (flow) => ({
        next: {
          packets: flow.packets.add(1),
          opened: flow.opened.add(tcp.syn.and(tcp.ack.not()).as(bit(32))),
          reset: flow.reset.add(tcp.rst.as(bit(32))),
          closed: flow.closed.add(tcp.fin.as(bit(32))),
        },
      }));
    });
    const flows = ctl.table('flows', { key: { src: exact(hdr.ipv4.src), dst: exact(hdr.ipv4.dst) }, actions: [watch], size: maxFlows });

    ctl.apply((c) => {
      c.set(meta.arrived, std.timestampNs);
      c.apply(hosts);
      c.if(valid(hdr.tcp), () => {
        c.if(c.apply(flows).hit.and(valid(hdr.telemetry).not()).and(meta.leaves.eq(0)), () => {
          c.setValid(hdr.telemetry);
          c.set(hdr.telemetry.hops, 0);
          c.set(hdr.telemetry.etherType, hdr.ethernet.etherType);
          c.set(hdr.ethernet.etherType, telemetryEtherType);
        });
      });
      c.if(valid(hdr.telemetry).and(meta.leaves.eq(1)), () => c.mirror(collectorSession, { keep: [meta.arrived] }));
    });
    return { hosts, toSwitch, toHost, flows, watch, metrics };
  },

  egress(ctl, { hdr, meta, std }) {
    const identify = ctl.action('identify', { switchId: bit(32) }, (c, args) => {
      c.push(hdr.hops, 1);
      const hop = hdr.hops.at(0);
      c.setValid(hop);
      c.set(hop.switchId, args.switchId);
      c.set(hop.ingressTime, meta.arrived);
      c.set(hop.egressTime, std.timestampNs);
      c.set(hop.queueDepth, std.queueDepth.as(bit(24)));
      c.set(hdr.telemetry.hops, hdr.telemetry.hops.add(1));
    });
    /** Who this switch is: the default action says it. */
    const self = ctl.table('self', { key: {}, actions: [identify], size: 1 });
    ctl.apply((c) => {
      c.if(valid(hdr.telemetry), () => {
        c.if(std.path.eq(Path.normal).and(meta.leaves.eq(1)), () => {
          c.set(hdr.ethernet.etherType, hdr.telemetry.etherType);
          c.setInvalid(hdr.telemetry);
          c.pop(hdr.hops, maxHops);
        }).elseif(hdr.telemetry.hops.lt(maxHops), () => c.apply(self));
      });
    });
    return { self, identify };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.telemetry, hdr.hops, hdr.ipv4, hdr.tcp);
  },
});
