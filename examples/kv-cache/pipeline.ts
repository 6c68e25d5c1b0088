/**
 * The switch of a rack with a key-value server in it. It keeps the values of the keys that are asked for most, and answers
 * for them itself, in the time that a packet needs to turn around. The server sees what is left: a load that is spread
 * evenly, however uneven the popularity of the keys is. The idea is that of NetCache (SOSP 2017).
 */
import { bit, exact, mux, pipeline, port, type Ref, valid } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, ipv4Checksummed, Udp } from 'p4ts/headers';
import { Kv, kvPort, ops } from './headers.js';

/** Keys that the switch can hold. */
export const cacheSize = 64;
/** A key that the switch does not hold is reported when it was asked for so often in one round. */
export const hotAfter = 4;
/** Cells of each row of the sketch, in which the questions are counted. */
const sketchSize = 1024;

/** The cells of the counter `lookups`: what became of questions, and of what changes the answers. */
export const outcomes = ['hit', 'miss', 'invalid', 'reported', 'put', 'filled', 'untrusted'] as const;
export type Outcome = (typeof outcomes)[number];

export const kvCache = pipeline('kv_cache', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, udp: Udp, kv: Kv },
  metadata: {
    /** Where the key is in the cache. */
    slot: bit(16),
  },

  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
      // Whole packets only: neither options nor fragments, which the server takes.
      const { ihl, flags, fragmentOffset, protocol } = hdr.ipv4;
      return p.select(ihl, flags.bits(0, 1), fragmentOffset, protocol).when([5, 0, 0, IpProtocol.udp], 'udp').otherwise('accept');
    },
    udp(p, { hdr }) {
      p.extract(hdr.udp);
      return p.select(hdr.udp.srcPort, hdr.udp.dstPort).when(['_', kvPort], 'kv').when([kvPort, '_'], 'kv').otherwise('accept');
    },
    kv(p, { hdr }) {
      p.extract(hdr.kv);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std }) {
    /** What became of the packets of the protocol: see outcomes. */
    const lookups = ctl.counter('lookups', { size: outcomes.length, unit: 'packets' });

    // ── the rack ──
    const deliver = ctl.action('deliver', { port }, (c, args) => c.forward(args.port));
    const hosts = ctl.table('hosts', { key: { mac: exact(hdr.ethernet.dst) }, actions: [deliver], size: 256 });
    // Only what comes in here may change what is in the cache.
    const serve = ctl.action('serve', {}, () => {});
    const servers = ctl.table('servers', { key: { port: exact(std.ingressPort) }, actions: [serve], size: 16 });

    // ── the cache ──
    const at = ctl.action('at', { slot: bit(16) }, (c, args) => c.set(meta.slot, args.slot));
    const cache = ctl.table('cache', { key: { key: exact(hdr.kv.key) }, actions: [at], size: cacheSize });
    /** The value, while no newer one is on its way to the server. */
    const values = ctl.register('values', { valid: bit(1), value: bit(128) }, cacheSize);
    /** Answers given from each slot. */
    const hits = ctl.counter('hits', { size: cacheSize, unit: 'packets' });

    // ── which keys are popular ──
    /** The round that counts: the controller begins a new one by writing another number. */
    const rounds = ctl.register('rounds', bit(16), 1);
    /** A count-min sketch of two rows: a key was asked for at most as often as the smaller one of its counts says. */
    const rows = [
      { hash: 'crc16', counts: ctl.register('sketch1', { round: bit(16), count: bit(16) }, sketchSize) },
      { hash: 'crc32', counts: ctl.register('sketch2', { round: bit(16), count: bit(16) }, sketchSize) },
    ] as const;
    const hot = ctl.digest('hot', { key: bit(64), count: bit(16) });

    ctl.apply((c) => {
      const was = (outcome: Outcome) => c.count(lookups, outcomes.indexOf(outcome));
      const swap = <W extends number>(name: string, a: Ref<W>, b: Ref<W>) => {
        const first = c.let(name, a);
        c.set(a, b);
        c.set(b, first);
      };
      /** The switch answers in the name of the server. */
      const answer = () => {
        swap('client_mac', hdr.ethernet.src, hdr.ethernet.dst);
        swap('client_ip', hdr.ipv4.src, hdr.ipv4.dst);
        swap('client_port', hdr.udp.srcPort, hdr.udp.dstPort);
        // RFC 768: no checksum.
        c.set(hdr.udp.checksum, 0);
        c.set(hdr.kv.op, ops.value);
        c.forward(std.ingressPort);
      };
      const countQuestion = () => {
        const round = c.update(rounds, 0, (now) => ({ result: now }));
        const [first, second] = rows.map(({ hash, counts }) => {
          const cell = c.hash(hash, bit(32), [hdr.kv.key], { max: sketchSize });
          return c.update(counts, cell, (seen) => {
            const count = mux(seen.round.eq(round), seen.count.satAdd(1), 1);
            return { next: { round, count }, result: count };
          });
        }) as [Ref<16>, Ref<16>];
        const count = c.let('estimate', mux(first.lt(second), first, second));
        c.if(count.eq(hotAfter), () => {
          was('reported');
          c.digest(hot, { key: hdr.kv.key, count });
        });
      };

      c.apply(hosts);
      c.if(valid(hdr.kv).and(std.checksumError.not()), () => {
        const cached = c.let('cached', c.apply(cache).hit);
        c.switch(hdr.kv.op)
          .case(ops.get, () => {
            c.if(cached.not(), () => {
              was('miss');
              countQuestion();
            }).else(() => {
              const answerable = c.update(values, meta.slot.as(bit(32)), (cell) => ({ result: cell.valid }));
              c.if(answerable.eq(0), () => was('invalid')).else(() => {
                was('hit');
                c.count(hits, meta.slot.as(bit(32)));
                c.set(
                  hdr.kv.value,
                  c.update(values, meta.slot.as(bit(32)), (cell) => ({ result: cell.value })),
                );
                answer();
              });
            });
          })
          .case(ops.put, () => {
            was('put');
            // Until the server says that it has the new value, it answers for the key.
            c.if(cached, () => c.update(values, meta.slot.as(bit(32)), (cell) => ({ next: { valid: 0, value: cell.value } })));
          })
          .case([ops.stored, ops.fill], () => {
            c.if(c.apply(servers).miss, () => was('untrusted')).elseif(cached, () => {
              was('filled');
              c.update(values, meta.slot.as(bit(32)), () => ({ next: { valid: 1, value: hdr.kv.value } }));
            });
            c.if(hdr.kv.op.eq(ops.fill), () => c.drop());
          })
          .default(() => {});
      });
    });

    return { hosts, deliver, servers, serve, cache, at, values, hits, rounds, hot, lookups };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4, hdr.udp, hdr.kv);
  },
});
