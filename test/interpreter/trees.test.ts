/** Trees of traces: every outcome that a packet can have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { renderTree } from '../../runtime/data-plane/render-tree.js';
import type { ApplyEvent, Trace } from '../../runtime/data-plane/trace.js';
import { allEvents } from '../../runtime/data-plane/trace.js';
import {
  ChoiceLab,
  choiceProgram,
  choicesIn,
  groupOf,
  multicast,
  probabilities,
  selectorTable,
  sent,
  session,
} from '../support/choice-lab.js';
import { PsaLab } from '../support/psa-lab.js';

const ecmp = { locals: selectorTable('ecmp'), ingress: 'ecmp.apply();' };
const threeWays = groupOf('ecmp', [
  [2, 'to', 1n],
  [1, 'to', 2n],
  [1, 'flood', 1n],
]);

test('without a choice, the tree is the trace that the packet has', async () => {
  const lab = new ChoiceLab(await choiceProgram(ecmp), [...threeWays, multicast(4, 5)]);
  const tree = lab.tree('0907');
  expect(tree).toEqual(lab.send('0907'));
  expect(lab.outcomes('0907')).toEqual([{ probability: 1, trace: tree }]);
});

describe('groups', () => {
  test('each member is an alternative, with the probability of its weight, and the hash says which one the packet takes', async () => {
    const lab = new ChoiceLab(await choiceProgram(ecmp), [...threeWays, multicast(4, 5)]);
    const [choice, ...others] = choicesIn(lab.tree());
    expect(others).toEqual([]);
    expect(choice).toMatchObject({
      by: 'group',
      table: 'I.ecmp',
      profile: 'I.ecmp_sel',
      group: 1,
      size: 4,
      // Places 0 to 3 are those of the members 1, 2, 3 and 1: 7 % 4 is the last.
      alternatives: [
        { members: [1], weight: 2, probability: 0.5, byHash: true },
        { members: [2], weight: 1, probability: 0.25 },
        { members: [3], weight: 1, probability: 0.25 },
      ],
    });
    expect(probabilities(lab.outcomes())).toEqual({ '1:0507': 0.5, '2:0507': 0.25, '4:0507 5:0507': 0.25 });
  });

  test('one of the outcomes has the very trace of the packet that is sent', async () => {
    const program = await choiceProgram({
      locals: selectorTable('ecmp') + selectorTable('next'),
      ingress: 'if (hdr.h.a == 5) { ecmp.apply(); } next.apply();',
    });
    const next = groupOf('next', [
      [1, 'mark', 8n],
      [1, 'mirror'],
      [3, 'drop'],
    ]);
    const lab = new ChoiceLab(program, [...threeWays, ...next, multicast(4, 5), session(9)]);
    for (const hex of ['0500', '0501', '0502', '0503', '0504', '0907']) {
      const outcomes = lab.outcomes(hex);
      const trace = lab.send(hex);
      expect(outcomes.filter((outcome) => JSON.stringify(outcome.trace) === JSON.stringify(trace))).toHaveLength(1);
      expect(outcomes).toHaveLength(hex === '0907' ? 1 : 9);
    }
  });

  test('members that run the same are one alternative', async () => {
    const same = groupOf('ecmp', [
      [1, 'to', 1n],
      [1, 'to', 2n],
      [1, 'to', 1n],
    ]);
    const [choice] = choicesIn(new ChoiceLab(await choiceProgram(ecmp), same).tree());
    expect(choice?.alternatives.map((a) => 'members' in a && [a.members, a.weight])).toEqual([
      [[1, 3], 2],
      [[2], 1],
    ]);
  });

  test('a group with one member, and one with none, leave nothing open', async () => {
    for (const members of [[[1, 'to', 1n]], []] as const) {
      const lab = new ChoiceLab(await choiceProgram(ecmp), groupOf('ecmp', members));
      expect(lab.tree()).toEqual(lab.send());
    }
  });

  test('members whose port is down are no alternatives', async () => {
    const updates = groupOf('ecmp', [
      [1, 'to', 1n],
      [1, 'to', 2n],
      [1, 'to', 3n],
    ]).map((update) =>
      update.kind === 'profile-group' ? { ...update, members: update.members?.map((m) => ({ ...m, watchPort: m.member })) ?? [] } : update,
    );
    const lab = new ChoiceLab(await choiceProgram(ecmp), [...updates, { kind: 'port', port: 2, up: false }]);
    expect(probabilities(lab.outcomes())).toEqual({ '1:0507': 0.5, '3:0507': 0.5 });
  });

  test('the same hash gives the same member, in the packet and in all its copies', async () => {
    const program = await choiceProgram({ ...ecmp, ingress: 'ecmp.apply(); ecmp.apply();' });
    const members = groupOf('ecmp', [
      [1, 'to', 1n],
      [1, 'to', 2n],
    ]);
    expect(probabilities(new ChoiceLab(program, members).outcomes())).toEqual({ '1:0507': 0.5, '2:0507': 0.5 });
    const egress = await choiceProgram({
      ingress: 'flood(1);',
      egressLocals: selectorTable('ecmp', 'mark; drop;'),
      egress: 'ecmp.apply();',
    });
    const marks = groupOf(
      'ecmp',
      [
        [1, 'mark', 1n],
        [3, 'mark', 2n],
      ],
      { block: 'E' },
    );
    const lab = new ChoiceLab(egress, [...marks, multicast(4, 5, 6)]);
    expect(probabilities(lab.outcomes())).toEqual({ '4:0501 5:0501 6:0501': 0.25, '4:0502 5:0502 6:0502': 0.75 });
  });
});

describe('random numbers', () => {
  test('numbers that lead the same way are one alternative', async () => {
    const program = await choiceProgram({ ingress: 'random(m.r, 8w0, 8w99); if (m.r < 10) drop(); else to(9w2);' });
    const lab = new ChoiceLab(program);
    const [choice] = choicesIn(lab.tree());
    expect(choice).toMatchObject({
      by: 'random',
      low: '0',
      high: '99',
      tried: 100,
      alternatives: [
        { probability: 0.1, values: [{ low: '0', high: '9' }] },
        { probability: 0.9, values: [{ low: '10', high: '99' }] },
      ],
    });
    expect(probabilities(lab.outcomes())).toEqual({ nothing: 0.1, '2:0507': 0.9 });
  });

  test('a border among four thousand million numbers is found', async () => {
    const program = await choiceProgram({
      ingress: 'random(m.wide, 32w0, 32w0xffffffff); if (m.wide <= 32w123456789) drop(); else to(9w2);',
    });
    const [choice] = choicesIn(new ChoiceLab(program).tree());
    expect(choice?.alternatives.map((a) => 'values' in a && a.values)).toEqual([
      [{ low: '0', high: '123456789' }],
      [{ low: '123456790', high: '4294967295' }],
    ]);
    expect(choice).not.toHaveProperty('untried');
  });

  test('a number that goes into the packet alone is one alternative, with the lowest as its example', async () => {
    const lab = new ChoiceLab(await choiceProgram({ ingress: 'random(hdr.h.b, 8w3, 8w200); to(9w2);' }));
    const [choice] = choicesIn(lab.tree());
    expect(choice?.alternatives).toHaveLength(1);
    expect(probabilities(lab.outcomes())).toEqual({ '2:0503': 1 });
  });

  test('a range of one number, and an empty one, leave nothing open', async () => {
    for (const range of ['8w4, 8w4', '8w5, 8w4']) {
      const lab = new ChoiceLab(await choiceProgram({ ingress: `random(m.r, ${range}); to(9w2);` }));
      expect(lab.tree()).toEqual(lab.send());
    }
  });

  test('several numbers that would make too many runs are tried with fewer values', async () => {
    const one = 'random(m.r, 8w0, 8w199); if (m.r < 50) { hdr.h.b = hdr.h.b + 1; }';
    const lab = new ChoiceLab(await choiceProgram({ ingress: `to(9w2); ${one} ${one} ${one}` }));
    const [choice] = choicesIn(lab.tree('0500'));
    expect(choice).toMatchObject({ by: 'random', alternatives: [{ probability: 0.25 }, { probability: 0.75 }] });
    expect(choice?.by === 'random' && choice.tried).toBeLessThan(200);
    const { '2:0500': none } = probabilities(lab.outcomes('0500'));
    expect(none).toBeCloseTo(0.75 ** 3, 10);
  });
});

describe('copies', () => {
  const tossed = { ingress: 'flood(1);', egress: 'random(m.r, 8w0, 8w3); if (m.r == 0) drop();' };

  test('each copy has its own alternatives, which do not multiply in the tree', async () => {
    const lab = new ChoiceLab(await choiceProgram(tossed), [multicast(4, 5, 6)]);
    const tree = lab.tree();
    expect(tree.events.filter(({ kind }) => kind === 'copy')).toHaveLength(3);
    expect(tree.events.some(({ kind }) => kind === 'choice')).toBe(false);
    expect(choicesIn(tree)).toHaveLength(3);
    const outcomes = probabilities(lab.outcomes());
    expect(Object.keys(outcomes)).toHaveLength(8);
    expect(outcomes.nothing).toBe(1 / 64);
    expect(outcomes['4:0507 6:0507']).toBe(9 / 64);
  });

  test('twenty copies make a tree of twenty choices', async () => {
    const lab = new ChoiceLab(await choiceProgram(tossed), [multicast(...Array.from({ length: 20 }, (_, i) => i))]);
    expect(choicesIn(lab.tree())).toHaveLength(20);
    expect(renderTree(lab.tree())).toMatch(/^port 1: 2 bytes received, 1048576 outcomes\n/);
  });

  test('a clone happens whatever the original chooses later', async () => {
    const program = await choiceProgram({ ingress: 'to(9w1); mirror();', egress: tossed.egress });
    const lab = new ChoiceLab(program, [session(9)]);
    const { '9:0507': alone, '9:0507 1:0507': both } = probabilities(lab.outcomes());
    expect([alone, both]).toEqual([3 / 16, 9 / 16]);
    expect(choicesIn(lab.tree())).toHaveLength(2);
  });

  test('copies of which one reads a register that another writes are a sequence', async () => {
    const egress = `
      cells.read(m.q, 32w0);
      if (m.q == 0) { random(m.r, 8w0, 8w1); if (m.r == 1) { cells.write(32w0, 8w1); hdr.h.b = 1; } else { hdr.h.b = 0; } }
      else { hdr.h.b = 2; }`;
    const lab = new ChoiceLab(await choiceProgram({ ingress: 'flood(1);', egress }), [multicast(4, 5, 6)]);
    expect(probabilities(lab.outcomes())).toEqual({
      '4:0501 5:0502 6:0502': 0.5,
      '4:0500 5:0501 6:0502': 0.25,
      '4:0500 5:0500 6:0501': 0.125,
      '4:0500 5:0500 6:0500': 0.125,
    });
  });

  test('a packet that starts again has the choices of each pass', async () => {
    const program = await choiceProgram({
      ingress:
        'to(9w1); random(m.r, 8w0, 8w1); if (s.instance_type == 0 && m.r == 0) { resubmit_preserving_field_list(8w0); } else if (m.r == 0) to(9w2);',
    });
    expect(probabilities(new ChoiceLab(program).outcomes())).toEqual({ '2:0507': 0.25, '1:0507': 0.75 });
  });
});

test('nothing of the state changes', async () => {
  const program = await choiceProgram({
    locals: `${selectorTable('ecmp')}
      counter(32w4, CounterType.packets) seen; meter(32w4, MeterType.packets) rate; direct_counter(CounterType.packets) hits; direct_meter<bit<8>>(MeterType.packets) direct;
      action pass() { direct.read(m.q); }
      table counted { key = { hdr.h.a: exact; } actions = { pass; } default_action = pass(); counters = hits; }
      table metered { key = { hdr.h.a: exact; } actions = { pass; } default_action = pass(); meters = direct; }`,
    ingress: `cells.read(m.r, 32w1); cells.write(32w1, m.r + 1); seen.count(32w2); rate.execute_meter(32w3, m.q);
      counted.apply(); metered.apply(); random(m.r, 8w0, 8w3); ecmp.apply(); if (m.r == 0) drop();`,
  });
  const rates = { cir: 1n, cburst: 5n, pir: 1n, pburst: 5n };
  const entry = { matches: [{ kind: 'exact', value: 5n } as const], priority: 0, action: { name: 'I.pass', args: [] } };
  const lab = new ChoiceLab(program, [
    ...threeWays,
    { kind: 'meter', meter: 'I.rate', index: 3, config: rates },
    { kind: 'insert', table: 'I.counted', entry },
    { kind: 'insert', table: 'I.metered', entry },
    { kind: 'direct-meter', table: 'I.metered', entry, config: rates },
  ]);
  const { state } = lab.interpreter;
  const read = () => ({
    registers: state.readRegister('cells'),
    counter: state.readCounter('I.seen'),
    direct: state.readDirectCounters('I.counted', [entry, 'default']),
    colors: state.readColors('I.rate', [3]),
    directColors: state.readDirectColors('I.metered', [entry, 'default']),
    idle: state.readIdle('I.counted', [entry], 0n),
    statistics: state.readStatistics(),
  });
  for (const hex of ['0501', '0902']) {
    for (let turn = 0; turn < 3; turn++) lab.send(hex);
    const before = read();
    expect(lab.tree(hex, ['I.counted']).events).not.toEqual([]);
    expect(lab.tree(hex)).toEqual(lab.tree(hex));
    expect(read()).toEqual(before);
  }
  // Six packets took five tokens of the buckets, and no tree took one.
  const colors = [...allEvents(lab.send('0501').events)].flatMap((e) => (e.kind === 'meter' && e.color ? [e.color] : []));
  expect(colors).toEqual(['red', 'green']);
});

describe('open tables', () => {
  const acl = `
    table acl {
      key = { hdr.h.a: exact; }
      actions = { to; mark; drop; @defaultonly NoAction; }
      default_action = NoAction();
    }`;
  const insert = (value: bigint, name: string, ...args: bigint[]) =>
    ({
      kind: 'insert',
      table: 'I.acl',
      entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: `I.${name}`, args } },
    }) as const;

  test('a table may run what its entries run, what takes no argument, and its default action', async () => {
    const program = await choiceProgram({ locals: acl, ingress: 'to(9w7); if (!acl.apply().hit) { hdr.h.b = 0; }' });
    const lab = new ChoiceLab(program, [insert(1n, 'to', 1n), insert(2n, 'to', 2n), insert(3n, 'to', 1n)]);
    const outcomes = lab.outcomes('0507', ['I.acl']);
    expect(outcomes.map(({ trace }) => sent(trace))).toEqual(['1:0507', '2:0507', 'nothing', '7:0500']);
    expect(outcomes.map(({ probability }) => probability)).toEqual([undefined, undefined, undefined, undefined]);
    const [choice] = choicesIn(lab.tree('0507', ['I.acl']));
    expect(choice).toMatchObject({
      by: 'open-table',
      table: 'I.acl',
      unknown: ['I.mark'],
      alternatives: [{ hit: true }, { hit: true }, { hit: true }, { hit: false }],
    });
    const [first] = outcomes as [{ trace: Trace }];
    const lookup = [...allEvents(first.trace.events)].find((e): e is ApplyEvent => e.kind === 'apply');
    expect(lookup).toMatchObject({
      hit: true,
      keys: [{ value: '5', entry: { kind: 'any' } }],
      action: { name: 'I.to', args: [{ value: '1' }] },
    });
  });

  test('with a selector it may run each group, and each member that is in none', async () => {
    const lab = new ChoiceLab(await choiceProgram(ecmp), [...threeWays, multicast(4)]);
    expect(lab.outcomes('0907', ['I.ecmp']).map(({ trace }) => sent(trace))).toEqual([
      '1:0907',
      '2:0907',
      '4:0907',
      // drop, mirror and NoAction take no arguments; then a miss.
      'nothing',
      '0:0907',
      '0:0907',
      '0:0907',
    ]);
  });
});

test('too many ways end with what is chosen', async () => {
  const lab = new ChoiceLab(await choiceProgram(ecmp), [...threeWays, multicast(4)]);
  expect(lab.interpreter.tree({ port: 1, bytes: new Uint8Array([5, 7]), open: [], limit: 2 })).toEqual({
    tooMany: [expect.stringMatching(/^group 1 of I\.ecmp_sel at .*:\d+:\d+$/)],
  });
});

test('PSA: random numbers and copies', async () => {
  const { interpreter } = await PsaLab.of(
    {
      ingressLocals: 'Random<bit<8>>(8w0, 8w3) dice;',
      ingress: 'multicast(ostd, (MulticastGroup_t) 1); m.x = dice.read(); if (m.x == 0) ingress_drop(ostd);',
      egressLocals: 'Random<bit<8>>(8w0, 8w1) coin;',
      egress: 'm.x = coin.read(); if (m.x == 0) egress_drop(ostd);',
    },
    [multicast(4, 5)],
  );
  const reply = interpreter.tree({ port: 1, bytes: new Uint8Array([5, 7]), open: [], limit: 100 });
  if ('tooMany' in reply) throw new Error('too many');
  expect(choicesIn(reply.tree).map(({ alternatives }) => alternatives.map(({ probability }) => probability))).toEqual([
    [0.25, 0.75],
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
});

describe('random programs', () => {
  /** Statements that choose, and what the controller writes for them. */
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('random' as const),
      high: fc.integer({ min: 1, max: 5 }),
      below: fc.integer({ min: 1, max: 5 }),
      then: fc.nat(4),
    }),
    fc.record({ kind: fc.constant('cell' as const), index: fc.nat(1), value: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      kind: fc.constant('group' as const),
      weights: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
      first: fc.nat(4),
    }),
  );
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
  const effects = [
    'hdr.h.b = hdr.h.b + 1;',
    'hdr.h.b = hdr.h.b ^ 64;',
    'cells.write(32w0, 8w1);',
    'cells.write(32w1, 8w2);',
    'mark_to_drop(s);',
  ];
  const statement = (s: Step, i: number): string => {
    if (s.kind === 'random') return `random(m.r, 8w0, 8w${s.high}); if (m.r < ${s.below}) { ${effects[s.then]} }`;
    if (s.kind === 'cell') return `cells.read(m.q, 32w${s.index}); if (m.q == ${s.value}) { hdr.h.b = hdr.h.b ^ 32; }`;
    return `t${i}.apply();`;
  };
  const memberActions = [['to', 1n], ['to', 2n], ['flood', 1n], ['mirror'], ['drop']] as const;
  const program = fc.record({
    ingress: fc.array(step, { minLength: 1, maxLength: 3 }),
    egress: fc.array(
      step.filter((s) => s.kind !== 'group'),
      { maxLength: 2 },
    ),
  });

  test('what a seed gives is one of the outcomes, and what is probable some seed gives', async () => {
    await fc.assert(
      fc.asyncProperty(program, async ({ ingress, egress }) => {
        const groups = ingress.flatMap((s, i) => (s.kind === 'group' ? [{ s, name: `t${i}` }] : []));
        const compiled = await choiceProgram({
          locals: groups.map(({ name }) => selectorTable(name)).join(''),
          ingress: ingress.map(statement).join(' '),
          egress: egress.map((s, i) => statement(s, i)).join(' '),
        });
        const updates = groups.flatMap(({ s, name }) =>
          groupOf(
            name,
            s.kind === 'group'
              ? s.weights.map((w, i) => [w, ...(memberActions[(s.first + i) % 5] as readonly [string, ...bigint[]])] as const)
              : [],
            { random: true },
          ),
        );
        const all = [...updates, multicast(4, 5), session(9)];
        const outcomes = probabilities(new ChoiceLab(compiled, all).outcomes());
        expect(Object.values(outcomes).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        const seen = new Set(Array.from({ length: 100 }, (_, seed) => sent(new ChoiceLab(compiled, all, seed).send())));
        expect([...seen].filter((one) => !(one in outcomes))).toEqual([]);
        // Not seeing it has a probability below one in ten million.
        expect(Object.keys(outcomes).filter((one) => (outcomes[one] ?? 0) > 0.15 && !seen.has(one))).toEqual([]);
      }),
      { numRuns: 8, seed: 14 },
    );
  });
});

describe('as text', () => {
  test('what a random number decides is not a branch that was taken before the number was drawn', async () => {
    const ingress = 'if (hdr.h.a == 5) { random(m.r, 8w0, 8w9); if (m.r < 3) drop(); else to(9w1); }';
    const text = renderTree(new ChoiceLab(await choiceProgram({ ingress })).tree());
    expect(text.match(/if .*(yes|no)/g)).toEqual(['if m.r < 3: yes', 'if m.r < 3: no']);
  });

  test('a tree has a line for what decides, and one for each end', async () => {
    const program = await choiceProgram({
      locals: selectorTable('ecmp'),
      ingress: 'random(m.r, 8w0, 8w9); if (m.r < 3) mirror(); ecmp.apply();',
    });
    const lab = new ChoiceLab(program, [...threeWays, multicast(4, 5), session(9)]);
    const place = { file: 'entries.txt', line: 3, column: 1 };
    const text = renderTree(lab.tree(), { entryPlace: ({ table }) => (table === 'I.ecmp' ? place : undefined) });
    expect(text.replace(/ +\S+\.p4:/g, '  x.p4:').replace(/ {3,}entries/g, '  entries')).toMatchInlineSnapshot(`
      "port 1: 2 bytes received, 6 outcomes
      └─ one of the random numbers 0..9  x.p4:25:11
         ├─ 30%  0..2 (shown: 0)
         │  ├─ if m.r < 3: yes  x.p4:25:34
         │  └─ I.ecmp: hit hdr.h.a=5, one of 3 actions of group 1 of I.ecmp_sel  entries.txt:3:1
         │     ├─ 50%  member 1, weight 2 of 4 (by the hash of this packet) -> I.to(port=1)
         │     │  ├─ clone to session 1  x.p4:16:21
         │     │  │  └─ copy to port 9, instance 0  x.p4:16:21
         │     │  │     └─ port 9: 2 bytes sent
         │     │  └─ port 1: 2 bytes sent
         │     ├─ 25%  member 2 -> I.to(port=2)
         │     │  ├─ clone to session 1  x.p4:16:21
         │     │  │  └─ copy to port 9, instance 0  x.p4:16:21
         │     │  │     └─ port 9: 2 bytes sent
         │     │  └─ port 2: 2 bytes sent
         │     └─ 25%  member 3 -> I.flood(group=1)
         │        ├─ clone to session 1  x.p4:16:21
         │        │  └─ copy to port 9, instance 0  x.p4:16:21
         │        │     └─ port 9: 2 bytes sent
         │        └─ each of 2 copies  x.p4:13:33
         │           ├─ copy to port 4, instance 0  x.p4:13:33
         │           │  └─ port 4: 2 bytes sent
         │           └─ copy to port 5, instance 1  x.p4:13:33
         │              └─ port 5: 2 bytes sent
         └─ 70%  3..9 (shown: 3)
            ├─ if m.r < 3: no  x.p4:25:34
            └─ I.ecmp: hit hdr.h.a=5, one of 3 actions of group 1 of I.ecmp_sel  entries.txt:3:1
               ├─ 50%  member 1, weight 2 of 4 (by the hash of this packet) -> I.to(port=1)
               │  └─ port 1: 2 bytes sent
               ├─ 25%  member 2 -> I.to(port=2)
               │  └─ port 2: 2 bytes sent
               └─ 25%  member 3 -> I.flood(group=1)
                  └─ each of 2 copies  x.p4:13:33
                     ├─ copy to port 4, instance 0  x.p4:13:33
                     │  └─ port 4: 2 bytes sent
                     └─ copy to port 5, instance 1  x.p4:13:33
                        └─ port 5: 2 bytes sent"
    `);
  });

  test('the whole trace shows choices with their alternatives', async () => {
    const lab = new ChoiceLab(await choiceProgram(ecmp), [...threeWays, multicast(4, 5)]);
    const lines = renderTrace(lab.tree()).split('\n');
    expect(
      lines.map((line) => line.replace(/ {2,}\S+\.p4:.*$/, '')).filter((line) => /one of|%|continued|assumed|whatever/.test(line)),
    ).toMatchInlineSnapshot(`
      [
        "  one of 3 actions of group 1 of I.ecmp_sel",
        "    50%  member 1, weight 2 of 4 (by the hash of this packet)",
        "      I, continued",
        "            I.ecmp_sel: group 1, identity(hdr.h.b=7) = 0x7 % 4 = 3: member 1",
        "    25%  member 2",
        "      I, continued",
        "            I.ecmp_sel: group 1, whatever its hash: member 2",
        "    25%  member 3",
        "      I, continued",
        "            I.ecmp_sel: group 1, whatever its hash: member 3",
      ]
    `);
  });
});
