/** Parsers (P4-16 §13). */
import { describe } from 'vitest';
import { accepts, inParser, reports } from './check.js';

describe('states', () => {
  accepts('in any order', [
    inParser(
      'state start { h.a = 1; transition next; } state next { transition select(i) { 1: start; 2 &&& 3: accept; 4 .. 9: reject; default: accept; } }',
    ),
    inParser('state start { transition select(i, j) { (1, 2): accept; (_, 3 &&& 4): reject; _: accept; } }'),
    inParser('state start { transition select({ i, j }) { { 1, 2 }: accept; default: reject; } }'),
  ]);
  reports('that are wrong', [
    [inParser('state begin { transition accept; }').replace('parser p', 'parser »p'), 'The parser p has no state "start".'],
    [inParser('state start { transition »nxt; } state next { transition accept; }'), 'There is no state "nxt"; did you mean "next"?'],
    [
      inParser('state start { transition accept; } state »accept { transition reject; }'),
      'The parser state cannot be called "accept": every parser has a state of that name.',
    ],
    [
      inParser('state start { transition accept; } state »start { transition reject; }'),
      'The name "start" is taken: a state of that name is declared already.',
    ],
    [inParser('state start { transition start; }').replace('parser p', 'parser »p'), 'The parser p never reaches accept or reject.'],
  ]);
});

describe('elements of stacks', () => {
  accepts('that are written', [
    inParser('G[2] hs; state start { hs.next.a = 1; hs[0].a = hs.last.a; transition accept; }', 'header G { bit<8> a; }'),
  ]);
  reports('that are read only', [
    [inParser('G[2] hs; state start { »hs.last.a = 1; transition accept; }', 'header G { bit<8> a; }'), 'This cannot be assigned to.'],
    [
      inParser('G[2] hs; state start { f(»hs.last); transition accept; }', 'header G { bit<8> a; } extern void f(inout G g);'),
      'This cannot be assigned to.',
    ],
  ]);
});

describe('select', () => {
  reports('cases that do not fit', [
    [inParser('state start { transition select(i) { »true: accept; } }'), 'This is bool, but bit<8> is expected.'],
    [inParser('state start { transition select(i, j) { »1: accept; } }'), 'The case has 1 keys, but 2 are expected.'],
    [inParser('state start { transition select(i) { »1 &&& true: accept; } }'), '&&& does not take int and bool.'],
    [inParser('state start { transition select(»1) { default: accept; } }'), 'select does not take int.'],
    [inParser('state start { transition select(i) { »i &&& 1: accept; } }'), 'A key of a case must be known when the program is compiled.'],
    [inParser('state start { transition select(i) { 1 .. »i: accept; } }'), 'A key of a case must be known when the program is compiled.'],
    [
      inParser('state start { transition select(i) { »g(): accept; } }', 'extern bit<8> g();'),
      'A key of a case must be known when the program is compiled.',
    ],
    [inParser('state start { transition select(»h) { default: accept; } }'), 'select does not take H.'],
  ]);
});

describe('value sets', () => {
  accepts('of values', [
    inParser('value_set<bit<8>>(4) vs; state start { transition select(i) { vs: accept; } }'),
    inParser('value_set<T>(4) vs; state start { transition select(i, j) { vs: accept; } }', 'struct T { bit<8> a; bit<16> b; }'),
  ]);
  reports('that do not fit', [
    [
      inParser('value_set<bit<9>>(4) vs; state start { transition select(i) { »vs: accept; } }'),
      'This is set<bit<9>>, but bit<8> is expected.',
    ],
    [
      inParser('value_set<bit<8>>(»i) vs; state start { transition accept; }'),
      'The size of a value set must be known when the program is compiled.',
    ],
    [
      inParser('value_set<bit<8>>(»-1) vs; state start { transition accept; }'),
      'The size of a value set cannot be -1: it is from 0 to 2147483647.',
    ],
    [inParser('»value_set<H>(4) vs; state start { transition accept; }'), 'A value set cannot have H: it has values that keys have.'],
  ]);
});
