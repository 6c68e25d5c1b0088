/** Statements of parser states: variables, conditions, headers made and taken. */
import { bit, bool, header, pipeline, stack, union, valid } from 'p4ts';
import { diagnosticsOf } from 'p4ts/testing';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { printProgram } from '../../compiler/ir/print.js';

const H = header('h_t', { kind: bit(8), length: bit(8) });
const A = header('a_t', { v: bit(8) });
const B = header('b_t', { v: bit(16) });
const U = union('u_t', { a: A, b: B });
const headers = { h: H, other: H, list: stack(A, 2), options: stack(U, 2) };
const metadata = { x: bit(8), flag: bool };

const parsing = (parser: any) =>
  pipeline('p', {
    headers,
    metadata,
    parser,
    ingress: (ctl: any, { hdr, meta }: any) =>
      ctl.apply((c: any) => c.if(valid(hdr.h).and(meta.flag), () => c.set(hdr.h.kind, meta.x)).else(() => c.forward(1))),
    deparser: (d: any, { hdr }: any) => d.emit(hdr.h, hdr.other, hdr.list, hdr.options),
  } as any);

/** The states as recorded, of a pipeline without errors. */
function states(parser: any): string {
  const p = parsing(parser);
  expect(diagnosticsOf(p).filter((d) => d.severity === 'error')).toEqual([]);
  const text = printProgram(programOf(p)?.ir as never);
  return text.slice(text.indexOf('parser parse'), text.indexOf('control ingress')).replace(/^ {2}/gm, '');
}
const errors = (parser: any) => diagnosticsOf(parsing(parser)).map(({ code, message, loc }) => `${code} ${loc?.line}: ${message}`);

describe('P10: variables', () => {
  test('of one state are in it, under the name that the user gave', () => {
    expect(
      states({
        start(p: any, { hdr, meta }: any) {
          p.extract(hdr.h);
          const length = p.let('length', hdr.h.length.sub(1));
          p.set(meta.x, length.add(length));
          return p.goto('next');
        },
        next(p: any, { hdr, meta }: any) {
          const length = p.let('length', hdr.h.length);
          const length2 = p.let('length', length.shl(1));
          p.set(meta.x, length2);
          return p.select(length).when(0, 'accept').otherwise('reject');
        },
      }),
    ).toMatchInlineSnapshot(`
      "parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
      state start {
        packet.extract(hdr.h)
        var bit<8> length = hdr.h.length - 8w1
        meta.x = length + length
        -> next
      }
      state next {
        var bit<8> length = hdr.h.length
        var bit<8> length_2 = length << 1
        meta.x = length_2
        select (length) {
          8w0 -> accept
          _ -> reject
        }
      }
      }
      "
    `);
  });

  test('that several states use are the parser’s, and 0 at first', () => {
    let left: any;
    let odd: any;
    expect(
      states({
        start(p: any, { hdr }: any) {
          p.extract(hdr.h);
          left = p.let('left', hdr.h.length);
          p.if(left.gt(3), () => {
            odd = p.let('odd', hdr.h.kind.eq(1));
          });
          return p.goto('loop');
        },
        loop(p: any, { hdr, meta }: any) {
          p.extract(hdr.list.next);
          p.set(left, left.sub(1));
          p.set(meta.flag, odd);
          return p.select(left).when(0, 'accept').otherwise('loop');
        },
      }),
    ).toMatchInlineSnapshot(`
      "parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
      var bit<8> left = 8w0
      var bool odd = false
      state start {
        packet.extract(hdr.h)
        left = hdr.h.length
        if (left > 8w3) {
          odd = hdr.h.kind == 8w1
        }
        -> loop
      }
      state loop {
        packet.extract(hdr.list.next)
        left = left - 8w1
        meta.flag = odd
        select (left) {
          8w0 -> accept
          _ -> loop
        }
      }
      }
      "
    `);
  });

  test('a lookahead that another state uses is kept', () => {
    let ahead: any;
    expect(
      states({
        start(p: any, { hdr }: any) {
          ahead = p.lookahead(bit(8));
          p.extract(hdr.h);
          return p.goto('next');
        },
        next(p: any, { meta }: any) {
          const own = p.lookahead(bit(8));
          p.set(meta.x, own.add(ahead));
          return p.accept();
        },
      }),
    ).toMatchInlineSnapshot(`
      "parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
      var bit<8> ahead = 8w0
      state start {
        ahead = packet.lookahead<bit<8>>()
        packet.extract(hdr.h)
        -> next
      }
      state next {
        meta.x = packet.lookahead<bit<8>>() + ahead
        -> accept
      }
      }
      "
    `);
  });

  test('end with the parser', () => {
    let kept: any;
    const p = pipeline('p', {
      headers,
      metadata,
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.h);
          kept = p.let('kept', hdr.h.kind);
          return p.accept();
        },
      },
      ingress: (ctl, { meta }) => ctl.apply((c) => c.set(meta.x, kept)),
      deparser: (d, { hdr }) => d.emit(hdr.h),
    });
    expect(diagnosticsOf(p)[0]?.message).toContain('kept');
  });
});

describe('P9, P11: conditions', () => {
  test('with what may stand in them', () => {
    expect(
      states({
        start(p: any, { hdr, meta }: any) {
          p.extract(hdr.h);
          // The kind decides.
          p.if(hdr.h.kind.eq(1), () => {
            p.extract(hdr.other);
            p.if(hdr.other.kind.eq(2), () => p.advance(8));
          })
            .elseif(valid(hdr.other).not(), () => {
              p.setValid(hdr.other);
              p.copy(hdr.other, hdr.h);
              p.set(meta.flag, true);
            })
            .else(() => p.setInvalid(hdr.other));
          const ahead = p.lookahead(bit(8));
          p.if(ahead.eq(1), () => p.extract(hdr.list.next)).else(() => p.set(meta.x, ahead));
          return p.accept();
        },
      }),
    ).toMatchInlineSnapshot(`
      "parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
      state start {
        packet.extract(hdr.h)
        if (hdr.h.kind == 8w1) {
          packet.extract(hdr.other)
          if (hdr.other.kind == 8w2) {
            packet.advance(32w8)
          }
        }
        else {
          if (!valid(hdr.other)) {
            hdr.other.setValid()
            hdr.other = hdr.h
            meta.flag = true
          }
          else {
            hdr.other.setInvalid()
          }
        }
        var bit<8> ahead = packet.lookahead<bit<8>>()
        if (ahead == 8w1) {
          packet.extract(hdr.list.next)
        }
        else {
          meta.x = ahead
        }
        -> accept
      }
      }
      "
    `);
  });

  test('a transition that is not returned', () => {
    expect(
      errors({
        start(p: any, { hdr }: any) {
          p.extract(hdr.h);
          p.if(hdr.h.kind.eq(1), () => p.goto('start'));
          p.if(hdr.h.kind.eq(2), () => {
            p.select(hdr.h.length).when(1, 'start');
          });
          return p.accept();
        },
      }),
    ).toEqual([
      expect.stringMatching(/^transition-not-returned \d+: This transition is not returned by the state: no packet takes it\.$/),
      expect.stringMatching(/^transition-not-returned/),
    ]);
  });

  test('a value that changes in one branch is told of after it', () => {
    const p = parsing({
      start(p: any, { hdr, meta }: any) {
        p.extract(hdr.h);
        const sum = hdr.h.kind.add(hdr.h.length);
        p.if(hdr.h.length.eq(1), () => p.set(hdr.h.kind, 0)).else(() => p.set(meta.x, sum));
        p.set(meta.x, sum);
        return p.accept();
      },
    });
    expect(diagnosticsOf(p).map((d) => d.code)).toEqual(['stale-expression']);
  });

  test('a state that is over', () => {
    let kept: any;
    parsing({
      start(p: any) {
        kept = p;
        return p.accept();
      },
    });
    expect(() => kept.extract()).toThrow('p.extract is called after its block was recorded.');
  });
});

describe('P12, H7: elements of stacks', () => {
  test('`next` is for extract alone, and nothing is assigned to `last`', () => {
    expect(
      errors({
        start(p: any, { hdr, meta }: any) {
          p.extract(hdr.list.next, hdr.options.next.a);
          p.set(hdr.list.next.v, 1);
          p.set(meta.x, hdr.options.next.a.v);
          p.set(hdr.list.last.v, 1);
          return p.accept();
        },
      }).map((text) => text.replace(/ \d+:/, ':')),
    ).toEqual([
      'not-assignable: `hdr.list.last.v` cannot be assigned to.',
      'wrong-place: `hdr.list.next` cannot be used outside of p.extract.',
      'wrong-place: `hdr.options.next` cannot be used outside of p.extract.',
    ]);
  });

  test('a union is made valid or invalid by its members', () => {
    const [d] = diagnosticsOf(
      parsing({
        start(p: any, { hdr }: any) {
          p.setInvalid(hdr.options.at(0));
          return p.accept();
        },
      }),
    );
    expect([d?.message, d?.help]).toEqual([
      'Expected a header, got the whole of hdr.options[0].',
      'p.setInvalid takes one of its members: a, b',
    ]);
  });

  test('unions in stacks: each element has its members', () => {
    expect(
      states({
        start(p: any, { hdr }: any) {
          p.extract(hdr.options.next.a);
          p.extract(hdr.options.next.b);
          p.if(hdr.options.last.b.v.eq(1).and(valid(hdr.options.at(0))), () => p.copy(hdr.options.at(1), hdr.options.at(0)));
          return p.accept();
        },
      }),
    ).toMatchInlineSnapshot(`
      "parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
      state start {
        packet.extract(hdr.options.next.a)
        packet.extract(hdr.options.next.b)
        if ((hdr.options.last.b.v == 16w1) && valid(hdr.options[0])) {
          hdr.options[1] = hdr.options[0]
        }
        -> accept
      }
      }
      "
    `);
  });
});
