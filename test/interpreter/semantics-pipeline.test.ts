/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: the way
 * through the pipeline.
 */
import { describe, expect, test } from 'vitest';
import { binary, bits, bitType, callFunction, field, isValid, named, not } from '../../compiler/ir/build.js';
import type { Block, Expr, Stmt } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import {
  a,
  b,
  byte,
  cast,
  events,
  group,
  inIngress,
  instanceType,
  kept,
  Lab,
  labTypes,
  metaField,
  mirror,
  recirculate,
  resubmit,
  run,
  session,
  set,
  setStd,
  show,
  slice,
  typeIs,
  when,
} from '../support/v1model-lab.js';
import { action, drop, hdr, type Parts, setPort, stdField, struct } from '../support/v1model-program.js';

const exit: Stmt = { kind: 'exit', loc: nowhere };

describe('the pipeline', () => {
  test('trap 23: mark_to_drop sets egress_spec and clears mcast_grp; later writes undo either', () => {
    const groups = [group(5, 3)];
    expect(run({ ingress: [setStd('mcast_grp', 16, 5), drop()] }, 'aabb', groups)).toEqual([]);
    expect(run({ ingress: [drop(), setStd('mcast_grp', 16, 5)] }, 'aabb', groups)).toEqual(['3:aabb']);
    expect(run({ ingress: [drop(), setPort(4)] }, 'aabb', groups)).toEqual(['4:aabb']);
    expect([inIngress(stdField('egress_spec'), [drop()]), inIngress(stdField('egress_spec'), [drop(), setPort(0)])]).toEqual([
      undefined,
      0n,
    ]);
  });

  test('trap 24: after ingress: clone, digest, resubmit; then multicast before drop before unicast; port 0 by default', () => {
    const types = [...labTypes, struct('told_t', { a: 8 })];
    const told: Expr = { kind: 'struct', fields: [{ name: 'a', value: a }], type: named('told_t'), loc: nowhere };
    const state = [session(7, 8), group(5, 3, 4)];
    const first = (...body: Block): Partial<Parts> => ({ types, ingress: [when(typeIs(6), [setPort(9)], body)] });
    const all = first(mirror('I2E', 7), callFunction('digest', [bits(1, 32), told]), resubmit(0), setStd('mcast_grp', 16, 5));
    const { sent, digests } = new Lab(all, state).send();
    expect([sent, digests]).toEqual([['8:aabbcc', '9:aabbcc'], [{ digest: 'told_t', values: [0xaan] }]]);
    expect(run(first(setPort(511), setStd('mcast_grp', 16, 5)), 'aabb', state)).toEqual(['3:aabb', '4:aabb']);
    expect(run(first(drop(), mirror('I2E', 7)), 'aabb', state)).toEqual(['8:aabb']);
    expect(run({}, 'aabb')).toEqual(['0:aabb']);
  });

  test('trap 25: egress starts with an egress_spec that does not drop; only 511 does; egress_port cannot be changed', () => {
    expect(new Lab({ ingress: [setPort(7)], egress: show(stdField('egress_spec')) }).send().shown).toEqual([0n]);
    expect(run({ ingress: [setPort(7)], egress: [setPort(3), setStd('egress_port', 9, 2)] }, 'aabb')).toEqual(['7:aabb']);
    expect(run({ ingress: [setPort(7)], egress: [setPort(511)] }, 'aabb')).toEqual([]);
  });

  test('trap 26: after egress: clone, drop, deparse, recirculate', () => {
    const once = (...body: Block): Partial<Parts> => ({ ingress: [setPort(5)], egress: [when(typeIs(0), body)] });
    const sessions = [session(7, 8)];
    // The clone has what egress did so far, also where the original is dropped; a drop beats recirculating.
    expect(run(once(set(a, 1), mirror('E2E', 7), set(b, 2), drop()), 'aabbcc', sessions)).toEqual(['8:0102cc']);
    expect(run(once(recirculate(0), drop()), 'aabb')).toEqual([]);
    const marked = {
      ingress: [when(typeIs(4), [setPort(6)], [setPort(5)])],
      egress: [when(binary('==', stdField('egress_port'), bits(5, 9)), [set(a, 1), recirculate(0)])],
    };
    expect(run(marked, 'aabbcc')).toEqual(['6:01bbcc']);
  });

  test('trap 27: an ingress clone is the packet as it arrived, without its metadata but for the field list', () => {
    const [keep, lose] = [metaField('keep', 8), metaField('lose', 8)];
    const seen = [keep, lose, a, b, cast(stdField('ingress_port'), bitType(16)), slice(instanceType, 15, 0)];
    const parts: Partial<Parts> = {
      metadata: { keep: kept(8, 1, 3), lose: 8 },
      ingress: [set(a, 1), set(keep, 5), set(lose, 6), mirror('I2E', 7, 3), set(b, 2)],
      egress: show(seen.reduce((left, right) => binary('++', left, right))),
    };
    const { sent, trace } = new Lab(parts, [session(7, 8)]).send('aabbcc', { port: 3 });
    expect(sent).toEqual(['8:0500aabb00000001aabbcc', '0:05060102000300000102cc']);
    expect(events(trace, 'clone')).toMatchObject([{ session: 7, known: true, kept: [{ name: 'keep', value: '5' }] }]);
  });
  test('trap 27: an egress clone keeps the headers and skips the parser; resubmission and recirculation lose the ingress port', () => {
    const egress = [when(typeIs(2), show(stdField('ingress_port')), [set(a, 1), mirror('E2E', 7)])];
    expect(run({ ingress: [setPort(5)], egress }, 'aabbcc', [session(7, 8)])).toEqual(['5:01bbcc', '8:000000000000000001bbcc']);
    const again = (type: number, body: Block, where: 'ingress' | 'egress') => {
      const parts = { ingress: [when(typeIs(type), show(stdField('ingress_port')), where === 'ingress' ? body : [])] };
      const late = when(not(isValid(field(hdr, 'out', named('out_t')))), body);
      return new Lab({ ...parts, ...(where === 'egress' ? { egress: [late] } : {}) }).send('aabb', { port: 3 }).shown;
    };
    expect(again(6, [resubmit(0)], 'ingress')).toEqual([0n]);
    expect(again(4, [recirculate(0)], 'egress')).toEqual([0n]);
  });

  test('trap 28: the last call wins, with the final values of its list; without a call nothing happens', () => {
    const parts: Partial<Parts> = {
      metadata: { one: kept(8, 1), two: kept(8, 2) },
      ingress: [
        mirror('I2E', 7, 1),
        set(metaField('one', 8), 1),
        set(metaField('two', 8), 2),
        mirror('I2E', 9, 2),
        set(metaField('two', 8), 3),
        drop(),
      ],
      egress: show(binary('++', metaField('one', 8), metaField('two', 8))),
    };
    expect(run(parts, 'aa', [session(7, 8), session(9, 10)])).toEqual(['10:0000000000000003aa']);
    const again = {
      metadata: parts.metadata ?? {},
      ingress: [when(typeIs(6), show(metaField('one', 8)), [resubmit(2), resubmit(1), set(metaField('one', 8), 4)])],
    };
    expect(new Lab(again).send().shown).toEqual([4n]);
  });

  test('trap 29: instance_type tells how the packet came', () => {
    const state = [session(7, 8), group(5, 3)];
    const inEgress = (body: Block, egress: Block = []) =>
      new Lab({ ingress: body, egress: [...egress, ...show(instanceType)] }, state).send().shown;
    expect(inEgress([setPort(1)])).toEqual([0n]);
    expect(inEgress([drop(), mirror('I2E', 7)])).toEqual([1n]);
    expect(inEgress([setPort(1)], [when(typeIs(0), [mirror('E2E', 7)])])).toEqual([0n, 2n]);
    expect(inEgress([setStd('mcast_grp', 16, 5)])).toEqual([5n]);
    expect(new Lab({ ingress: [when(typeIs(0), [resubmit(0)], show(instanceType))] }).send().shown).toEqual([6n]);
    expect(
      new Lab({
        ingress: [when(typeIs(4), show(instanceType))],
        egress: [when(not(isValid(field(hdr, 'out', named('out_t')))), [recirculate(0)])],
      }).send().shown,
    ).toEqual([4n]);
    // simple_switch sets the type of every unicast packet to 0 before egress.
    expect(inEgress([when(typeIs(0), [resubmit(0)])])).toEqual([0n]);
  });
  test('trap 29: unknown groups and sessions make no copies; each replica has its instance', () => {
    expect(run({ ingress: [setStd('mcast_grp', 16, 6)] }, 'aabb', [group(5, 3)])).toEqual([]);
    expect(run({ ingress: [setPort(2), mirror('I2E', 6)] }, 'aabb', [session(7, 8)])).toEqual(['2:aabb']);
    const { shown, trace } = new Lab({ ingress: [drop(), mirror('I2E', 7)], egress: show(stdField('egress_rid', 16)) }, [
      session(7, 8, 9),
    ]).send();
    expect([shown, events(trace, 'copy').map((e) => e.port)]).toEqual([
      [1n, 2n],
      [8, 9],
    ]);
    expect(events(new Lab({ ingress: [mirror('I2E', 6)] }).send().trace, 'clone')).toMatchObject([
      { session: 6, known: false, events: [] },
    ]);
  });

  test('trap 30: exit ends one control, also from an action; return ends an action only', () => {
    const leave = action('leave', {}, [set(a, 1), exit, set(a, 2)]);
    const back = action('back', {}, [set(a, 1), { kind: 'return', loc: nowhere }, set(a, 2)]);
    const callAction = (text: string): Stmt => ({ kind: 'call', callee: { kind: 'action', name: text }, args: [], loc: nowhere });
    const parts = (text: string) => ({
      ingressLocals: [leave, back],
      ingress: [callAction(text), set(b, 3)],
      egress: [when(binary('==', a, byte(1)), [setStd('priority', 3, 1)])],
    });
    expect([run(parts('leave')), run(parts('back'))]).toEqual([['0:01bbcc'], ['0:0103cc']]);
    expect(run({ ingress: [setPort(2), exit], egress: [set(a, 9)] })).toEqual(['2:09bbcc']);
  });
});

describe('packets that start again without end', () => {
  test('stop after 64 turns, with a reason', () => {
    const { sent, trace } = new Lab({ ingress: [resubmit(0)] }).send();
    expect(sent).toEqual([]);
    expect(events(trace, 'restart')).toHaveLength(65);
    expect(events(trace, 'drop').map((e) => e.reason)).toEqual(['dropped: started again or cloned more than 64 times in a row']);
  });
  test('stop when their copies multiply', () => {
    const { interpreter } = new Lab({ egress: [mirror('E2E', 7)] }, [session(7, 8, 9)]);
    expect(interpreter.process({ port: 1, bytes: Uint8Array.of(1) }).outputs).toHaveLength(1 + 2 * 4096);
  });
});
