/** The way of a packet through PSA, by the sections of its specification (version 1.2). */
import { describe, expect, test } from 'vitest';
import { note, notes, PsaLab, run, toPort } from '../support/psa-lab.js';
import { group, session } from '../support/v1model-runs.js';

const paths = ['NORMAL', 'NORMAL_UNICAST', 'NORMAL_MULTICAST', 'CLONE_I2E', 'CLONE_E2E', 'RESUBMIT', 'RECIRCULATE'];
/** An expression that is the place of the path in that list. */
const pathNumber = paths.reduceRight((otherwise, p, i) => `istd.packet_path == PSA_PacketPath_t.${p} ? 8w${i} : ${otherwise}`, '8w0xff');
const recirculate = 'send_to_port(ostd, PSA_PORT_RECIRCULATE);';

describe('initial values of packets processed by ingress', () => {
  test('a packet from a port', async () => {
    const seen = '(bit<32>) (PortIdUint_t) istd.ingress_port ++ (istd.parser_error == error.NoError ? 8w1 : 8w0) ++ ';
    const lab = await PsaLab.of({ ingress: `${note(`${seen}(${pathNumber})`)} ${toPort(2)}` });
    expect(notes(lab.send('aa', { port: 7 }).sent)).toEqual(['2:70100']);
    expect(notes(lab.send('aa', { port: 0xffff_fffd }).sent)).toEqual(['2:fffffffd0100']);
  });

  test('the time is that of the packet, in microseconds', async () => {
    const lab = await PsaLab.of({ ingress: `${note('(TimestampUint_t) istd.ingress_timestamp')} ${toPort(2)}` });
    expect(notes(lab.send('aa', { timestampNs: 255_999n }).sent)).toEqual(['2:ff']);
  });

  test('egress has the packet after its time in the queue; a packet that starts again waits again', async () => {
    const transit = { queueDelayNs: 5_000n, residenceNs: 16_000n };
    const egress = note('(TimestampUint_t) istd.egress_timestamp');
    const lab = await PsaLab.of({ ingress: toPort(2), egress });
    expect(notes(lab.send('aa', { timestampNs: 1_000n, transit }).sent)).toEqual(['2:11']);
    const again = await PsaLab.of({
      ingress: `if (istd.packet_path == PSA_PacketPath_t.RECIRCULATE) { ${toPort(2)} } else { ${recirculate} }`,
      egress: `if (istd.packet_path == PSA_PacketPath_t.NORMAL_UNICAST && (PortIdUint_t) istd.egress_port == 2) { ${egress} }`,
    });
    expect(notes(again.send('aa', { timestampNs: 1_000n, transit }).sent)).toEqual(['2:21']);
  });

  test('the parser sees port and path', async () => {
    const parts = { ingressParser: `m.x = (bit<8>) (PortIdUint_t) istd.ingress_port;`, ingress: `${note('m.x')} ${toPort(2)}` };
    expect(notes((await PsaLab.of(parts)).send('aa', { port: 9 }).sent)).toEqual(['2:9']);
  });

  test.each([
    ['a packet that is too short', { ingressParser: 'p.extract(hdr.h); p.extract(hdr.note);' }, 'PacketTooShort', '2:aabbcc'],
    ['verify', { ingressParser: 'p.extract(hdr.h); verify(hdr.h.a == 1, error.Strange);' }, 'Strange', '2:aabbcc'],
    [
      'a select without a match',
      { ingressParser: 'p.extract(hdr.h);', ingressNext: 'select(hdr.h.a) { 1: accept; }' },
      'NoMatch',
      '2:aabbcc',
    ],
    ['a transition to reject, which has no error', { ingressParser: 'p.extract(hdr.h);', ingressNext: 'reject;' }, 'NoError', '2:aabbcc'],
  ])('a parser that ends early does not drop: %s', async (_name, parser, error, expected) => {
    expect(await run({ ...parser, ingress: `if (istd.parser_error == error.${error}) { ${toPort(2)} }` })).toEqual([expected]);
  });
});

describe('behavior of packets after ingress processing is complete', () => {
  test('without a decision the packet is dropped', async () => {
    expect(await run({})).toEqual([]);
    expect(await run({ ingress: 'ostd.egress_port = (PortId_t) 3;' })).toEqual([]);
    expect(await run({ ingress: 'ostd.egress_port = (PortId_t) 3; ostd.drop = false;' })).toEqual(['3:aabbcc']);
  });

  // The outline: clone; then drop, else resubmit, else multicast, else unicast.
  const all = [false, true];
  test.each(all.flatMap((clone) => all.flatMap((drop) => all.flatMap((resubmit) => all.map((multi) => [clone, drop, resubmit, multi])))))(
    'clone %s, drop %s, resubmit %s, multicast %s',
    async (clone, drop, resubmit, multi) => {
      const ingress = `
        bool again = istd.packet_path == PSA_PacketPath_t.RESUBMIT;
        ostd.clone = ${clone} && !again;
        ostd.clone_session_id = (CloneSessionId_t) 5;
        ostd.drop = ${drop};
        ostd.resubmit = ${resubmit} && !again;
        ostd.multicast_group = (MulticastGroup_t) ${multi ? 6 : 0};
        ostd.egress_port = (PortId_t) 4;
        ${note('again ? 8w2 : 8w1')}`;
      const turn = resubmit ? 2 : 1;
      const forwarded = multi ? [`8:${turn}`, `9:${turn}`] : [`4:${turn}`];
      const sent = await run({ ingress }, [session(5, 7), group(6, 8, 9)]);
      // The clone is of the packet as it came, without the note.
      expect(sent.filter((s) => s.startsWith('7:'))).toEqual(clone ? ['7:aabbcc'] : []);
      expect(notes(sent.filter((s) => !s.startsWith('7:')))).toEqual(drop ? [] : forwarded);
    },
  );

  test('the class of service goes with the packet', async () => {
    const parts = {
      ingress: `ostd.class_of_service = (ClassOfService_t) 5;`,
      egress: note('(ClassOfServiceUint_t) istd.class_of_service'),
    };
    expect(notes(await run({ ...parts, ingress: `${parts.ingress} ${toPort(4)}` }))).toEqual(['4:5']);
    const multicast = `${parts.ingress} multicast(ostd, (MulticastGroup_t) 1);`;
    expect(notes(await run({ ...parts, ingress: multicast }, [group(1, 8, 9)]))).toEqual(['8:5', '9:5']);
  });

  test('a group without replicas drops', async () => {
    expect(await run({ ingress: 'multicast(ostd, (MulticastGroup_t) 1);' })).toEqual([]);
    expect(await run({ ingress: 'multicast(ostd, (MulticastGroup_t) 1);' }, [group(1)])).toEqual([]);
  });

  test('every number of 32 bits is a port', async () => {
    expect(await run({ ingress: toPort(0xffff_fff0) })).toEqual(['4294967280:aabbcc']);
  });
});

describe('actions for directing packets', () => {
  test('send_to_port undoes multicast, and keeps clone and resubmit', async () => {
    expect(await run({ ingress: `multicast(ostd, (MulticastGroup_t) 1); ${toPort(4)}` }, [group(1, 8)])).toEqual(['4:aabbcc']);
    const clone = `ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; ${toPort(4)}`;
    expect(await run({ ingress: clone }, [session(5, 7)])).toEqual(['7:aabbcc', '4:aabbcc']);
  });

  test('multicast undoes a drop; ingress_drop undoes both, the last one counts', async () => {
    expect(await run({ ingress: 'ingress_drop(ostd); multicast(ostd, (MulticastGroup_t) 1);' }, [group(1, 8)])).toEqual(['8:aabbcc']);
    expect(await run({ ingress: `${toPort(4)} ingress_drop(ostd);` })).toEqual([]);
    expect(await run({ ingress: `ingress_drop(ostd); ${toPort(4)}` })).toEqual(['4:aabbcc']);
  });

  test('ingress_drop prevents a resubmit', async () => {
    expect(await run({ ingress: 'ostd.resubmit = true; ingress_drop(ostd);' })).toEqual([]);
  });

  test('egress_drop drops one copy', async () => {
    const parts = {
      ingress: 'multicast(ostd, (MulticastGroup_t) 1);',
      egress: 'if ((EgressInstanceUint_t) istd.instance == 1) egress_drop(ostd);',
    };
    expect(await run(parts, [group(1, 8, 9)])).toEqual(['9:aabbcc']);
  });
});

describe('initial values of packets processed by egress', () => {
  const seen = `(bit<32>) (PortIdUint_t) istd.egress_port ++ (bit<16>) (EgressInstanceUint_t) istd.instance ++ (${pathNumber})`;
  const egress = note(seen);

  test('unicast', async () => {
    expect(notes(await run({ ingress: toPort(4), egress }))).toEqual(['4:4000001']);
  });
  test('multicast: port and instance are those of the replica', async () => {
    expect(notes(await run({ ingress: 'multicast(ostd, (MulticastGroup_t) 1);', egress }, [group(1, 8, 9)]))).toEqual([
      ...['8:8000102', '9:9000202'],
    ]);
  });
  test('clones: port, instance and class of service are those of the session', async () => {
    const ingress = 'ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; ostd.class_of_service = (ClassOfService_t) 9;';
    expect(notes(await run({ ingress, egress }, [session(5, 7, 8)]))).toEqual(['7:7000103', '8:8000203']);
    const withClass = { ...session(5, 7), classOfService: 3 } as const;
    expect(notes(await run({ ingress, egress: note('(ClassOfServiceUint_t) istd.class_of_service') }, [withClass]))).toEqual(['7:3']);
    expect(notes(await run({ ingress, egress: note('(ClassOfServiceUint_t) istd.class_of_service') }, [session(5, 7)]))).toEqual(['7:0']);
  });
  test('headers and metadata of ingress are not there: the egress parser begins anew', async () => {
    const ingress = `m.x = 5; hdr.h.setValid(); hdr.h.a = 1; ${toPort(4)}`;
    expect(notes(await run({ ingress, egress: note('m.x ++ (hdr.h.isValid() ? 8w1 : 8w0)') }))).toEqual(['4:0']);
    expect(await run({ ingress, egressParser: 'p.extract(hdr.h);', egress: 'hdr.h.b = hdr.h.a;' })).toEqual(['4:0101aabbcc']);
  });
  test("its parser's error is its own", async () => {
    const parts = { ingressParser: 'p.extract(hdr.note);', ingress: toPort(4), egressParser: 'p.extract(hdr.h);' };
    const egress = 'hdr.h.a = istd.parser_error == error.NoError ? 8w1 : 8w2;';
    expect(await run({ ...parts, egress })).toEqual(['4:01bbcc']);
    expect(await run({ ...parts, egress: note('istd.parser_error == error.PacketTooShort ? 8w1 : 8w2') }, [], 'aa')).toEqual([
      '4:0000000000000001aa',
    ]);
  });
});

describe('metadata that goes with packets', () => {
  const ingressDeparser = `
    if (psa_clone_i2e(istd)) { i2e.v = 1; i2e.w = 64w0x10 + (bit<64>) m.x; }
    if (psa_resubmit(istd)) { resub.v = 2; resub.w = 0x20; }
    if (psa_normal(istd)) { normal.v = 3; normal.w = 0x30; }`;
  const egressDeparser = `
    if (psa_clone_e2e(istd)) { e2e.v = 4; e2e.w = 0x40; }
    if (psa_recirculate(istd, edstd)) { recirc.v = 5; recirc.w = 0x50; }`;
  const egressParser = 'm.seen = normal.v ++ normal.w[7:0] ++ i2e.v ++ i2e.w[7:0] ++ e2e.v ++ e2e.w[7:0] ++ 16w0;';
  const both = { ingressDeparser, egressDeparser, egressParser, egress: note('m.seen') };

  test('normal packets have normal_meta only', async () => {
    expect(notes(await run({ ...both, ingress: toPort(4) }))).toEqual(['4:330000000000000']);
    expect(notes(await run({ ...both, ingress: 'multicast(ostd, (MulticastGroup_t) 1);' }, [group(1, 8, 9)]))).toEqual([
      ...['8:330000000000000', '9:330000000000000'],
    ]);
  });
  test('clones from ingress have clone_i2e_meta only, also of a packet that is dropped', async () => {
    const ingress = 'm.x = 7; ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5;';
    expect(notes(await run({ ...both, ingress }, [session(5, 7)]))).toEqual(['7:11700000000']);
  });
  test('clones from egress have clone_e2e_meta only', async () => {
    const egress = `if (istd.packet_path == PSA_PacketPath_t.NORMAL_UNICAST) {
        ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; } else { ${note('m.seen')} }`;
    expect(await run({ ...both, ingress: toPort(4), egress }, [session(5, 7)])).toEqual(['4:aabbcc', '7:0000000004400000aabbcc']);
  });
  test('packets that start again have the metadata of their way only', async () => {
    const ingressParser = 'm.seen = resub.v ++ resub.w[7:0] ++ recirc.v ++ recirc.w[7:0] ++ 32w0;';
    const resubmitted = `if (istd.packet_path == PSA_PacketPath_t.RESUBMIT) { ${note('m.seen')} ${toPort(4)} }
        else { ${toPort(4)} ostd.resubmit = true; }`;
    expect(notes(await run({ ingressDeparser, ingressParser, ingress: resubmitted }))).toEqual(['4:220000000000000']);
    const recirculated = `if (istd.packet_path == PSA_PacketPath_t.RECIRCULATE) { ${note('m.seen')} ${toPort(4)} } else { ${recirculate} }`;
    expect(notes(await run({ ingressDeparser, ingressParser, ingress: recirculated, egressDeparser }))).toEqual(['4:55000000000']);
  });
  test('on the first pass it has none', async () => {
    const parts = { ingressParser: 'm.seen = resub.w | recirc.w;', ingress: `${note('m.seen')} ${toPort(4)}` };
    expect(notes(await run(parts))).toEqual(['4:0']);
  });
});

describe('packet cloning', () => {
  const cloning = 'ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5;';

  test('a clone from ingress is the packet as it entered the ingress parser', async () => {
    const parts = { ingressParser: 'p.extract(hdr.h);', ingress: `hdr.h.a = 0; ${cloning} ${toPort(4)}` };
    expect(await run(parts, [session(5, 7)])).toEqual(['7:aabbcc', '4:00bbcc']);
  });
  test('a clone from egress is the packet as the egress deparser left it, also of one that is dropped', async () => {
    const egress = `if (istd.packet_path == PSA_PacketPath_t.NORMAL_UNICAST) { hdr.h.a = 0; ${cloning} egress_drop(ostd); }`;
    expect(await run({ ingress: toPort(4), egressParser: 'p.extract(hdr.h);', egress }, [session(5, 7)])).toEqual(['7:00bbcc']);
  });
  test('sessions cut the copies', async () => {
    const cut = { ...session(5, 7), truncateBytes: 2 } as const;
    expect(await run({ ingress: `${cloning} ${toPort(4)}` }, [cut])).toEqual(['7:aabb', '4:aabbcc']);
  });
  test('an unknown session makes no clone, and the packet goes on', async () => {
    expect(await run({ ingress: `${cloning} ${toPort(4)}` })).toEqual(['4:aabbcc']);
  });
  test('session 0 is there from the start: it copies to the CPU port', async () => {
    const ingress = 'ostd.clone = true; ostd.clone_session_id = PSA_CLONE_SESSION_TO_CPU;';
    expect(await run({ ingress })).toEqual(['4294967293:aabbcc']);
  });
  test('a clone to the recirculation port recirculates', async () => {
    const ingress = `if (istd.packet_path == PSA_PacketPath_t.RECIRCULATE) { ${toPort(4)} } else { ${cloning} }`;
    expect(await run({ ingress }, [session(5, 0xffff_fffa)])).toEqual(['4:aabbcc']);
  });
});

describe('packet resubmission and recirculation', () => {
  test('a resubmitted packet is the one that came, from the same port', async () => {
    const ingress = `if (istd.packet_path == PSA_PacketPath_t.RESUBMIT) { ${note('(PortIdUint_t) istd.ingress_port ++ hdr.h.a')} ${toPort(4)} }
      else { hdr.h.a = 0; ${toPort(3)} ostd.resubmit = true; }`;
    const lab = await PsaLab.of({ ingressParser: 'p.extract(hdr.h);', ingress });
    expect(notes(lab.send('aabbcc', { port: 9 }).sent)).toEqual(['4:9aa']);
  });
  test('a recirculated packet is as the egress deparser left it, from the recirculation port', async () => {
    const ingress = `if (istd.packet_path == PSA_PacketPath_t.RECIRCULATE) { ${note('(PortIdUint_t) istd.ingress_port ++ hdr.h.a')} ${toPort(4)} }
      else { ${recirculate} }`;
    const egress = 'if (istd.egress_port == PSA_PORT_RECIRCULATE) hdr.h.a = 1;';
    const parser = 'p.extract(hdr.h);';
    expect(
      notes(
        await run({
          ingressParser: parser,
          ingress,
          egressParser: 'if (istd.egress_port == PSA_PORT_RECIRCULATE) { p.extract(hdr.h); }',
          egress,
        }),
      ),
    ).toEqual(['4:fffffffa01']);
  });
  test('a packet that was recirculated and then resubmitted has the recirculation port still', async () => {
    const ingress = `if (istd.packet_path == PSA_PacketPath_t.RESUBMIT) { ${note('(PortIdUint_t) istd.ingress_port')} ${toPort(4)} }
      else if (istd.packet_path == PSA_PacketPath_t.RECIRCULATE) { ${toPort(3)} ostd.resubmit = true; }
      else { ${recirculate} }`;
    expect(notes(await run({ ingress }))).toEqual(['4:fffffffa']);
  });
  test('a drop in egress ends a packet to the recirculation port', async () => {
    expect(await run({ ingress: recirculate, egress: 'egress_drop(ostd);' })).toEqual([]);
  });
  test.each([
    ['resubmit', { ingress: `${toPort(1)} ostd.resubmit = true;` }],
    ['recirculate', { ingress: recirculate }],
    ['clone', { ingress: toPort(4), egress: 'ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; egress_drop(ostd);' }],
  ])('%s without end ends', async (_name, parts) => {
    expect(await run(parts, [session(5, 7)])).toEqual([]);
  });
});

describe('the trace', () => {
  test('says what decided, and with which metadata packets go on', async () => {
    const { trace } = (
      await PsaLab.of(
        {
          ingress: 'ostd.resubmit = istd.packet_path == PSA_PacketPath_t.NORMAL; multicast(ostd, (MulticastGroup_t) 3);',
          ingressDeparser: 'if (psa_resubmit(istd)) { resub.v = 7; }',
        },
        [group(3, 8)],
      )
    ).send();
    const events = trace.events.filter((e) => e.kind !== 'block');
    expect(events).toMatchObject([
      {
        kind: 'restart',
        how: 'resubmit',
        turn: 1,
        kept: [
          { name: 'v', value: '7' },
          { name: 'w', value: '0' },
        ],
      },
    ]);
    const inner = events[0]?.kind === 'restart' ? events[0].events.filter((e) => e.kind !== 'block') : [];
    expect(inner).toMatchObject([
      { kind: 'traffic-manager', action: 'multicast', group: 3 },
      {
        kind: 'copy',
        port: 8,
        instance: 1,
        events: [
          { kind: 'block', name: 'EP' },
          { kind: 'block', name: 'E' },
          { kind: 'block', name: 'ED' },
          { kind: 'send', port: 8 },
        ],
      },
    ]);
  });
  test('shows numbers of types of their own as numbers', async () => {
    const { trace } = (await PsaLab.of({ ingress: `if (istd.ingress_port == PSA_PORT_CPU) { ${toPort(4)} }` })).send();
    const [parser, ingress] = trace.events;
    expect(parser).toMatchObject({ kind: 'block', name: 'IP' });
    expect(ingress?.kind === 'block' && ingress.events).toMatchObject([{ kind: 'branch', condition: 'istd.ingress_port == 4294967293' }]);
  });
  test('says why a packet was dropped', async () => {
    const reasons = (events: readonly { readonly kind: string; readonly reason?: string }[]) =>
      events.flatMap((e) => (e.kind === 'drop' ? [e.reason] : []));
    expect(reasons((await PsaLab.of({ ingressParser: 'p.extract(hdr.note);' })).send().trace.events)).toEqual([
      'dropped in ingress, after parser error PacketTooShort',
    ]);
  });
});
