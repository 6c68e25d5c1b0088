/** Types and what declares them (P4-16 §7). */
import { describe } from 'vitest';
import { accepts, reports } from './check.js';

describe('names', () => {
  reports('unknown', [
    ['const bit<8> a = »b;', 'There is no name "b".'],
    ['struct Ether {} »Ehter f() { return {}; }', 'There is no type "Ehter"; did you mean "Ether"?'],
    ['const bit<8> a = 1; const bit<8> b = .»later;', 'There is no name "later".'],
  ]);
  reports('used before their declaration', [['const bit<8> a = »later; const bit<8> later = 1;', 'There is no name "later".']]);
  reports('taken', [
    ['const bit<8> a = 1; const bit<8> »a = 2;', 'The name "a" is taken: a constant of that name is declared already.'],
    ['struct S { bit<8> a; bit<4> »a; }', 'The name "a" is taken: a field of that name is declared already.'],
    ['void f(in bit<8> a, in bit<8> »a) {}', 'The name "a" is taken: a parameter of that name is declared already.'],
    ['void f<T>(in bit<8> »T) {}', 'The name "T" is taken: a type parameter of that name is declared already.'],
    ['control c<T>()(bit<8> »T) { apply {} }', 'The name "T" is taken: a type parameter of that name is declared already.'],
    ['enum E { a, »a }', 'The name "a" is taken: a member of that name is declared already.'],
    ['error { A } error { »A }', 'The name "A" is taken: an error of that name is declared already.'],
  ]);
  reports('in their own declaration', [
    ['struct S { »S s; }', 'The struct "S" is used in its own declaration.'],
    ['bit<8> f(in bit<8> n) { return »f(n); }', 'The function "f" is used in its own declaration.'],
  ]);
  accepts('in scopes beside each other', ['void f() { { bit<4> b = 1; b = b; } { bool b = true; b = b; } }']);
  reports('in a scope within', [
    ['const bit<8> a = 1; void f() { bool »a = true; a = !a; }', 'This a hides the constant of that name.'],
    ['control c(in bit<8> a) { bool »a = true; apply { a = !a; } }', 'This a hides the parameter of that name.'],
    ['control c(in bit<8> a) { action b(bit<4> »a) {} apply { b(a[3:0]); } }', 'This a hides the parameter of that name.'],
    ['void f(in bit<8> a) { bool »a = true; a = !a; }', 'This a hides the parameter of that name.'],
  ]);
  reports('of what is no type', [['const bit<8> a = 1; void f(in »a x) {}', 'a is not a type: it is a constant.']]);
  reports('of what is no value', [['control c() { action a() {} apply { bool b = »a; } }', 'The action a is not a value.']]);
});

describe('widths and sizes', () => {
  accepts('known', [
    'const int w = 3; void f(in bit<(w + 1)> a, in bit<4> b) { bit<4> c = a + b; c = c; }',
    'const bit<4> a = 1; bit<(a)> f() { return 1; }',
  ]);
  reports('unknown', [['void f(in bit<8> n) { bit<(»n)> a; }', 'The size of a bit type must be known when the program is compiled.']]);
  reports('too small or large', [
    ['void f(in int<(»0)> a) {}', 'The size of an int type cannot be 0: it is from 1 to 65536.'],
    ['void f(in bit<»100000> a) {}', 'The size of a bit type cannot be 100000: it is from 0 to 65536.'],
    ['header H {} void f(in H[(»-1)] a) {}', 'The size of a stack cannot be -1: it is from 0 to 65536.'],
  ]);
});

describe('what is in what', () => {
  accepts('arrays of values and of objects', [
    'struct S { bit<8> a; } header H { S[2] pairs; bit<8>[4] bytes; }',
    'extern R { R(); void go(); } control c(in bit<8> i) { R() rs[4]; apply { rs[i].go(); } }',
  ]);
  accepts('structs, headers and unions', [
    'enum bit<8> E { a = 1 } type bit<9> Port; header H { E e; Port p; bool b; int<4> i; varbit<8> v; bit<3> rest; }',
    'header A {} header B {} header_union U { A a; B b; } struct S { U[3] us; tuple<A, bool> t; error e; }',
  ]);
  reports('arrays', [['control C(); void f(in »C[2] a) {}', 'An array cannot have C: it has values or extern objects.']]);
  reports('tuples', [['extern E {} void f(in tuple<»E> a) {}', 'A tuple cannot have E: it has values.']]);
  reports('fields', [
    ['struct T { varbit<8> v; } header H { »T t; }', 'The field t of a header cannot be T.'],
    ['enum E { a } header H { »E e; }', 'The field e of a header cannot be E.'],
    ['struct S {} header_union U { »S s; }', 'The field s of a header union cannot be S.'],
    ['extern E {} struct S { »E e; }', 'The field e of a struct cannot be E.'],
    ['struct S { »string s; }', 'The field s of a struct cannot be string.'],
    ['struct S { »int i; }', 'The field i of a struct cannot be int.'],
    ['struct S { »list<bit<8>> l; }', 'The field l of a struct cannot be list<bit<8>>.'],
  ]);
  reports('fields by type arguments', [
    ['header H<T> { T t; } enum E { a } void f(in »H<E> h) {}', 'The field H<E>.t of a header cannot be E.'],
  ]);
  reports('type arguments', [
    ['struct S<T> { T t; } void f(in »S s) {}', 'S takes 1 type arguments, not 0.'],
    ['struct S<T> { T t; } void f(in »S<bool, bool> s) {}', 'S takes 1 type arguments, not 2.'],
    ['struct S<T> { T t; } typedef S<bool> B; void f(in »S<B> s) {}', 'The type S<S<bool>> contains itself.'],
    ['struct S<T> { T t; } void f(in S<»_> s) {}', '`_` is not a type: it stands for a type argument that is inferred.'],
  ]);
});

describe('enums, newtypes and what they are made of', () => {
  accepts('enums', [
    'enum bit<4> E { a = 1, b = 2, c = a, d = 15 } const bit<4> x = E.d;',
    'enum bit<4> F { a = 1 } enum bit<4> E { a = F.a, b = 0, c = 0, d = (bit<4>) b }',
    'enum int<4> E { a = -8, b = 7 } const bool same = E.a == E.b;',
    'typedef bit<8> T; enum T E { a = 0 } const T t = E.a;',
  ]);
  reports('enums', [
    ['enum »bool E { a = true }', 'The members of an enum cannot be bool.'],
    ['enum bit<4> E { a = »16 }', '16 does not fit bit<4>, which holds 0 to 15.'],
    ['enum int<4> E { a = »8 }', '8 does not fit int<4>, which holds -8 to 7.'],
    ['enum bit<4> E { a = »-1 }', '-1 does not fit bit<4>, which holds 0 to 15.'],
    ['enum bit<8> E { a = »"x" }', 'This is string, but bit<8> is expected.'],
    ['enum bit<8> E { a = »true }', 'This is bool, but bit<8> is expected.'],
    ['error { A } enum bit<8> E { a = »error.A, b = a }', 'This is error, but bit<8> is expected.'],
    ['enum F { x } enum bit<8> E { a = »F.x }', 'This is F, but bit<8> is expected.'],
    ['enum bit<16> F { x = 1 } enum bit<8> E { a = »F.x }', 'This is F, but bit<8> is expected.'],
    ['enum bit<8> E { a = »{ 1, 2 } }', 'This is a list { int, int }, but bit<8> is expected.'],
    ['struct S { bit<8> a; } enum bit<8> E { a = »(S) { a = 1 } }', 'This is S, but bit<8> is expected.'],
    ['enum bit<16> E { a = »(string) true }', 'bool cannot be cast to string.'],
    ['const int a = 1 »++ 2;', '++ does not take int and int.'],
    ['const bit<8> a = 1 »++ 2;', '++ does not take int and int.'],
    ['enum E { a } const E e = E.»other;', 'E has no "other".'],
    ['error { NoMatch } const error e = error.»NoMacth;', 'error has no "NoMacth"; did you mean "NoMatch"?'],
  ]);
  // What p4c takes beyond the specification, and programs rely on: numbers without a width where they are assigned.
  accepts('numbers for newtypes', [
    'type bit<9> Port; const Port p = 3; const Port q = p; Port f() { Port r = 4; r = true ? 5 : 6; return 7; }',
    'type int<8> Level; const Level l = -3; const Level m = (Level)(int<8>)4;',
  ]);
  accepts('newtypes', ['type bit<9> Port; type Port Other; const Port p = (Port)3; const Other o = (Other)p; const bit<9> n = (bit<9>)p;']);
  reports('newtypes', [
    ['»type string S;', 'The type S cannot be made of string.'],
    ['type bit<9> Port; const Port p = »9w3;', 'This is bit<9>, but Port is expected.'],
    ['type bit<9> Port; type Port Other; const Other p = »3;', 'This is int, but Other is expected.'],
    ['type bool Flag; const Flag p = »true;', 'This is bool, but Flag is expected.'],
    ['type bit<9> Port; void g(in Port p) {} void f() { g(»3); }', 'This is int, but Port is expected.'],
    ['type bit<9> Port; struct S { Port p; } const S s = »{ 3 };', 'This is a list { int }, but S is expected.'],
  ]);
});

describe('parameters', () => {
  accepts('with defaults', ['void f(in bit<8> a = 3) {} extern void g(@optional in bool b); void h() { f(); f(1); g(); g(true); }']);
  reports('of the wrong kind', [
    ['void f(»out bit<8> a = 3) {}', 'The parameter a cannot have a default, because it is out.'],
    ['void f(»in int a) {}', 'The parameter a cannot be in: a parameter of type int has no direction.'],
    ['extern E {} void f(»in E e) {}', 'The parameter e cannot be in: a parameter of type E has no direction.'],
    ['control C(); void f(»C c) {}', 'The parameter c cannot be a control.'],
    ['extern E {} action a(»E e) {}', 'The parameter e of an action cannot be an object.'],
    ['void f(»@optional in bool b) {}', 'The parameter b cannot be optional here.'],
    ['control C(); extern E { E(»C c); }', 'The parameter c cannot be a control.'],
    ['control d() { apply {} } control e()(»d x) { apply {} }', 'The parameter x must have a type without a body, but d has one.'],
    ['parser P(); control d()(»P p) { apply {} }', 'The parameter p of a control cannot be a parser.'],
    ['action a(»int n) {}', 'The parameter n of an action cannot be int.'],
    [
      'action a(»bit<8> n, in bit<8> m) {}',
      'The parameter n has no direction, so it must come after the parameters of the action that have one.',
    ],
  ]);
  reports('results', [['control C(); extern »C f();', 'C cannot be returned.']]);
});

describe('objects', () => {
  const counter = 'extern Counter { Counter(bit<32> size); void count(in bit<32> index); }';
  accepts('instances', [`${counter} control c() { Counter(8) n; apply { n.count(1); } } control C(); package P(C c); P(c()) main;`]);
  reports('main', [
    ['extern »main {}', 'main must be an instance of a package, but it is the name of an extern.'],
    [`${counter} »Counter(8) main;`, 'main must be an instance of a package, but it is Counter.'],
  ]);
  reports('where', [
    [`${counter} control c() { apply { »Counter(8) n; } }`, 'An instance of Counter cannot be used in the apply block of a control.'],
    ['control d() { apply {} } »d() e;', 'An instance of d cannot be used at the top of the program.'],
  ]);
  reports('of nothing', [
    ['struct S {} »S() s;', 'S cannot be instantiated.'],
    ['control C(); package P(C c); control d() { »C() c; apply {} }', 'C cannot be instantiated.'],
  ]);
  const base = 'extern E { E(); abstract bit<8> f(in bit<8> a); void g(); }';
  accepts('abstract methods', [
    `${base} E() e = { bit<8> f(in bit<8> a) { return a + 1; } };`,
    'extern E<T> { E(); abstract void f(inout T v, @optional out T a, @optional out T b); } E<bool>() e = { void f(inout bool v, out bool r) { r = v; } };',
    'extern E<T> { E(); abstract void f(in T a, @optional out bit<4> b); @optional abstract void g(); } E<bool>() e = { void f(in bool a) {} };',
  ]);
  reports('abstract methods', [
    [`${base} »E() e;`, 'e must implement f, an abstract method of E.'],
    [
      `${base} E() e = { »bit<8> f(in bit<9> a) { return 1; } };`,
      'f must have the parameters and the return type of the abstract method of E.',
    ],
    [
      'extern E { E(); abstract void f(in bool a, @optional out bit<4> b); } E() e = { »void f(in bool a, out bit<5> b) { b = 1; } };',
      'f must have the parameters and the return type of the abstract method of E.',
    ],
    [
      'extern E { E(); abstract void f(in bool a, out bit<4> b); } E() e = { »void f(in bool a) {} };',
      'f must have the parameters and the return type of the abstract method of E.',
    ],
    [`${base} E() e = { bit<8> f(in bit<8> a) { return a; } »void h() {} };`, 'E has no abstract method h.'],
    ['extern E { E(); } »E() e = {};', 'e implements methods, but E has no abstract methods.'],
  ]);
  reports('abstract methods without a name', [
    [`${base} package P(E e); P(»E()) main;`, 'E has abstract methods, so an instance of it must have a name and implement them.'],
  ]);
  reports('types that nothing tells', [
    ['extern R<A, B> { R(A a); } control c() { R(8w1) »r; apply {} }', 'The type argument B of R cannot be inferred from the arguments.'],
    ['extern R<A> { R(A a); } control c() { R(»1) r; apply {} }', 'The type of a cannot be inferred from a number without a width.'],
    [
      'control A<H>(inout H h); control none<H>(inout H h) { apply {} } package P<H>(A<H> a = none<H>()); P() »main;',
      'The type argument H of P cannot be inferred from the arguments.',
    ],
  ]);
  reports('constructors', [['extern E { »void E(); }', 'The constructor E cannot return anything.']]);
  accepts('types that are inferred from arguments', [
    'extern R<T> { R(T first); T get(); } control c() { R(8w1) r; apply { bit<8> x = r.get(); x = x; } }',
    'control c<T>()(T n) { apply { T m = n; m = m; } } control d() { c(8w9) i; apply { i.apply(); } }',
    'control A<X, Y>(in X x, out Y y); package P<X>(A<X, _> a, A<X, _> b); control a(in bool x, out bit<8> y) { apply { y = 1; } } control b(in bool x, out bit<9> y) { apply { y = 1; } } P(a(), b()) main;',
    'control A<H>(inout H h); control none(inout bit<1> h) { apply {} } package P<H>(A<H> a = none()); P<_>() main;',
  ]);
  reports('of two constructors', [
    [
      'control c()(bit<8> a) { apply {} } control »c()(bit<8> b) { apply {} }',
      'There is a control c already: P4-16 overloads functions and methods only.',
    ],
  ]);
});
