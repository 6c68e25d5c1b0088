/** Expressions (P4-16 §8). */
import { describe } from 'vitest';
import { accepts, inApply, inControl, inParser, reports } from './check.js';

const fn = (params: string, body: string, before = ''): string => `${before} void f(${params}) { ${body} }`;

describe('operators', () => {
  accepts('on numbers', [
    fn(
      'in bit<8> a, in int<8> b, out bit<8> r',
      'r = a + 1; r = a |+| a; r = -a; r = ~a & 3; r = a / 3; r = a % 2; r = a << 3w1; r = a >> a; r = a[7:4] ++ a[3:0]; r = a * a - 1;',
    ),
    fn('in int<8> a, out int<8> r, out bool o', 'r = a + a; r = a * 2; r = a << 1; o = a < 3; o = -1 < a;'),
    'const int a = 7 / 2; const int b = 7 % 2; const int c = 1 << 100; const int d = -7; const bool e = 1 < 2;',
  ]);
  accepts('on other values', [
    inApply('o = s == s; o = s.h == s.h; o = s.stack == s.stack; o = !o && (o || true); o = error.A == error.B;', 'error { A, B }'),
    'enum bit<8> A { x = 1 } enum bit<8> B { y = 1 } void f(in A a, in B b, out bool o) { o = a == b; o = a == 1; o = a + b == 2; }',
    'const string s = "a" ++ "b"; const bool b = s == "ab";',
    fn('in tuple<bit<8>, bool> t, out bool o', 'o = t == { 1, true };'),
  ]);
  reports('on what they do not take', [
    [fn('in bit<8> a, in bit<9> b', 'bit<8> r = a »+ b;'), '+ does not take bit<8> and bit<9>.'],
    [fn('in bit<8> a, in int<8> b', 'bool r = a »== b;'), '== does not take bit<8> and int<8>.'],
    [fn('in bool a', 'bool r = a »< a;'), '< does not take bool and bool.'],
    [fn('in bool a', 'bool r = »~a;'), '~ does not take bool.'],
    [fn('in bit<8> a', 'bool r = »a && true;'), 'This is bit<8>, but bool is expected.'],
    [fn('', 'bool r = (»...) && true;'), '&& does not take ....'],
    [fn('', 'bool r = { a = 1 } »== { a = 1 };'), '== does not take a list { a = int } and a list { a = int }.'],
    ['extern E { E(); } E() a; E() b; const bool c = a »== b;', '== does not take E and E.'],
    [fn('', 'const int r = 1 »|+| 2;'), '|+| does not take int and int.'],
    [fn('in int<8> a', 'int<8> r = a »/ 2;'), '/ does not take int<8> and int.'],
  ]);
  reports('that are not possible', [
    ['const int a = 1 / »0;', 'The right operand of / is zero.'],
    ['const int a = »-1 % 2;', '% does not take negative numbers.'],
    [fn('in bit<8> a', 'bit<8> r = a / »-1;'), '/ does not take negative numbers.'],
    ['const int a = 1 << »1000000000;', 'A shift by 1000000000 is too far: a number without a width has at most 65536 bits.'],
    ['const bit<8> a = 8w1 << »-1;', 'A value cannot be shifted by -1.'],
    [fn('in bit<8> a, in int<8> n', 'bit<8> r = a << »n;'), 'The amount of this shift has the type int<8>, so it may be negative.'],
    [
      fn('in bit<8> n', 'bit<8> r = (bit<8>)(1 << »n);'),
      'The amount by which a number without a width is shifted must be known when the program is compiled.',
    ],
  ]);
  accepts('the choice', [fn('in bool c, in bit<8> a', 'bit<8> r = c ? a : 1; r = c ? 8w1 : 2; r = r; const int n = true ? 1 : 2;')]);
  reports('the choice', [
    [fn('in bool c, in bit<8> a', 'bit<8> r = »c ? a : true;'), '? : does not take bit<8> and bool.'],
    [
      fn('in bool c', 'bit<8> r = »c ? 1 : 2;'),
      '? : does not take int and int, where the condition is not known when the program is compiled.',
    ],
  ]);
});

describe('slices and elements', () => {
  accepts('slices', [
    fn('inout bit<8> a, in bit<3> n', 'a[7:4] = a[3:0]; a[n+:1] = 1; bit<4> r = a[4+:4]; r = r;'),
    fn('in int<8> a', 'bit<2> r = a[1:0]; r = r;'),
  ]);
  reports('slices', [
    [fn('in bit<8> a', 'bit<8> r = »a[8:1];'), '[8:1] is outside bit<8>.'],
    [fn('in bit<8> a', 'bit<2> r = »a[0:1];'), 'The slice [0:1] is empty: the higher bit must come first.'],
    [fn('in bit<8> a', 'bit<2> r = a[»a:0];'), 'The bit index of a slice must be known when the program is compiled.'],
    [fn('in bool a', 'bit<1> r = »a[0:0];'), '[high:low] does not take bool.'],
    [fn('in bit<8> a', 'bit<4> r = »a[5+:4];'), '[5+:4] is outside bit<8>.'],
  ]);
  accepts('elements', [inApply('s.h = s.stack[i]; s.x = s.stack[3].a; tuple<bit<8>, bool> t = { 1, true }; o = t[1]; t = { 2, o };')]);
  reports('elements', [
    [inApply('s.h = s.stack[»4];'), 'Element 4 is outside H[4], which has 4 elements (0 is the first).'],
    [inApply('s.x = »s.x[0];'), '[ ] does not take bit<8>.'],
    [inApply('s.x = »{ {#}, 8w1 }[1];'), '[ ] does not take a list { {#}, bit<8> }.'],
    [inApply('s.x = »{ 8w1, ... }[0];'), '[ ] does not take a list { bit<8>, ... }.'],
    [fn('', 'tuple<bit<8>, bit<8>> t = { »..., 1 };'), '... cannot be used before the end of a list.'],
    [inApply('s.h = s.stack[»o];'), 'This is bool, but a number is expected.'],
    [inApply('tuple<bit<8>, bit<8>> t = { 1, 2 }; s.x = t[»i];'), 'The index into a tuple must be known when the program is compiled.'],
  ]);
});

describe('members', () => {
  accepts('of headers, unions and stacks', [
    inApply(
      'o = s.h.isValid(); s.h.setValid(); s.h.setInvalid(); s.stack.push_front(1); s.stack.pop_front(2); s.x = (bit<8>)s.stack.size;',
    ),
    'header A {} header_union U { A a; } void f(inout U u, out bool o) { o = u.isValid(); u.a.setValid(); }',
  ]);
  reports('that are not there', [
    [inApply('s.x = »{ a = {#}, b = 8w1 }.b;'), '.b does not take a list { a = {#}, b = bit<8> }.'],
    [inApply('s.h.»other = 1;'), 'H has no "other".'],
    [inApply('s.h.»isVaild();'), 'H has no "isVaild"; did you mean "isValid"?'],
    [inApply('s.h = s.stack.»next;'), 'next of a header stack exists only in parsers.'],
    ['extern E { E(); void go(); } control c() { E() e; apply { e.»og(); } }', 'E has no "og"; did you mean "go"?'],
  ]);
});

describe('casts', () => {
  accepts('that may be written', [
    'const bit<1> a = (bit<1>)true; const bool b = (bool)1w0; const int<8> c = (int<8>)8w200; const bit<4> d = (bit<4>)8w200; const int e = (int)8w3; const bool f = (bool)1;',
    'enum bit<8> E { a = 1 } const E e = (E)8w1; const bit<16> n = (bit<16>)(bit<8>)E.a; const E m = (E)7;',
    'struct S { bit<8> a; bool b; } const S s = (S){ 1, true }; const S t = (S){ b = true, a = 1 };',
  ]);
  accepts('that need not', [
    'const bit<8> a = 3; const int<8> b = -3; const int c = 8w3; const tuple<bit<8>, int> t = { 1, 2 };',
    'struct S { bit<8> a; bool b; } const S s = { 1, true }; const S t = { b = true, a = 1 }; const S u = { a = 1, ... }; const S v = { 1, ... }; const S w = ...;',
    'header H { bit<8> a; } void f(out H h) { h = {#}; h = { 1 }; h = (H){#}; }',
    'struct P<A, B> { A a; B b; } struct Q<A> { A a; } const P<bit<8>, Q<bool>> p = { 1, { true } };',
    'const list<tuple<bit<8>, bool>> l = (list<tuple<bit<8>, bool>>){ { 1, true }, { 2, false } };',
  ]);
  reports('that may not', [
    ['const bool a = »(bool)8w1;', 'bit<8> cannot be cast to bool.'],
    ['const int<8> a = »(int<8>)4w1;', 'bit<4> cannot be cast to int<8>.'],
    ['const bit<8> a = »(bit<8>)true;', 'bool cannot be cast to bit<8>.'],
    ['const int a = 2; const bool b = »(bool)a;', '2 cannot be cast to bool.'],
    ['type bit<9> Port; void f(in bit<8> a) { Port p = »(Port)a; }', 'bit<8> cannot be cast to Port.'],
    ['enum bit<8> E { a = 0 } void f(in E e) { bit<32> a = »(bit<32>)e; }', 'E cannot be cast to bit<32>.'],
    ['enum bit<8> E { a = 0 } void f(in bit<32> a) { E e = »(E)a; }', 'bit<32> cannot be cast to E.'],
    ['enum bit<8> E { a = 0 } enum bit<16> F { b = 0 } void f(in E e) { F g = »(F)e; }', 'E cannot be cast to F.'],
    ['struct S {} void f(in S s) { bit<8> a = »(bit<8>)s; }', 'S cannot be cast to bit<8>.'],
  ]);
  reports('that need to be written', [
    ['const bit<8> a = »4w1;', 'This is bit<4>, but bit<8> is expected.'],
    ['const int<8> a = »8w1;', 'This is bit<8>, but int<8> is expected.'],
    ['enum bit<8> E { a = 1 } const E e = »8w1;', 'This is bit<8>, but E is expected.'],
    ['struct S { bit<8> a; } struct T { bit<8> a; } void f(in S s) { T t = »s; }', 'This is S, but T is expected.'],
    ['struct S { bit<8> a; } const S s = »{ 1, 2 };', 'This is a list { int, int }, but S is expected.'],
    ['struct S { bit<8> a; } const S s = »{ b = 1 };', 'This is a list { b = int }, but S is expected.'],
    ['extern E {} const tuple<bit<8>> a = »{#};', 'This is {#}, but tuple<bit<8>> is expected.'],
  ]);
  reports('numbers that lose bits', [
    ['const bit<8> a = »256;', '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.'],
    ['const int<8> a = »200;', '200 does not fit int<8>, which holds -128 to 127: it becomes -56.'],
    ['const bit<8> a = »-1;', '-1 does not fit bit<8>, which holds 0 to 255: it becomes 255.'],
    ['const int<2> a = »2s3;', '3 does not fit int<2>, which holds -2 to 1: it becomes -1.'],
    ['const bit<1> a = »1w10;', '10 does not fit bit<1>, which holds 0 to 1: it becomes 0.'],
    ['const int<1> a = »1s1;', '1 does not fit int<1>, which holds -1 to 0: it becomes -1.'],
    ['const int n = 300; const bit<8> a = »n;', '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    [fn('inout bit<8> a', 'a = a | »0xfff;'), '4095 does not fit bit<8>, which holds 0 to 255: it becomes 255.'],
    [fn('inout bit<8> a', 'a += (»200 + 100);'), '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    [fn('in bit<8> a, out bool r', 'r = a == »300;'), '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    [fn('in bit<8> a, out bool r', 'r = { a, true } == { »300, true };'), '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    [fn('in bit<8> a, in bool c, out bit<8> r', 'r = c ? a : »300;'), '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    [fn('out bit<8> r', 'r = (bit<8>) »300;'), '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    ['type bit<4> N; const N n = (N) »16;', '16 does not fit N, which holds 0 to 15: it becomes 0.'],
    ['type bit<4> N; const N n = »16;', '16 does not fit N, which holds 0 to 15: it becomes 0.'],
    ['struct S { bit<8> a; bool b; } const S s = { b = true, a = »256 };', '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.'],
    ['void g(in bit<8> a) {} void f() { g(»300); }', '300 does not fit bit<8>, which holds 0 to 255: it becomes 44.'],
    ['bit<8> f() { return »256; }', '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.'],
    [inApply('switch (i) { »256: { o = true; } }', 'match_kind { exact }'), '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.'],
    [
      inParser('state start { transition select(i) { »0x100: accept; default: reject; } }'),
      '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.',
    ],
    [
      inParser('state start { transition select(i) { 1 &&& »0x1ff: accept; default: reject; } }'),
      '511 does not fit bit<8>, which holds 0 to 255: it becomes 255.',
    ],
    [
      inControl('table t { key = { x: exact; } actions = { set; } const entries = { »256: set(1); } }'),
      '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.',
    ],
    [
      inControl('table t { key = { x: exact; } actions = { set; } const entries = { 1: set(»256); } }'),
      '256 does not fit bit<8>, which holds 0 to 255: it becomes 0.',
    ],
  ]);
  reports('shifts that leave nothing', [
    [fn('inout bit<8> a', 'a = a << »256;'), '<< by 256 moves all 8 bits out of bit<8>.'],
    [fn('inout int<8> a', 'a >>= »8w8;'), '>> by 8 moves all 8 bits out of int<8>.'],
  ]);
  accepts('numbers that just fit', [
    'const bit<8> a = 255; const int<8> b = 127; const int<8> c = -128; const int<8> d = -8s127; const bit<1> e = 1; const bit<8> f = 8w1 << 7;',
  ]);
});

const kinds = 'enum bit<8> K { A = 1, B = 3 } enum bit<8> L { A = 1 } enum int<8> I { A = -1 } match_kind { exact }';

describe('enums with an underlying type', () => {
  accepts('where numbers are', [
    `${kinds} void f(inout bit<8> a, in K k, out bit<16> w) { w = k ++ a; w = a ++ K.B; w = k ++ k; a = a + k; a = k * K.B; a = -k; a = ~k; }`,
    `${kinds} void f(inout bit<8> a, in K k) { a = (bit<8>) a[K.B:K.A]; a = (bit<8>) k[3:0]; a[K.B:0] = 1; a[k+:2] = 1; a = a << k; a = k >> K.A; a = k |+| 1; }`,
    `${kinds} void f(inout K k, inout bit<8> a, in bool c) { k[3:0] = 1; k[a+:1] = 1; a += k; a = c ? k : 8w1; a = k; }`,
    `${kinds} void f(in I i, out int<8> r, out bool o) { r = i + 1; r = i << 1; o = i < 0; o = i == I.A; }`,
    `${kinds} header H { bit<8> v; } void f(inout H[4] s, in K k, in tuple<bit<8>, bool> t, out bit<8> r) { s[K.B] = s[k]; s.pop_front(K.A); r = s[k].v; }`,
    `${kinds} typedef bit<(K.B)> three_t; void f(in bit<8>[(K.B)] a, in three_t b, out bit<8> r) { r = a[K.A]; for (bit<8> i in K.A .. K.B) { r = i; } }`,
    `${kinds} void f(in K k, out bit<8> r) { switch (k) { K.A: { r = 1; } (K) 2: {} K.B: {} } switch (r) { K.A: {} 2: {} L.A + 7: {} } }`,
    inParser(
      'state start { transition select(K.A, j) { (1, _): accept; (8w2, _): accept; (K.B, 3): accept; (4 &&& 12, _): accept; (L.A, _): reject; default: reject; } }',
      kinds,
    ),
  ]);
  reports('are no numbers that are assigned to them', [
    [`${kinds} void f(inout K k) { k = »k + 1; }`, 'This is bit<8>, but K is expected.'],
    [`${kinds} void f(inout K k) { k += »1; }`, 'This is bit<8>, but K is expected.'],
    [`${kinds} void f(inout K k) { k = »L.A; }`, 'This is L, but K is expected.'],
    [`${kinds} void f(in K k, in bit<9> a) { bit<9> r = a »+ k; }`, '+ does not take bit<9> and K.'],
    [`${kinds} void f(in K k) { switch (k) { »8w1: {} } }`, 'This is bit<8>, but K is expected.'],
    [`${kinds} void f(in bit<8> b) { switch (b) { 1: {} »K.A: {} } }`, 'There are two cases for 1.'],
    [inParser('state start { transition select(K.A) { »9w1: accept; } }', kinds), 'This is bit<9>, but bit<8> is expected.'],
  ]);
  reports('without one are no numbers', [
    ['enum E { a } void f(in E e) { bit<16> r = e »++ 8w1; }', '++ does not take E and bit<8>.'],
    ['enum E { a } void f(in bit<8> b) { bit<1> r = b[»E.a:0]; }', 'The bit index of a slice must be known when the program is compiled.'],
  ]);
});

describe('sizes of types', () => {
  const types = `header h_t { bit<8> a; varbit<16> v; } struct S { bit<8> a; bit<4> b; h_t[2] s; } header_union U { h_t h; g_t g; }`;
  const before = `header g_t { bit<24> a; } ${types} enum bit<4> E { a = 1 } type bit<9> N; struct G<T> { T a; bit<8> b; }`;
  accepts(
    'are known',
    [
      `${before} const bool t = static_assert(S.minSizeInBits() == 28 && S.maxSizeInBits() == 60);`,
      `${before} const bool t = static_assert(S.minSizeInBytes() == 4 && S.maxSizeInBytes() == 8);`,
      `${before} const bool t = static_assert(U.minSizeInBits() == 24 && U.maxSizeInBytes() == 3 && E.minSizeInBits() == 4 && N.maxSizeInBits() == 9);`,
      `${before} typedef tuple<bit<3>, bool, N> T; const bool t = static_assert(T.minSizeInBits() == 13);`.replace(
        ' const int g = G<bit<5>>.minSizeInBits();',
        '',
      ),
      `${before} void f(in G<bit<5>> g, in S s) { const bool t = static_assert(g.minSizeInBits() == 13 && s.s[1].maxSizeInBits() == 24); }`,
    ].map((p) => `extern bool static_assert(bool check); ${p}`),
  );
  accepts('stand where numbers have to be known', [
    `${before} const int n = h_t.maxSizeInBits(); typedef bit<n> w_t; typedef int<(S.minSizeInBits())> z_t; h_t[h_t.minSizeInBytes()] f() { return { ... }; }`,
    `${before} enum bit<8> F { a = h_t.minSizeInBits(), b = (bit<8>) S.minSizeInBytes() } @x[S.minSizeInBits(), F.b == F.a] @y[n = S.maxSizeInBits()] const bit<8> c = F.a;`,
    `${before} void f(in S s, inout bit<32> x) { x[S.minSizeInBytes():h_t.minSizeInBytes()] = 0; x[2+:h_t.minSizeInBytes()] = 1; x = x << s.minSizeInBytes(); }`,
    inControl(
      'table t { key = { x: exact; } actions = { set; } const entries = { g_t.minSizeInBits(): set(g_t.maxSizeInBytes()); } size = g_t.minSizeInBytes(); }',
      before,
    ),
    inParser(
      'value_set<bit<8>>(g_t.minSizeInBytes()) vs; state start { transition select(i) { g_t.minSizeInBits(): accept; vs: accept; default: reject; } }',
      before,
    ),
  ]);
  reports('there are of types of bits alone', [
    ['struct S { error e; } const int n = S.»minSizeInBits();', 'minSizeInBits does not take S, which has no size in bits.'],
    ['enum E { a } const int n = E.»minSizeInBits();', 'minSizeInBits does not take E, which has no size in bits.'],
  ]);
});

describe('what may be written', () => {
  reports('and what not', [
    [inApply('tuple<bit<8>, bool> t = { 1, true }; »t[0] = i;'), 'This cannot be assigned to.'],
    [inApply('tuple<bit<8>, bool> t = { 1, true }; »t[0] += i;'), 'This cannot be assigned to.'],
    [inApply('tuple<bit<8>, bool> t = { 1, true }; »t[0][3:0] = 1;'), 'This cannot be assigned to.'],
    [inApply('tuple<S, bool> t = { s, true }; »t[0].x = 1;'), 'This cannot be assigned to.'],
    [inApply('tuple<bit<8>, bool> t = { 1, true }; g(»t[0]);', 'void g(out bit<8> a) { a = 1; }'), 'This cannot be assigned to.'],
    [inApply('tuple<bit<8>, bool> t = { 1, true }; g(»t[0]);', 'void g(inout bit<8> a) { a = 1; }'), 'This cannot be assigned to.'],
    [inApply('»i = 1;'), 'This cannot be assigned to.'],
    ['const bit<8> a = 1; void f() { »a = 2; }', 'This cannot be assigned to.'],
    [fn('in bit<8> a', '»a[3:0] = 1;'), 'This cannot be assigned to.'],
    ['void g(out bit<8> a) { a = 1; } void f(in bit<8> b) { g(»b); }', 'This cannot be assigned to.'],
  ]);
});
