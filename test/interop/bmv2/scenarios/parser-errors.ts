/** Errors of the parser: a program that looks at them, and one that does not, for which such packets are dropped. */
import { bit, build, header, ParserError, pipeline, stack } from 'p4ts';
import { type Arrival, packet, scenario } from '../scenario.js';

const First = header('first_t', { next: bit(8), error: bit(8) });
const Item = header('item_t', { more: bit(8), value: bit(16) });
const Last = header('last_t', { length: bit(8), skipped: bit(16) });

const errors = [
  'NoError',
  'PacketTooShort',
  'NoMatch',
  'StackOutOfBounds',
  'HeaderTooShort',
  'ParserTimeout',
  'ParserInvalidArgument',
] as const;

const parser = (observes: boolean) =>
  pipeline(observes ? 'observes_errors' : 'ignores_errors', {
    headers: { first: First, items: stack(Item, 2), last: Last },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.first);
        return p
          .select(hdr.first.next)
          .when(0, 'accept')
          .when(1, 'item')
          .when(2, 'last')
          .when(3, 'reject')
          .when(4, 'no_default')
          .when(5, 'skip')
          .otherwise('accept');
      },
      item(p, { hdr }) {
        p.extract(hdr.items.next);
        return p.select(hdr.items.last.more).when(0, 'last').when(1, 'item').otherwise('accept');
      },
      last(p, { hdr }) {
        p.extract(hdr.last);
        return p.accept();
      },
      no_default(p, { hdr }) {
        p.extract(hdr.last);
        return p.select(hdr.last.length).when(1, 'accept').when({ low: 0x10, high: 0x1f }, 'accept').otherwise('reject');
      },
      skip(p, { hdr }) {
        p.advance(24);
        p.extract(hdr.last);
        return p.accept();
      },
    },
    ingress(ctl, { hdr, std }) {
      ctl.apply((c) => {
        c.forward(2);
        if (observes) {
          for (const [code, error] of errors.entries())
            c.if(std.parserError.eq(ParserError[error]), () => c.set(hdr.first.error, 0x80 + code));
        }
      });
    },
    deparser(d, { hdr }) {
      d.emit(hdr.first, hdr.items, hdr.last);
    },
  });

const first = (next: number, rest = '') =>
  packet(1, Buffer.concat([build(First, { next, error: 0 }), Buffer.from(rest.replace(/ /g, ''), 'hex')]));
const packets: Arrival[] = [
  packet(1, '00'),
  first(0),
  first(0, 'aabb'),
  first(9, 'aabb'),
  first(2, '0a 1234'),
  first(2, '0a 12'),
  first(2, '0a'),
  first(2),
  first(1, '00 1111 02 2222 ff'),
  first(1, '01 1111 00 2222 03 3333 ff'),
  first(1, '01 1111 01 2222 00 3333 04 4444'),
  first(1, '01 1111 01 2222'),
  first(1, '01 1111 01 22'),
  first(1, '02 1111 01 2222'),
  first(3, 'aabbcc'),
  first(3),
  first(4, '01 2222'),
  first(4, '02 2222'),
  first(4, '15 2222'),
  first(4, '20 2222'),
  first(5, 'aabbcc 07 7777 dd'),
  first(5, 'aabbcc 07 77'),
  first(5, 'aabb'),
];

export const observedErrors = scenario({ name: 'parser-errors', pipeline: parser(true), steps: packets });
export const ignoredErrors = scenario({ name: 'parser-errors-ignored', pipeline: parser(false), steps: packets });
