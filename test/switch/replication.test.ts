// Backup replicas: what a client writes and reads, and where copies go while ports are down (P4Runtime, "MulticastGroupEntry").
import { beforeEach, describe, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity, Replica } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { load } from '../frontend/lower/load.js';
import { note, psaProgram } from '../support/psa-lab.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';

/** Both copy to group 1 and to clone session 5, and put the instance of the copy in front of it. */
const programs = {
  psa: await psaProgram({
    ingress: 'ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; multicast(ostd, (MulticastGroup_t) 1);',
    egress: note('(EgressInstanceUint_t) istd.instance'),
  }),
  v1model: await load(`
#include <v1model.p4>
header note_t { bit<64> value; }
struct H { note_t note; }
struct M {}
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control V(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { clone(CloneType.I2E, 5); s.mcast_grp = 1; } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply { h.note.setValid(); h.note.value = (bit<64>) s.egress_rid; } }
control C(inout H h, inout M m) { apply {} }
control D(packet_out p, in H h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`),
};

const to = (port: string, instance: number, ...backups: [port: string, instance: number][]): Replica => ({
  port: bytes(port),
  instance,
  ...(backups.length > 0 ? { backup_replicas: backups.map(([p, i]) => ({ port: bytes(p), instance: i })) } : {}),
});
const group = (...replicas: Replica[]): Entity => ({
  packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: 1, replicas } },
});
const session = (...replicas: Replica[]): Entity => ({
  packet_replication_engine_entry: { clone_session_entry: { session_id: 5, replicas } },
});

describe.each(Object.entries(programs))('%s', (_, program) => {
  onBothTransports((open) => {
    let bench: Bench;
    let transport: Transport;
    beforeEach(async () => {
      bench = await open();
      const config = { p4info: buildP4Info(program), p4_device_config: Buffer.from(toJson(program)) };
      ({ transport } = await primaryStream(bench, config));
    });
    /** Port and instance of each copy. */
    const copies = async (): Promise<string[]> =>
      (await bench.core.processPacket(1, bytes('aabb'))).outputs.map((o) => `${o.port}/${o.bytes[7]}`);

    test.each([
      ['multicast group', group],
      ['clone session', session],
    ])('%s: the first port that is up gets the copy, and a better one that comes back takes it over', async (_, entity) => {
      const replicas = [to('05', 1), to('12', 3, ['13', 6], ['14', 7])];
      await write(transport, { type: 'INSERT', entity: entity(...replicas) });
      expect(await copies()).toEqual(['5/1', '18/3']);
      await bench.core.setPort(18, false);
      expect(await copies()).toEqual(['5/1', '19/6']);
      await bench.core.setPort(19, false);
      expect(await copies()).toEqual(['5/1', '20/7']);
      await bench.core.setPort(19, true);
      expect(await copies()).toEqual(['5/1', '19/6']);
      await bench.core.setPort(18, true);
      expect(await copies()).toEqual(['5/1', '18/3']);
    });

    test('with all its ports down a replica makes no copy, and the trace says so', async () => {
      await write(transport, { type: 'INSERT', entity: group(to('05', 1), to('12', 3, ['13', 6], ['14', 7])) });
      for (const port of [5, 18, 19, 20]) await bench.core.setPort(port, false);
      const { outputs, trace } = await bench.core.processPacket(1, bytes('aabb'), { trace: true });
      expect(outputs).toEqual([]);
      const text = JSON.stringify(trace);
      expect(text).toContain('no copy: port 5 is down');
      expect(text).toContain('no copy: port 18 and its backups 19, 20 are down');
      expect((await bench.core.statistics()).drops.get('multicast')).toBe(2);
    });

    test('ports that are down stay so for a pipeline that is loaded later', async () => {
      await bench.core.setPort(18, false);
      const config = { p4info: buildP4Info(program), p4_device_config: Buffer.from(toJson(program)) };
      await transport.setPipeline({ device_id: 1n, election_id: { low: 1n }, action: 'VERIFY_AND_COMMIT', config });
      await write(transport, { type: 'INSERT', entity: group(to('12', 3, ['13', 6])) });
      expect(await copies()).toEqual(['19/6']);
    });

    test('backups are read as they were written, in their order', async () => {
      const entities = [group(to('12', 3, ['14', 7], ['13', 6]), { egress_port: 4, instance: 0 }), session(to('05', 1, ['02', 0]))];
      await write(transport, ...entities.map((entity) => ({ type: 'INSERT', entity }) as const));
      expect(plain(await read(transport, group(), session()))).toEqual(plain(entities));
      const [modified] = [group(to('12', 3, ['15', 7]))];
      await write(transport, { type: 'MODIFY', entity: modified as Entity });
      expect(plain(await read(transport, group()))).toEqual(plain([modified]));
      await bench.core.setPort(18, false);
      expect(await copies()).toContain('21/7');
    });

    test.each([
      ['the port of its replica', group(to('12', 3, ['12', 6])), 'port 18 is that of a replica and of its backup'],
      ['another replica', group(to('05', 6), to('12', 3, ['05', 6])), 'port 5, instance 6 is given twice'],
      ['another backup', session(to('12', 3, ['13', 6], ['13', 6])), 'port 19, instance 6 is given twice'],
      ['the backup of another', group(to('12', 3, ['13', 6]), to('05', 3, ['13', 6])), 'port 19, instance 6 is given twice'],
      ['no port', group({ port: bytes('12'), backup_replicas: [{ instance: 2 }] }), 'the port of a replica is not set'],
      ['an instance of 17 bits', group(to('12', 3, ['13', 65536])), 'instance 65536 is above 65535'],
      ['a port of 33 bits', session(to('12', 3, ['0100000000', 1])), '0x0100000000 is not a port of the switch'],
    ])('a backup with %s: INVALID_ARGUMENT', async (_, entity, message) => {
      const { errors } = await refused(write(transport, { type: 'INSERT', entity }));
      expect(errors.map((e) => codeName(e.canonical_code))).toEqual(['INVALID_ARGUMENT']);
      expect(errors[0]?.message).toContain(message);
      expect(await read(transport, group(), session())).toEqual([]);
    });

    test('the same port may back up several replicas, with another instance for each', async () => {
      await write(transport, { type: 'INSERT', entity: group(to('05', 1, ['07', 1]), to('06', 1, ['07', 2])) });
      for (const port of [5, 6]) await bench.core.setPort(port, false);
      expect(await copies()).toEqual(['7/1', '7/2']);
    });
  });
});
