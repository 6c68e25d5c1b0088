/** Calls: which declaration is meant, with which types, and what is given for which parameter (P4-16 §6.8, §8.20). */
import { describe, expect, test } from 'vitest';
import { accepts, check, inApply, inControl, reports } from './check.js';

const two = 'bit<8> g(in bit<8> a, in bool b) { return a; }';

describe('arguments', () => {
  accepts('in order or by name', [`${two} void f() { bit<8> r = g(1, true); r = g(b = false, a = 2); }`]);
  reports('that do not fit', [
    [`${two} void f() { bit<8> r = »g(1); }`, 'g needs a value for "b".'],
    [`${two} void f() { bit<8> r = »g(1, true, 3); }`, 'g takes 2 arguments, not 3.'],
    [`${two} void f() { bit<8> r = »g(a = 1, c = true); }`, 'g has no "c"; did you mean "a"?'],
    [`${two} void f() { bit<8> r = »g(1, b = true); }`, 'Either all arguments of g are named, or no argument is.'],
    [`${two} void f() { bit<8> r = »g(a = 1, a = 2); }`, 'The argument a of g is given twice.'],
    [`${two} void f() { bit<8> r = g(»true, true); }`, 'This is bool, but bit<8> is expected.'],
    [
      `${two} void f() { bit<8> r = g(»_, true); }`,
      'The parameter a must have a value: _ can stand only for parameters with the direction out.',
    ],
  ]);
  reports('of constructors', [
    [
      'extern E { E(bit<8> size); } E(»_) e;',
      'The parameter size must have a value: _ can stand only for parameters with the direction out.',
    ],
  ]);
  reports('that are no values', [
    [
      inControl('table t { key = { x: exact; } actions = { none; } }', 'extern void g<T>(in T a);').replace(
        'apply {}',
        'apply { g(»t.apply()); }',
      ),
      'The type of a cannot be inferred from the result of t.apply().',
    ],
  ]);
  accepts('that are not needed', ['void g(out bit<8> a) { a = 1; } void f() { g(_); g(a = _); }']);
  reports('of another width, written to', [
    ['void g(out bit<8> a) { a = 1; } void f() { bit<9> b; g(»b); }', 'This is bit<9>, but bit<8> is expected.'],
  ]);
  accepts('without a direction', [
    'extern void g(bit<8> a); action b(bit<8> n) {} control c() { action a(bit<8> n) { g(3); b(n); } apply { a(1); } }',
    'extern void g(bit<8> a); void h(bit<8> n) { g(n); } void f() { h(3); }',
    'extern E { E(bit<8> size); void m(in bit<8> i); } control c() { E(4) e; action a(bit<8> n) { e.m(n); } apply {} }',
  ]);
  test('action data for a parameter without a direction of an included file is warned about', async () => {
    const text = '#line 1 "arch.p4"\nextern void send(bit<8> to);\n#line 1 "/program.p4"\naction a(bit<8> n) { send(n); }';
    const { diagnostics } = await check(text);
    expect(diagnostics.list.map((d) => `${d.severity} ${d.code} ${d.loc.line}:${d.loc.column}`)).toEqual(['warning p4-action-data 1:27']);
  });
  reports('without a direction, given what is known only when the program runs', [
    ['extern void g(bit<8> a); action a(bit<8> n) { g(»n); }', 'The argument for a of g must be known when the program is compiled.'],
    [
      'extern E { E(); void m(bit<8> i); } control c() { E() e; action a(bit<8> n) { e.m(»(bit<8>) n); } apply {} }',
      'The argument for i of m must be known when the program is compiled.',
    ],
    [
      'control d(bit<8> n) { apply {} } control c(in bit<8> x) { d() i; apply { i.apply(»x); } }',
      'The argument for n of d must be known when the program is compiled.',
    ],
  ]);
  reports('of stacks', [
    [inApply('s.stack.push_front(»i);'), 'The argument for count of push_front must be known when the program is compiled.'],
  ]);
  reports('without a direction', [
    ['extern void g(bit<8> a); void f(in bit<8> n) { g(»n); }', 'The argument for a of g must be known when the program is compiled.'],
    [
      'extern E { E(bit<8> n); } control c(in bit<8> n) { E(»n) e; apply {} }',
      'The argument for n of E must be known when the program is compiled.',
    ],
  ]);
});

describe('overloading', () => {
  const over = 'extern void g(); extern void g(in bit<8> a); extern void g(in bit<8> b, in bit<8> c); extern void g(in bool d);';
  accepts('by number and names', [`${over} void f() { g(); g(a = 1); g(1, 2); g(c = 1, b = 2); g(d = true); }`]);
  reports('that does not tell', [[`${over} void f() { »g(1); }`, 'There is more than one g that takes these 1 arguments.']]);
  reports('that has no such one', [[`${over} void f() { »g(1, 2, 3); }`, 'There is no g that takes these 3 arguments.']]);
  reports('the outer one, in what has its name', [
    ['extern void g(in bit<8> a); control c() { action »g() { g(1); } apply { g(); } }', 'This g hides the function of that name.'],
  ]);
});

describe('types that are inferred', () => {
  accepts('from arguments', [
    'T id<T>(in T a) { return a; } void f(in bit<8> b) { bit<8> r = id(b); r = id<bit<8>>(1); }',
    'extern void g<A, B>(in tuple<A, B> t, out B b); void f() { bool o; g({ 8w1, true }, o); }',
    'extern void g<T, R>(in T a, @optional in R b); void f() { g(8w1); g(8w1, true); }',
    'extern E<T> { E(); T get<U>(in U u, in T t); } control c() { E<bit<8>>() e; apply { bit<8> r = e.get<bool>(true, 1); r = e.get(true, 2); } }',
  ]);
  reports('from nothing', [['extern void g<T>(); void f() { »g(); }', 'The type argument T of g cannot be inferred from the arguments.']]);
  reports('and do not fit', [
    ['extern void g<T>(in T a, in T b); void f(in bit<8> a, in bool b) { g(a, »b); }', 'This is bool, but bit<8> is expected.'],
    ['extern void g<T>(in T a); void f() { »g<bool, bool>(true); }', 'g takes 1 type arguments, not 2.'],
  ]);
});

describe('types that cannot be inferred', () => {
  const g = 'extern void g<T>(in T a);';
  reports('from what has none', [
    [`${g} void f() { g(»5); }`, 'The type of a cannot be inferred from a number without a width.'],
    [`${g} void f() { g(»{ 8w1, 5 }); }`, 'The type of a cannot be inferred from a number without a width.'],
    [`${g} void f() { g(»{ x = 8w1 }); }`, 'The type of a cannot be inferred from a list of fields without a type.'],
    [
      `${g} header H { bit<8> x; } void f(in H h) { g(»{ h, {#} }); }`,
      'The type of a cannot be inferred from {#}, which may be of any header.',
    ],
    [`${g} void f() { g(»{ true, { {#} } }); }`, 'The type of a cannot be inferred from {#}, which may be of any header.'],
    [`${g} void f() { g(»{ 8w1, ... }); }`, 'The type of a cannot be inferred from a list with `...` in it.'],
    [`${g} void f() { g(»"text"); }`, 'The type of a cannot be inferred from a string, which has no direction.'],
    [
      'control d() { apply {} } void g<T>(T a) {} control c() { d() i; apply { g(»i); } }',
      'The type of a cannot be inferred from a control.',
    ],
  ]);
  accepts('unless they are written', [
    `${g} struct S { bit<8> x; } void f() { g<bit<8>>(5); g({ 8w1, true }); g<S>({ x = 1 }); g((S){ 1 }); }`,
    `${g} header H { bit<8> x; } void f(in H h) { g<tuple<H, H>>({ h, {#} }); g({ h, (H){#} }); g<tuple<bool, bool>>({ true, ... }); }`,
  ]);
});

describe('assertions', () => {
  const assert = 'extern bool static_assert(bool c, string text); extern bool static_assert(bool c);';
  accepts('that hold', [`${assert} const bool a = static_assert(1 < 2, "one"); const bool b = static_assert(true);`]);
  reports('that do not', [
    [`${assert} const bool a = »static_assert(2 < 1, "no.");`, 'This static_assert fails: no.'],
    [`${assert} const bool a = »static_assert(2 < 1);`, 'This static_assert fails.'],
  ]);
});

describe('what is called', () => {
  reports('cannot be', [
    ['const bit<8> a = 1; void f() { »a(); }', 'Nothing can be called here: the constant a is not a function, an action or a method.'],
    [inApply('»s.x.y();').replace('»s.x.y', 's.x.»y'), 'bit<8> has no "y".'],
  ]);
  accepts('in its place', ['control d() { apply {} } control c() { action a() {} action b() { a(); } apply { b(); d.apply(); } }']);
  reports('in another place', [
    [
      'control c() { action a() {} action b() {} table t { actions = { a; } default_action = a; } action e() { »t.apply(); } apply {} }',
      'The table t cannot be used in an action.',
    ],
    ['control d() { apply {} } control c() { action a() { »d.apply(); } apply {} }', 'The block d cannot be used in an action.'],
    ['action a() {} parser p() { state start { »a(); transition accept; } }', 'The action a cannot be used in a parser.'],
  ]);
});

describe('packets', () => {
  const core =
    'extern packet_in { void extract<T>(out T h); void extract<T>(out T h, in bit<32> size); T lookahead<T>(); } extern packet_out { void emit<T>(in T h); } extern void verify(in bool b, in error e); error { E } header F { bit<8> a; } header V { varbit<8> v; } header W { varbit<8> v; varbit<8> w; }';
  accepts('extracted and emitted', [
    `${core} parser p(packet_in b, out F f, out V v) { state start { b.extract(f); b.extract(v, 8); verify(f.a == b.lookahead<bit<8>>(), error.E); transition accept; } }`,
    `${core} struct S { F f; F[2] fs; } control d(packet_out b, in S s) { apply { b.emit(s); b.emit(s.fs); b.emit<F>({ 1 }); } }`,
  ]);
  reports('extracted and emitted', [
    [
      `${core} parser p(packet_in b, out bit<8> f) { state start { »b.extract(f); transition accept; } }`,
      'bit<8> cannot be extracted: a header can.',
    ],
    [
      `${core} parser p(packet_in b, out V v) { state start { »b.extract(v); transition accept; } }`,
      'V cannot be extracted without a size: a header without a varbit field can.',
    ],
    [
      `${core} parser p(packet_in b, out W w) { state start { »b.extract(w, 8); transition accept; } }`,
      'W cannot be extracted: a header with one varbit field at most can.',
    ],
    [
      `${core} control d(packet_out b, in bit<8> a) { apply { »b.emit(a); } }`,
      'bit<8> cannot be emitted: a header, a stack, a union or a struct of these can.',
    ],
    [`${core} control d() { apply { »verify(true, error.E); } }`, 'verify cannot be used in the apply block of a control.'],
  ]);
});
