/** Programs whose behaviour depends on queues and time, tested as their authors would: what `send` says of both. */
import { bit, build, dissect, exact, header, packet, pipeline, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, Ipv4, ipv4Checksummed, ipv4States } from 'p4ts/headers';
import { allEvents, renderTrace, simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { diagnosticsOf } from '../support/diagnostics.js';

describe('active queue management', () => {
  /** Marks or drops with a probability that grows from `low` to `high` (RED), and where the delay has been long for an interval (CoDel). */
  const aqm = pipeline('aqm', {
    headers: { ethernet: Ethernet, ipv4: Ipv4 },
    parser: {
      start: (p) => p.goto('ethernet'),
      ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
      ...ipv4States({}),
    },
    ingress(ctl, { hdr }) {
      ctl.apply((c) => {
        c.forward(2);
        c.if(hdr.ipv4.dscp.eq(46), () => c.setPriority(7));
      });
    },
    egress(ctl, { hdr, std }) {
      const marked = ctl.counter('marked', { size: 512, unit: 'packets' });
      /** When the delay was first above the target, per port; 0 where it is not. */
      const above = ctl.register('above', bit(48), 512);
      const congested = (c: Parameters<Parameters<typeof ctl.apply>[0]>[0]) => {
        c.count(marked, std.egressPort.as(bit(32)));
        c.if(hdr.ipv4.ecn.eq(0), () => c.drop()).else(() => c.set(hdr.ipv4.ecn, 3));
      };
      const limits = ctl.action('limits', { low: bit(19), high: bit(19), targetNs: bit(32), intervalNs: bit(48) }, (c, a) => {
        const dice = c.random(bit(19), 0, 99);
        const red = a.low.add(dice.mul(a.high.sub(a.low)).shr(7));
        c.if(std.dequeueDepth.ge(a.high).or(std.dequeueDepth.ge(red).and(std.dequeueDepth.gt(a.low))), () => congested(c));
        const index = std.egressPort.as(bit(32));
        c.if(std.queueDelayNs.lt(a.targetNs), () => c.update(above, index, () => ({ next: 0 }))).else(() => {
          const since = c.update(above, index, (cell) => ({ result: cell }));
          c.if(since.eq(0), () => c.update(above, index, () => ({ next: std.timestampNs }))).elseif(
            std.timestampNs.sub(since).ge(a.intervalNs),
            () => congested(c),
          );
        });
      });
      const ports = ctl.table('ports', { key: { port: exact(std.egressPort) }, actions: [limits] });
      ctl.apply((c) => c.if(valid(hdr.ipv4).and(std.priority.lt(7)), () => c.apply(ports)));
      return { ports, limits, marked };
    },
    deparser(d, { hdr }) {
      d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
      d.emit(hdr.ethernet, hdr.ipv4);
    },
  });
  const { ports, limits, marked } = aqm.egress;
  const datagram = (ecn: number, dscp = 0) =>
    packet(
      build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:02', etherType: EtherType.ipv4 }),
      build(Ipv4, {
        version: 4,
        ihl: 5,
        dscp,
        ecn,
        totalLength: 20,
        identification: 0,
        flags: 0,
        fragmentOffset: 0,
        ttl: 64,
        protocol: 17,
        checksum: 0,
        src: '10.0.0.1',
        dst: '10.0.0.2',
      }),
    );
  const ecnOf = (sent: readonly { readonly packet: Uint8Array }[]) =>
    sent.map(({ packet: bytes }) => dissect(Ipv4, bytes.subarray(14))?.[0].ecn);
  const start = async () => {
    const sw = await simulate(aqm, { seed: 1 });
    const action = limits({ low: 20, high: 60, targetNs: 5_000_000, intervalNs: 100_000_000 });
    await sw.table(ports).insert({ match: { port: 2 }, action });
    return sw;
  };

  test('the program has no flaw', () => {
    expect(diagnosticsOf(() => aqm)).toEqual([]);
  });

  test('a short queue marks nothing, a full one everything, and one between marks some', async () => {
    await using sw = await start();
    const marks = async (dequeueDepth: number): Promise<number> => {
      let count = 0;
      for (let i = 0; i < 50; i++) if (ecnOf(await sw.send(1, datagram(2), { dequeueDepth }))[0] === 3) count++;
      return count;
    };
    expect(await marks(20)).toBe(0);
    expect(await marks(60)).toBe(50);
    const some = await marks(36);
    expect(some).toBeGreaterThan(10);
    expect(some).toBeLessThan(40);
    expect((await sw.counter(marked).read(2)).packets).toBe(BigInt(50 + some));
  });

  test('packets of senders without ECN are dropped, and expedited packets are left alone', async () => {
    await using sw = await start();
    expect(await sw.send(1, datagram(0), { dequeueDepth: 60 })).toEqual([]);
    expect(ecnOf(await sw.send(1, datagram(0, 46), { dequeueDepth: 60 }))).toEqual([0]);
  });

  test('a delay that lasts is congestion, one that passes is not', async () => {
    await using sw = await start();
    const at = async (ms: number, delayMs: number) =>
      ecnOf(await sw.send(1, datagram(1), { timestampNs: ms * 1_000_000, queueDelayNs: delayMs * 1_000_000 }))[0];
    expect(await at(10, 6)).toBe(1);
    expect(await at(60, 6)).toBe(1);
    expect(await at(70, 1)).toBe(1);
    expect(await at(80, 6)).toBe(1);
    expect(await at(179, 6)).toBe(1);
    expect(await at(180, 6)).toBe(3);
    expect(await at(181, 2)).toBe(1);
  });
});

describe('a transparent clock of PTP (IEEE 1588)', () => {
  const Ptp = header('ptp_t', {
    sdo: bit(4),
    messageType: bit(4),
    minorVersion: bit(4),
    version: bit(4),
    length: bit(16),
    domain: bit(8),
    minorSdo: bit(8),
    flags: bit(16),
    /** Nanoseconds, and 2^-16 of them. */
    correction: bit(48),
    correctionFraction: bit(16),
  });
  const clock = pipeline('transparent_clock', {
    headers: { ethernet: Ethernet, ptp: Ptp },
    parser: {
      start: (p) => p.goto('ethernet'),
      ...ethernetStates({ 35063: 'ptp' }),
      ptp(p, { hdr }) {
        p.extract(hdr.ptp);
        return p.accept();
      },
    },
    ingress(ctl, { hdr }) {
      ctl.apply((c) => {
        c.forward(2);
        c.if(hdr.ethernet.dst.eq('01:1b:19:00:00:00'), () => c.multicast(1));
      });
    },
    egress(ctl, { hdr, std }) {
      ctl.apply((c) =>
        c.if(valid(hdr.ptp).and(hdr.ptp.messageType.lt(4)), () =>
          c.set(hdr.ptp.correction, hdr.ptp.correction.add(std.timestampNs.sub(std.ingressTimestampNs))),
        ),
      );
    },
    deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ptp),
  });
  const message = (messageType: number, correction: number) =>
    packet(
      build(Ethernet, { dst: '01:1b:19:00:00:00', src: '02:00:00:00:00:02', etherType: 0x88f7 }),
      build(Ptp, {
        sdo: 0,
        messageType,
        minorVersion: 1,
        version: 2,
        length: 44,
        domain: 0,
        minorSdo: 0,
        flags: 0,
        correction,
        correctionFraction: 0x8000,
      }),
    );
  const corrections = (sent: readonly { readonly packet: Uint8Array }[]) =>
    sent.map(({ packet: bytes }) => {
      const ptp = dissect(Ptp, bytes.subarray(14))?.[0];
      return [ptp?.correction, ptp?.correctionFraction];
    });

  test('event messages get the time in the switch, general messages none', async () => {
    await using sw = await simulate(clock);
    await sw.multicast(1).set([{ port: 3 }, { port: 4 }]);
    const residenceNs = 1_250_000;
    const both = (ns: number) => [
      [ns, 0x8000],
      [ns, 0x8000],
    ];
    expect(corrections(await sw.send(1, message(0, 500), { timestampNs: 5_000_000, residenceNs }))).toEqual(both(1_250_500));
    expect(corrections(await sw.send(1, message(8, 500), { residenceNs }))).toEqual(both(500));
    expect(corrections(await sw.send(1, message(0, 2 ** 48 - 1), { residenceNs: 2_000 }))).toEqual(both(1_999));
  });
});

describe('what send is told', () => {
  const plain = pipeline('plain', {
    headers: { ethernet: Ethernet },
    parser: { start: (p) => p.goto('ethernet'), ...ethernetStates({}) },
    ingress: (ctl) => ctl.apply((c) => c.forward(2)),
    deparser: (d, { hdr }) => d.emit(hdr.ethernet),
  });
  const frame = new Uint8Array(14);

  test('is in the trace', async () => {
    await using sw = await simulate(plain);
    const { trace } = await sw.sendTraced(1, frame, { queueDepth: 1, dequeueDepth: 3, queueDelayNs: 7_000n, timestampNs: 1_000n });
    expect([...allEvents(trace.events)].find(({ kind }) => kind === 'queue')).toMatchObject({
      depth: 1,
      dequeueDepth: 3,
      delayNs: '7000',
      egressNs: '8000',
    });
    expect(renderTrace(trace)).toContain('queue: 1 packet at enqueue, 3 at dequeue, 7000 ns in it; egress at 8000 ns');
    const { trace: without } = await sw.sendTraced(1, frame);
    expect([...allEvents(without.events)].some(({ kind }) => kind === 'queue')).toBe(false);
  });

  test('holds in every outcome of sendAll', async () => {
    await using sw = await simulate(plain);
    const { tree } = await sw.sendAll(1, frame, { queueDepth: 2, residenceNs: 9_000 });
    expect([...allEvents(tree.events)].find(({ kind }) => kind === 'queue')).toMatchObject({ depth: 2, egressNs: '9000' });
  });

  test('lets time pass', async () => {
    await using sw = await simulate(plain);
    await sw.send(1, frame, { timestampNs: 5_000 });
    await sw.advanceTime(1_000);
    await expect(sw.send(1, frame, { timestampNs: 5_999 })).rejects.toThrow(
      'send(), timestampNs: 5999 is before 6000, the time of the switch',
    );
    expect((await sw.sendTraced(1, frame, { timestampNs: 6_000 })).trace.timestampNs).toBe('6000');
  });

  test.each<[object, string]>([
    [{ queueDepth: -1 }, 'send(), queueDepth: -1 is negative, and bit<19> holds 0 to 524287'],
    [{ dequeueDepth: 524_288 }, 'send(), dequeueDepth: 524288 does not fit bit<19>; the largest value is 524287'],
    [{ queueDelayNs: 1.5 }, 'send(), queueDelayNs: 1.5 is not a whole number from 0'],
    [{ queueDelayNs: 5_000_000_000_000 }, 'send(), queueDelayNs: 5000000000000 is more than 4294967295999, the longest delay of v1model'],
    [{ queueDelayNs: 2_000, residenceNs: 1_000 }, 'send(), residenceNs: 1000 is less than queueDelayNs, 2000, which is a part of it'],
    [{ timestampNs: '7' }, 'send(), timestampNs: "7" is not a whole number from 0'],
  ])('%j is refused', async (options, words) => {
    await using sw = await simulate(plain);
    await expect(sw.send(1, frame, options)).rejects.toThrow(words);
  });
});
