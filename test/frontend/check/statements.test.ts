/** Statements (P4-16 §12). */
import { describe } from 'vitest';
import { accepts, inApply, reports } from './check.js';

const actions = 'action NoAction() {} action a() {} action b() {}';
const onTable = (body: string): string =>
  `${actions} control c() { table t { actions = { a; b; } } apply { switch (t.apply().action_run) { ${body} } } }`;
const onNumber = (body: string): string => `match_kind { exact } void f(in bit<8> n, inout bit<8> r) { switch (n) { ${body} } }`;

describe('assignments', () => {
  accepts('of all kinds', [inApply('s.x = i; s.h = { 1, 2 }; s.stack[0] = s.h; s.x += 1; s.x <<= 2; s.h.a[3:0] = 1; s = s; s.x |+|= 1;')]);
  reports('that do not fit', [
    [inApply('s.x = »s.h.b;'), 'This is bit<16>, but bit<8> is expected.'],
    [inApply('s.x »+= s.h.b;').replace('s.x »+=', '»s.x +='), '+ does not take bit<8> and bit<16>.'],
    [inApply('s.x = »true;'), 'This is bool, but bit<8> is expected.'],
  ]);
});

describe('variables and constants', () => {
  accepts('of values', ['void f(in bit<8> n) { bit<8> a; bit<8> b = n; const bit<8> c = 3; tuple<bool> t = { true }; a = b + c; }']);
  reports('of what is no value', [
    ['void f() { »int a = 1; }', 'A variable cannot be int.'],
    ['extern E {} void f() { »E e; }', 'A variable cannot be E.'],
  ]);
  reports('of what is not known', [
    ['void f(in bit<8> n) { const bit<8> a = »n; }', 'The value of a must be known when the program is compiled.'],
  ]);
});

describe('return and exit', () => {
  accepts('where they belong', [
    'bit<8> f(in bool c) { if (c) { return 1; } else { return 2; } }',
    'match_kind { exact } bit<8> f(in bit<8> n) { switch (n) { 1: { return 1; } default: { return 2; } } }',
    'control c() { action a() { exit; } apply { a(); return; } }',
  ]);
  reports('where they do not', [
    ['bit<8> »f(in bool c) { if (c) { return 1; } }', 'The function f can end without returning bit<8>.'],
    ['void f() { »return 1; }', 'This return cannot have a value: nothing is returned here.'],
    ['bit<8> f() { »return; }', 'This return must have a value of type bit<8>.'],
    ['bit<8> f() { return »true; }', 'This is bool, but bit<8> is expected.'],
    ['void f() { »exit; }', 'exit cannot be used in a function.'],
  ]);
});

describe('loops', () => {
  accepts('of all kinds', [
    'void f(inout bit<8> r) { for (bit<8> n = 0; n < 9; n += 1) { r = n; if (r == 3) break; else continue; } }',
    'void f(inout bit<8> r) { for (bit<8> n in 1 .. 9) { r += n; } }',
    inApply('for (H h in s.stack) { s.x += h.a; }'),
    'void f(inout bit<8> r) { for (bit<8> n in (list<bit<8>>){ 1, 2, 3 }) { r += n; } }',
  ]);
  reports('that do not fit', [
    ['void f() { for (bit<8> n = 0; »n; n += 1) {} }', 'This is bit<8>, but bool is expected.'],
    ['void f(in bit<8> m) { for (bit<8> n in »m) {} }', 'This is bit<8>, but a list, a header stack or a range is expected.'],
    ['void f(in bit<9> m) { for (bit<8> n in 1 .. »m) {} }', 'This is bit<9>, but bit<8> is expected.'],
    ['void f() { »break; }', 'break cannot be used outside a loop.'],
  ]);
});

describe('switch', () => {
  accepts('on what a table did', [onTable('a: {} b: {}'), onTable('a: b: {} default: {}')]);
  accepts('on a value', [onNumber('1: { r = 1; } 2: 3: { r = 2; } default: { r = 3; }')]);
  reports('on what a table did', [
    [onTable('»d: {}'), 'd is not an action of the table t.'],
    [onTable('a: {} »a: {}'), 'There are two cases for a.'],
    [onTable('default: {} »a: {}'), '`default` must be the last case.'],
  ]);
  reports('on a value', [
    ['void f(in bit<8> n) { »switch (n) { 1: {} } }', 'A switch on a value needs the match kind exact.'],
    [onNumber('1: {} »1: {}'), 'There are two cases for 1.'],
    [onNumber('»true: {}'), 'This is bool, but bit<8> is expected.'],
    [onNumber('»r: {}'), 'The label of a case must be known when the program is compiled.'],
    ['header H {} void f(in H h) { switch (»h) {} }', 'switch does not take H.'],
  ]);
});
