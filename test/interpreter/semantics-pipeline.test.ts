/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: the way
 * through the pipeline.
 */
import { describe, expect, test } from 'vitest';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';

import { events, extractK, group, type Parts, Runs, session, show } from '../support/v1model-runs.js';

const drop = 'mark_to_drop(std);';
const to = (port: number): string => `std.egress_spec = ${port};`;
const multicast = (number: number): string => `std.mcast_grp = ${number};`;
const clone = (type: 'I2E' | 'E2E', number: number): string => `clone(CloneType.${type}, ${number});`;
const resubmit = (fieldList: number): string => `resubmit_preserving_field_list(${fieldList});`;
const recirculate = (fieldList: number): string => `recirculate_preserving_field_list(${fieldList});`;
/** For packets that came so: 0 is the first time, 1 an ingress clone, 2 an egress clone, 4 recirculated, 5 replicated, 6 resubmitted. */
const ifType = (type: number, then: string, otherwise = ''): string =>
  `if (std.instance_type == ${type}) { ${then} } else { ${otherwise} }`;
const ifNotShown = (then: string): string => `if (!h.shown.isValid()) { ${then} }`;

const runs = (parts: Parts, updates: readonly StateUpdate[] = []) => Runs.of({ start: extractK, ...parts }, updates);
const run = async (parts: Parts, hex?: string, updates: readonly StateUpdate[] = []) => (await runs(parts, updates)).send(hex).sent;
const shownBy = async (parts: Parts, updates: readonly StateUpdate[] = []) => (await runs(parts, updates)).send().shown;

describe('the pipeline', () => {
  test('trap 23: mark_to_drop sets egress_spec and clears mcast_grp; later writes undo either', async () => {
    const groups = [group(5, 3)];
    expect(await run({ ingress: `${multicast(5)} ${drop}` }, 'aabb', groups)).toEqual([]);
    expect(await run({ ingress: `${drop} ${multicast(5)}` }, 'aabb', groups)).toEqual(['3:aabb']);
    expect(await run({ ingress: `${drop} ${to(4)}` }, 'aabb', groups)).toEqual(['4:aabb']);
    expect(await shownBy({ ingress: `${drop} ${show('std.egress_spec')}` })).toEqual([]);
    expect(await shownBy({ ingress: `${drop} ${to(0)} ${show('std.egress_spec')}` })).toEqual([0n]);
  });

  test('trap 24: after ingress: clone, digest, resubmit; then multicast before drop before unicast; port 0 by default', async () => {
    const state = [session(7, 8), group(5, 3, 4)];
    const first = (body: string): Parts => ({ top: 'struct told_t { bit<8> a; }', ingress: ifType(6, to(9), body) });
    const all = `${clone('I2E', 7)} digest<told_t>(1, { h.k.a }); ${resubmit(0)} ${multicast(5)}`;
    const { sent, digests } = (await runs(first(all), state)).send();
    expect([sent, digests]).toEqual([['8:aabbcc', '9:aabbcc'], [{ digest: 'told_t', values: [0xaan] }]]);
    expect(await run(first(`${to(511)} ${multicast(5)}`), 'aabb', state)).toEqual(['3:aabb', '4:aabb']);
    expect(await run(first(`${drop} ${clone('I2E', 7)}`), 'aabb', state)).toEqual(['8:aabb']);
    expect(await run({}, 'aabb')).toEqual(['0:aabb']);
  });

  test('trap 25: egress starts with an egress_spec that does not drop; only 511 does; egress_port cannot be changed', async () => {
    expect(await shownBy({ ingress: to(7), egress: show('std.egress_spec') })).toEqual([0n]);
    expect(await run({ ingress: to(7), egress: `${to(3)} std.egress_port = 2;` }, 'aabb')).toEqual(['7:aabb']);
    expect(await run({ ingress: to(7), egress: to(511) }, 'aabb')).toEqual([]);
  });

  test('trap 26: after egress: clone, drop, deparse, recirculate', async () => {
    const once = (body: string): Parts => ({ ingress: to(5), egress: ifType(0, body) });
    const sessions = [session(7, 8)];
    // The clone has what egress did so far, also where the original is dropped; a drop beats recirculating.
    expect(await run(once(`h.k.a = 1; ${clone('E2E', 7)} h.k.b = 2; ${drop}`), 'aabbcc', sessions)).toEqual(['8:0102cc']);
    expect(await run(once(`${recirculate(0)} ${drop}`), 'aabb')).toEqual([]);
    const marked = { ingress: ifType(4, to(6), to(5)), egress: `if (std.egress_port == 5) { h.k.a = 1; ${recirculate(0)} }` };
    expect(await run(marked, 'aabbcc')).toEqual(['6:01bbcc']);
  });

  test('trap 27: an ingress clone is the packet as it arrived, without its metadata but for the field list', async () => {
    const parts: Parts = {
      meta: '@field_list(1, 3) bit<8> keep; bit<8> lose;',
      ingress: 'h.k.a = 1; meta.keep = 5; meta.lose = 6; clone_preserving_field_list(CloneType.I2E, 7, 3); h.k.b = 2;',
      egress: show('meta.keep ++ meta.lose ++ h.k.a ++ h.k.b ++ (bit<16>) std.ingress_port ++ std.instance_type[15:0]'),
    };
    const { sent, trace } = (await runs(parts, [session(7, 8)])).send('aabbcc', { port: 3 });
    expect(sent).toEqual(['8:0500aabb00000001aabbcc', '0:05060102000300000102cc']);
    expect(events(trace, 'clone')).toMatchObject([{ session: 7, known: true, kept: [{ name: 'keep', value: '5' }] }]);
  });
  test('trap 27: an egress clone keeps the headers and skips the parser; resubmission and recirculation lose the ingress port', async () => {
    const egress = ifType(2, show('std.ingress_port'), `h.k.a = 1; ${clone('E2E', 7)}`);
    expect(await run({ ingress: to(5), egress }, 'aabbcc', [session(7, 8)])).toEqual(['5:01bbcc', '8:000000000000000001bbcc']);
    const again = async (parts: Parts) => (await runs(parts)).send('aabb', { port: 3 }).shown;
    expect(await again({ ingress: ifType(6, show('std.ingress_port'), resubmit(0)) })).toEqual([0n]);
    expect(await again({ ingress: ifType(4, show('std.ingress_port')), egress: ifNotShown(recirculate(0)) })).toEqual([0n]);
  });

  test('trap 28: the last call wins, with the final values of its list; without a call nothing happens', async () => {
    const meta = '@field_list(1) bit<8> one; @field_list(2) bit<8> two;';
    const parts: Parts = {
      meta,
      ingress: `clone_preserving_field_list(CloneType.I2E, 7, 1); meta.one = 1; meta.two = 2;
        clone_preserving_field_list(CloneType.I2E, 9, 2); meta.two = 3; ${drop}`,
      egress: show('meta.one ++ meta.two'),
    };
    expect(await run(parts, 'aa', [session(7, 8), session(9, 10)])).toEqual(['10:0000000000000003aa']);
    expect(await shownBy({ meta, ingress: ifType(6, show('meta.one'), `${resubmit(2)} ${resubmit(1)} meta.one = 4;`) })).toEqual([4n]);
  });

  test('trap 29: instance_type tells how the packet came', async () => {
    const type = show('std.instance_type');
    const inEgress = (ingress: string, egress = '') => shownBy({ ingress, egress: `${egress} ${type}` }, [session(7, 8), group(5, 3)]);
    expect(await inEgress(to(1))).toEqual([0n]);
    expect(await inEgress(`${drop} ${clone('I2E', 7)}`)).toEqual([1n]);
    expect(await inEgress(to(1), ifType(0, clone('E2E', 7)))).toEqual([0n, 2n]);
    expect(await inEgress(multicast(5))).toEqual([5n]);
    expect(await shownBy({ ingress: ifType(0, resubmit(0), type) })).toEqual([6n]);
    expect(await shownBy({ ingress: ifType(4, type), egress: ifNotShown(recirculate(0)) })).toEqual([4n]);
    // simple_switch sets the type of every unicast packet to 0 before egress.
    expect(await inEgress(ifType(0, resubmit(0)))).toEqual([0n]);
  });
  test('trap 29: unknown groups and sessions make no copies; each replica has its instance', async () => {
    expect(await run({ ingress: multicast(6) }, 'aabb', [group(5, 3)])).toEqual([]);
    expect(await run({ ingress: `${to(2)} ${clone('I2E', 6)}` }, 'aabb', [session(7, 8)])).toEqual(['2:aabb']);
    const replicated = await runs({ ingress: `${drop} ${clone('I2E', 7)}`, egress: show('std.egress_rid') }, [session(7, 8, 9)]);
    const { shown, trace } = replicated.send();
    expect([shown, events(trace, 'copy').map((e) => e.port)]).toEqual([
      [1n, 2n],
      [8, 9],
    ]);
    expect(events((await runs({ ingress: clone('I2E', 6) })).send().trace, 'clone')).toMatchObject([
      { session: 6, known: false, events: [] },
    ]);
  });

  test('trap 30: exit ends one control, also from an action; return ends an action only', async () => {
    const parts = (name: string): Parts => ({
      locals: 'action leave() { h.k.a = 1; exit; h.k.a = 2; } action back() { h.k.a = 1; return; h.k.a = 2; }',
      ingress: `${name}(); h.k.b = 3;`,
      egress: 'if (h.k.a == 1) { std.priority = 1; }',
    });
    expect([await run(parts('leave')), await run(parts('back'))]).toEqual([['0:01bbcc'], ['0:0103cc']]);
    expect(await run({ ingress: `${to(2)} exit;`, egress: 'h.k.a = 9;' })).toEqual(['2:09bbcc']);
  });
});

describe('packets that start again without end', () => {
  test('stop after 64 turns, with a reason', async () => {
    const { sent, trace } = (await runs({ ingress: resubmit(0) })).send();
    expect(sent).toEqual([]);
    expect(events(trace, 'restart')).toHaveLength(65);
    expect(events(trace, 'drop').map((e) => e.reason)).toEqual(['dropped: started again or cloned more than 64 times in a row']);
  });
  test('stop when their copies multiply', async () => {
    const { interpreter } = await runs({ egress: clone('E2E', 7) }, [session(7, 8, 9)]);
    expect(interpreter.process({ port: 1, bytes: Uint8Array.of(1) }).outputs).toHaveLength(1 + 2 * 4096);
  });
});
