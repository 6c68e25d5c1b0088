/** What people read about services in a trace. */
import { describe, expect, test } from 'vitest';
import type { MeterConfig, StateUpdate } from '../../runtime/data-plane/messages.js';
import { Random } from '../../runtime/data-plane/random.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { extractK, type Parts, Runs, session } from '../support/v1model-runs.js';

/** The lines of the trace, without indentation and places. */
async function lines(parts: Parts, updates: StateUpdate[] = [], hex = '0507'): Promise<string[]> {
  const runs = await Runs.of({ start: extractK, meta: '@field_list(1) bit<8> mark;', ...parts }, updates);
  return renderTrace(runs.send(hex).trace)
    .split('\n')
    .map((line) => line.trim().replace(/ +\S+:\d+:\d+$/, ''));
}
const among = (all: readonly string[], ...starts: string[]) => all.filter((line) => starts.some((start) => line.startsWith(start)));

test('registers: what was there and what is now', async () => {
  const ingress = 'cells.read(meta.mark, 1); cells.write(1, h.k.a); cells.write(2, h.k.a); cells.read(meta.mark, 2);';
  expect(among(await lines({ locals: 'register<bit<8>>(2) cells;', ingress }), 'read', 'write')).toEqual([
    'read ingress.cells[1]: 0',
    'write ingress.cells[1]: 0 -> 5',
    'write ingress.cells[2]: out of range, nothing written',
    'read ingress.cells[2]: out of range, nothing read',
  ]);
});

test('meters: the colour and what is left', async () => {
  const executing = async (config: MeterConfig, ...cells: number[]) => {
    const ingress = cells.map((cell) => `policer.execute_meter(${cell}, meta.mark);`).join(' ');
    const configured: StateUpdate = { kind: 'meter', meter: 'ingress.policer', index: 1, config };
    return among(await lines({ locals: 'meter(2, MeterType.packets) policer;', ingress }, [configured]), 'meter');
  };
  expect(await executing({ cir: 1n, cburst: 0n, pir: 2n, pburst: 4n }, 0, 1, 2)).toEqual([
    'meter ingress.policer[0]: green, not configured',
    'meter ingress.policer[1]: yellow (left: committed 0 of 0, peak 3 of 4 packets)',
    'meter ingress.policer[2]: out of range, nothing marked',
  ]);
  expect(await executing({ cir: 1n, cburst: 0n, pir: 1n, pburst: 0n, eburst: 3n }, 1)).toEqual([
    'meter ingress.policer[1]: yellow (left: committed 0 of 0, excess 2 of 3 packets)',
  ]);
});

test('hash and random', async () => {
  const ingress = `
    hash(meta.mark, HashAlgorithm.identity, 8w1, { h.k.a, h.k.b }, 8w10);
    random(meta.mark, 8w4, 8w4);
    random(meta.mark, 8w5, 8w4);`;
  expect(among(await lines({ ingress }), 'hash', 'random')).toEqual([
    'hash identity(0x0507) = 0x507: 1 + 1287 % 10 = 8',
    'random 4..4: 4',
    'random 5..4: nothing',
  ]);
});

test('digests, assertions and messages', async () => {
  const ingress = 'digest<told_t>(1, { h.k.a }); assert(h.k.a == 5); assume(false); log_msg("b is {}", { h.k.b });';
  expect(among(await lines({ top: 'struct told_t { bit<8> a; }', ingress }), 'digest', 'ass', 'log')).toEqual([
    'digest told_t(a=5)',
    'assert h.k.a == 5: holds',
    'assume false: does not hold',
    'log: b is 7',
  ]);
});

test('the member that a selector chose and why', async () => {
  const write = (id: number, port: bigint): StateUpdate => ({
    kind: 'profile-member',
    profile: 'ingress.paths',
    member: id,
    action: { name: 'ingress.to', args: [port] },
  });
  const group = (id: number, ...members: number[]): StateUpdate => ({
    kind: 'profile-group',
    profile: 'ingress.paths',
    group: id,
    members: members.map((of) => ({ member: of, weight: 1 })),
  });
  const put = (value: bigint, does: { group: number } | { member: number }): StateUpdate => ({
    kind: 'insert',
    table: 'ingress.ecmp',
    entry: { matches: [{ kind: 'exact', value }], priority: 0, action: does },
  });
  const updates = [
    write(4, 1n),
    write(9, 2n),
    group(1, 4, 9),
    group(2),
    put(5n, { group: 1 }),
    put(6n, { group: 2 }),
    put(7n, { member: 4 }),
  ];
  const locals = `
    action_selector(HashAlgorithm.identity, 8, 16) paths;
    action to(bit<9> port) { std.egress_spec = port; }
    table ecmp {
      key = { h.k.a: exact @name("a"); h.k.b: selector @name("b"); }
      actions = { to; NoAction; }
      implementation = paths;
    }`;
  const said = async (hex: string) => among(await lines({ locals, ingress: 'ecmp.apply();' }, updates, hex), 'table', 'ingress.paths');
  expect(await said('0507')).toEqual([
    'table ingress.ecmp: hit -> ingress.to(port=2)',
    'ingress.paths: group 1, identity(b=7) = 0x7 % 2 = 1: member 9',
  ]);
  expect(await said('0607')).toEqual(['table ingress.ecmp: hit -> nothing', 'ingress.paths: group 2 has no member that is up']);
  expect(await said('0707')).toEqual(['table ingress.ecmp: hit -> ingress.to(port=1)', 'ingress.paths: member 4']);
});

describe('packets that start again and copies', () => {
  const flow = ['clone', 'resubmit', 'recirculate', 'copy', 'port', 'dropped', 'traffic', 'truncate'];

  test('a clone with its copies and what it keeps', async () => {
    const clone = 'clone_preserving_field_list(CloneType.I2E, 7, 1);';
    expect(among(await lines({ ingress: `meta.mark = 3; ${clone} ${clone} mark_to_drop(std);` }, [session(7, 8)]), ...flow)).toEqual([
      'port 1: 2 bytes received',
      'clone: a copy to session 7',
      'clone: a copy to session 7',
      'clone to session 7, keeps mark=3',
      'copy to port 8, instance 1',
      'port 8: 2 bytes sent',
      'dropped in ingress',
    ]);
    expect(among(await lines({ ingress: 'clone(CloneType.I2E, 6);' }), 'clone to')).toEqual(['clone to session 6: no such session']);
  });
  test('each pass, and what survives it', async () => {
    const again = { ingress: 'if (std.instance_type == 0) { meta.mark = 3; resubmit_preserving_field_list(1); }' };
    expect(among(await lines(again), ...flow)).toEqual([
      'port 1: 2 bytes received',
      'resubmit_preserving_field_list: resubmit',
      'resubmit, pass 2, keeps mark=3',
      'traffic manager: to port 0',
      'port 0: 2 bytes sent',
    ]);
    const round = {
      ingress: 'if (std.instance_type == 4) { h.shown.setValid(); }',
      egress: 'truncate(1); if (!h.shown.isValid()) { recirculate_preserving_field_list(1); }',
    };
    expect(among(await lines(round), ...flow)).toEqual([
      'port 1: 2 bytes received',
      'traffic manager: to port 0',
      'truncate: at most 1 byte',
      'recirculate_preserving_field_list: recirculate',
      'recirculate, pass 2, keeps mark=0',
      'traffic manager: to port 0',
      'truncate: at most 1 byte',
      'port 0: 1 byte sent',
    ]);
  });
});

test('random numbers are those of SplitMix64, and uniform between their ends', () => {
  const random = new Random(0);
  // The first outputs for the seed 0, as other implementations give them.
  expect([random.next(), random.next(), random.next()]).toEqual([0xe220a8397b1dcdafn, 0x6e789e6aa1b965f4n, 0x06c45d188009454fn]);
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 5000; i++) counts[Number(random.between(10n, 14n)) - 10]!++;
  // The standard deviation of each count is 28.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(170);
  const wide = Array.from({ length: 50 }, () => random.between(0n, (1n << 200n) - 1n));
  expect(wide.some((n) => n >> 192n > 0n) && wide.every((n) => n < 1n << 200n)).toBe(true);
});
