// Lines of `p4ts shell` about state, copies and packets, on a switch in this process.

import type { AnyPipeline } from 'p4ts/runtime';
import { createDataPlane, createSwitch } from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { complete } from '../../cli/shell/complete.js';
import { runLine } from '../../cli/shell/run.js';
import { nowhere } from '../../compiler/support/location.js';
import { AnySwitch } from '../../runtime/client/any-switch.js';
import { checkedProgram, openClient } from '../../runtime/client/open.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { lab } from '../support/lab.js';
import { services } from '../support/services.js';
import { bytes } from '../support/switches.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A shell on a switch that runs the pipeline: what a line says; of mistakes and refusals, with `!` in front. */
async function shellOn(pipeline: AnyPipeline) {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const transport = localTransport(core);
  const program = checkedProgram(pipeline, 'test', nowhere);
  await (await openClient(program, transport, { address: 'the switch', loc: nowhere })).close();
  const sw = await AnySwitch.open(transport, { address: 'the switch', deviceId: 1n });
  cleanups.push(
    () => core.close(),
    () => sw.close(),
  );
  const say = async (line: string, signal = new AbortController().signal): Promise<string[]> => {
    const output: string[] = [];
    for await (const { text, isError } of runLine(line, sw, signal)) output.push(...`${isError ? '! ' : ''}${text}`.split('\n'));
    return output;
  };
  return { core, sw, say };
}

/** What the lines say, one after the other. */
async function conversation(pipeline: AnyPipeline, lines: readonly (readonly [line: string, ...output: string[]])[]): Promise<void> {
  const { say } = await shellOn(pipeline);
  for (const [line, ...output] of lines) expect([line, ...(await say(line))]).toEqual([line, ...output]);
}

test('what the pipeline has beside tables', async () => {
  const { say } = await shellOn(services);
  expect(await say('objects')).toEqual([
    'meter ingress.police: 4 cells',
    'register ingress.totals: 4 cells of bit<40>',
    'register ingress.flows: 8 cells of bit<96>',
    'valueset parse.tags: 2 members of value bit<16>',
    'selector ingress.paths: 6 members',
    'profile ingress.hops: 2 members',
    'digest learn_t',
  ]);
  expect(await (await shellOn(lab)).say('objects')).toEqual([
    'counter ingress.hits: 4 cells',
    'packet-out egressPort bit<9>, mode bit<2>',
    'packet-in ingressPort bit<9>, reason bit<3>',
  ]);
});

test('counters', () =>
  conversation(lab, [
    ['counter hits 1: packets=3 bytes=180'],
    ['counter hits', '0: 0 packets, 0 bytes', '1: 3 packets, 180 bytes', '2: 0 packets, 0 bytes', '3: 0 packets, 0 bytes'],
    ['counter hits[1]', '1: 3 packets, 180 bytes'],
    ['counter hits 9', '! read counter ingress.hits: OUT_OF_RANGE: counter ingress.hits: index 9 is outside its 4 cells'],
    ['counter hits x', '! "x" is not an index: an index is a whole number from 0.'],
    ['counter hits 1: packets=-1', '! counter ingress.hits, cell 1, packets: expected a whole number from 0, got -1.'],
    ['counter hits 2:', '! "counter ingress.hits" has no value after the colon; help counter shows one.'],
    ['counter', '! "counter" is not how it is written; help counter shows that.'],
  ]));

test('meters', () =>
  conversation(services, [
    ['meter police 2: cir=1 cburst=2 pir=3 pburst=4'],
    ['meter police', '0: none', '1: none', '2: 1/2 3/4', '3: none'],
    ['meter police: { cir: 5, cburst: 5, pir: 6, pburst: 6 }'],
    ['meter police 3', '3: 5/5 6/6'],
    ['meter police 3: none'],
    ['meter police[3]', '3: none'],
    ['meter police: none'],
    ['meter police 0', '0: none'],
    ['meter police 0: cir=1', '! meter ingress.police, cell 0: cburst is missing.'],
    [
      'meter police 0: cir=9 cburst=1 pir=3 pburst=4',
      '! meter ingress.police, cell 0: the peak rate pir 3 is below the committed rate cir 9.',
    ],
  ]));

test('registers and value sets', () =>
  conversation(services, [
    ['register totals 2: 0x1f'],
    ['register totals', '0: 0', '1: 0', '2: 31', '3: 0'],
    ['register totals: 5', '! "register ingress.totals" needs the index of the cell that is to be written.'],
    [
      'register totals 2: 0x10000000000',
      '! register ingress.totals, cell 2: 0x10000000000 does not fit bit<40>; the largest value is 1099511627775.',
    ],
    [
      'register totls',
      '! the pipeline: there is no register "totls"; did you mean "totals"?',
      '  the names are ingress.totals, ingress.flows',
    ],
    ['valueset tags: 0x8100, 2054'],
    ['valueset tags', '33024, 2054'],
    ['valueset tags: none'],
    ['valueset tags', 'none'],
  ]));

test('multicast groups, clone sessions and default actions', () =>
  conversation(lab, [
    ['multicast 1', 'nothing'],
    ['multicast 1: 1, 2/7', '+ multicast 1: 1, 2/7', '1 to insert, 0 to modify, 0 to delete, 0 as desired'],
    ['multicast 1', 'multicast 1: 1, 2/7'],
    ['clone 5: 510 truncateBytes=128', '+ clone 5: 510 truncated to 128', '1 to insert, 0 to modify, 0 to delete, 0 as desired'],
    [
      'clone 5: [ { port: 3, backups: [4] } ]',
      '~ clone 5: 510 truncated to 128',
      '  clone 5: 3 else 4',
      '0 to insert, 1 to modify, 0 to delete, 0 as desired',
    ],
    ['clone 5', 'clone 5: 3 else 4'],
    [
      'clone 5: 1 truncate=3',
      '! clone session 5: there is no field "truncate".',
      '  the names are replicas, truncateBytes, classOfService',
    ],
    ['clone x', '! "x" is not the number of a session.'],
    ['delete multicast 1'],
    ['delete clone 5'],
    ['delete clone 5', '! delete clone session 5: NOT_FOUND: there is no clone session 5'],
    ['default routes', 'default ingress.routes -> drop()'],
    ['default routes -> punt(reason=2)'],
    ['default routes', 'default ingress.routes -> punt(reason=2)'],
  ]));

describe('packets', () => {
  const frame = '02000000000202000000000108004006000000000a0000010a000002';

  test('to the switch with their metadata, and from it as they come', async () => {
    const { core, say } = await shellOn(lab);
    const sent: string[] = [];
    core.onOutput(({ port, bytes }) => sent.push(`${port} ${Buffer.from(bytes).toString('hex')}`));
    expect(await say(`packet-out egressPort=3 mode=1 0x0200:0000 0002 ${frame.slice(12)}`)).toEqual([]);
    await expect.poll(() => sent).toEqual([`3 ${frame}`]);
    await say('default routes -> punt(reason=5)');
    await core.processPacket(7, bytes(frame));
    expect(await say('packet-ins 1')).toEqual([`ingressPort=7 reason=5 ${frame}`]);
    const stop = new AbortController();
    const waiting = say('packet-ins', stop.signal);
    stop.abort();
    expect(await waiting).toEqual(['stopped']);
  });

  test.each([
    [`egressPort=3 ${frame}`, 'packet-out: the field mode is missing.'],
    [`egressPort=3 modes=1 ${frame}`, 'packet-out: there is no field "modes"; did you mean "mode"?'],
    [`egressPort=512 mode=1 ${frame}`, 'packet-out, field egressPort: 512 does not fit bit<9>; the largest value is 511.'],
    ['egressPort=3 mode=1 0x123', 'The packet is to be in hexadecimal, two digits for each byte.'],
    ['', 'The packet is to be in hexadecimal, two digits for each byte.'],
  ])('packet-out %s', async (text, problem) => {
    const { say } = await shellOn(lab);
    expect((await say(`packet-out ${text}`))[0]).toBe(`! ${problem}`);
  });

  test('a backup sends and gets none, and is told so', async () => {
    const { core } = await shellOn(lab);
    const backup = await AnySwitch.open(localTransport(core), { address: 'the switch', deviceId: 1n, ifPrimaryExists: 'stand-by' });
    cleanups.push(() => backup.close());
    for (const line of ['packet-out egressPort=1 mode=0 00', 'packet-ins']) {
      const output: string[] = [];
      for await (const { text } of runLine(line, backup, new AbortController().signal)) output.push(text);
      expect(output).toEqual(['another controller is the primary of the switch: only a primary sends and gets packets']);
    }
  });
});

test('help has a line for each command, and says how one is written', async () => {
  const { say } = await shellOn(lab);
  const overview = await say('help');
  for (const command of ['insert', 'meter', 'packet-out', 'quit'])
    expect(overview).toContainEqual(expect.stringMatching(new RegExp(`^${command} +\\w`)));
  expect(await say('help clone')).toEqual([
    'clone SESSION',
    'clone SESSION: PORT[/INSTANCE], … [truncateBytes=N] [classOfService=N]',
    '  read, make or replace a clone session',
    '  such as clone 5: 510',
    '  such as clone 5: 510 truncateBytes=128',
  ]);
  expect(await say('help clown')).toEqual(['! There is no command "clown"; help lists them.']);
});

test.each<[string, string[], string]>([
  ['meter ', ['ingress.police'], ''],
  ['register t', ['totals'], 't'],
  ['register totals ', [], ''],
  ['valueset ', ['parse.tags'], ''],
  ['delete m', ['multicast '], 'm'],
  ['help cl', ['clone'], 'cl'],
  ['packet-out ', [], ''],
])('%s completes', async (line, found, word) => {
  const { sw } = await shellOn(services);
  expect(complete(line, sw.schema)).toEqual([found, word]);
});

test('the metadata of packets completes, without padding', async () => {
  const { sw } = await shellOn(lab);
  expect(complete('packet-out ', sw.schema)).toEqual([['egressPort=', 'mode='], '']);
  expect(complete('packet-out egressPort=1 ', sw.schema)).toEqual([['mode='], '']);
});
