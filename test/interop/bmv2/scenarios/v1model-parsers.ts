/** Parsers written for v1model itself: selects without a match, explicit rejects, and which case is taken (points 21 and 22). */
import { binary, bits, errorType, errorValue, field, name, named } from '../../../../compiler/ir/build.js';
import type { Expr, Transition } from '../../../../compiler/ir/index.js';
import { nowhere } from '../../../../compiler/support/location.js';
import { a, b, byte, extractK, labHeaders, labTypes, metaField, set, show, when } from '../../../support/v1model-lab.js';
import { program, setPort, state } from '../../../support/v1model-program.js';
import { packet, scenario } from '../scenario.js';

type Keys = Extract<Transition, { kind: 'select' }>['cases'][number]['keys'];
const value = (n: number) => ({ kind: 'value', value: byte(n) }) as const;
const goTo = (next: string, ...keys: Keys) => ({ keys, next, loc: nowhere });
const select = (on: readonly Expr[], ...cases: ReturnType<typeof goTo>[]): Transition => ({ kind: 'select', on, cases, loc: nowhere });
const error = field(name('standard_metadata', named('standard_metadata_t')), 'parser_error', errorType);
const errors = ['NoError', 'PacketTooShort', 'NoMatch', 'StackOutOfBounds', 'HeaderTooShort', 'ParserTimeout', 'ParserInvalidArgument'];
const way = metaField('way', 64);
const at = (n: number) => set(way, n);

const parsers = program({
  types: labTypes,
  headers: labHeaders,
  metadata: { way: 64 },
  states: [
    state(
      'start',
      extractK.body,
      select([a], goTo('masks', value(0)), goTo('several', value(1)), goTo('none', value(2)), goTo('reject', value(3))),
    ),
    state(
      'masks',
      [],
      select(
        [b],
        goTo('one', { kind: 'range', low: byte(0x11), high: byte(0x2e) }),
        goTo('two', { kind: 'mask', value: byte(0x10), mask: byte(0xf1) }),
        goTo('three', { kind: 'range', low: byte(0), high: byte(0xff) }),
      ),
    ),
    state(
      'several',
      [],
      select(
        [b, binary('+', b, byte(1))],
        goTo('one', value(0x10), value(0x11)),
        goTo('two', { kind: 'any' }, { kind: 'range', low: byte(0x80), high: byte(0x90) }),
        goTo('three', { kind: 'mask', value: byte(1), mask: byte(1) }, { kind: 'any' }),
      ),
    ),
    // No case, and nothing for the others.
    state('none', [at(4)], select([b], goTo('one', value(1)), goTo('reject', value(2)))),
    ...['one', 'two', 'three'].map((text, i) => state(text, [at(i + 1)], 'accept')),
  ],
  ingress: [
    setPort(2),
    ...errors.map((text, i) => when(binary('==', error, errorValue(text)), [set(way, binary('|', way, bits(0x1000 * i, 64)))])),
    ...show(way),
  ],
});

const send = (first: number, second: number) => packet(1, Uint8Array.of(first, second, 0xee));

export const v1modelParsers = scenario({
  name: 'v1model-parsers',
  pipeline: parsers,
  steps: [
    ...[0, 0x10, 0x11, 0x20, 0x2e, 0x2f, 0x12, 0xff].map((second) => send(0, second)),
    ...[0x10, 0x11, 0x7f, 0x80, 0x8f, 0x90, 0x91, 0xff, 0].map((second) => send(1, second)),
    ...[1, 2, 3].map((second) => send(2, second)),
    send(3, 0),
    send(4, 0),
    packet(1, '00'),
  ],
});
