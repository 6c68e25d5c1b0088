/**
 * Rates for tenants: each has a committed and a peak rate. What is within the committed rate keeps its class, what is
 * above is the first to go where the network is full (RFC 2597), and what is above the peak rate ends here. Transports
 * that understand it are told of congestion in the ECN bits instead of by loss (RFC 3168).
 */
import { bit, Color, exact, lpm, pipeline, port, valid } from 'p4ts';
import { Ethernet, EtherType, Ipv4, ipv4Checksummed } from 'p4ts/headers';

/** As `color` in the table `marking`, and in this order in the counter `usage`. */
export const colors = { green: 0, yellow: 1, red: 2 } as const;
export const maxTenants = 256;
/** Cells of the counter `usage` for each tenant; the last one is not used. */
export const cellsPerTenant = 4;

export const shaper = pipeline('shaper', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  metadata: {
    /** 0 for traffic of nobody. */
    tenant: bit(8),
    /** Assured forwarding class, 1 to 4; 0 for best effort. */
    class: bit(3),
    color: bit(2),
  },

  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std }) {
    // ── the wire that the shaper sits in ──
    const to = ctl.action('to', { port }, (c, args) => c.forward(args.port));
    const links = ctl.table('links', { key: { port: exact(std.ingressPort) }, actions: [to], size: 64 });

    // ── whose packet it is, and how fast they send ──
    const tenant = ctl.action('tenant', { id: bit(8), class: bit(3) }, (c, args) => {
      c.set(meta.tenant, args.id);
      c.set(meta.class, args.class);
    });
    const tenants = ctl.table('tenants', {
      key: { port: exact(std.ingressPort), src: lpm(hdr.ipv4.src) },
      actions: [tenant],
      size: 1024,
    });
    /** Bytes per second of each tenant. */
    const rates = ctl.meter('rates', { size: maxTenants, unit: 'bytes' });
    /** What each tenant sent, by colour. */
    const usage = ctl.counter('usage', { size: maxTenants * cellsPerTenant, unit: 'both' });

    // ── what becomes of it ──
    // The sender's own code point is not believed.
    const remark = ctl.action('remark', { dscp: bit(6) }, (c, args) => c.set(hdr.ipv4.dscp, args.dscp));
    const slowDown = ctl.action('slow_down', { dscp: bit(6) }, (c, args) => {
      c.set(hdr.ipv4.dscp, args.dscp);
      c.if(hdr.ipv4.ecn.ne(0), () => c.set(hdr.ipv4.ecn, 3));
    });
    const discard = ctl.action('discard', {}, (c) => c.drop());
    const marking = ctl.table('marking', {
      key: { class: exact(meta.class), color: exact(meta.color) },
      actions: [remark, slowDown, discard],
      default: remark({ dscp: 0 }),
      size: 32,
    });

    ctl.apply((c) => {
      c.apply(links);
      c.if(valid(hdr.ipv4), () => {
        c.if(std.checksumError, () => {
          c.drop();
          c.exit();
        });
        c.apply(tenants);
        const color = c.meter(rates, meta.tenant.as(bit(32)));
        c.if(color.eq(Color.red), () => c.set(meta.color, colors.red)).elseif(color.eq(Color.yellow), () =>
          c.set(meta.color, colors.yellow),
        );
        c.count(
          usage,
          meta.tenant
            .as(bit(32))
            .shl(2)
            .or(meta.color.as(bit(32))),
        );
        c.apply(marking);
      });
    });

    return { links, to, tenants, tenant, rates, usage, marking, remark, slowDown, discard };
  },

  egress(ctl, { hdr, std }) {
    const markFrom = ctl.action('mark_from', { depth: bit(19) }, (c, args) => {
      c.if(std.queueDepth.ge(args.depth), () => c.set(hdr.ipv4.ecn, 3));
    });
    /** Queues so deep that transports shall hear of it. */
    const queues = ctl.table('queues', { key: { port: exact(std.egressPort) }, actions: [markFrom], size: 64 });
    ctl.apply((c) => {
      c.if(valid(hdr.ipv4).and(hdr.ipv4.ecn.ne(0)), () => c.apply(queues));
    });
    return { queues, markFrom };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.ipv4);
  },
});
