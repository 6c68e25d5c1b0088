/** Annotations (P4-16 §20). */
import { describe } from 'vitest';
import { accepts, inControl, reports } from './check.js';

describe('annotations with values', () => {
  accepts('of known values', ['const int n = 3; @Mine[1, n + 1, "text", true] @Pairs[a = 1, b = "x" ++ "y"] control c() { apply {} }']);
  reports('of other values', [
    ['@Mine[»{ 2, 3 }] control c() { apply {} }', 'A value of @Mine is a list { int, int }; a number, a bool or a string is expected.'],
    ['@Mine[a = »other] control c() { apply {} }', 'There is no name "other".'],
    ['control c(in bit<8> p) { @Mine[»p] action a() {} apply { a(); } }', 'A value of @Mine must be known when the program is compiled.'],
  ]);
  reports('that are known in each instance only', [
    ['control c()(bit<8> n) { @Mine[»n] action a() {} apply { a(); } }', 'A value of @Mine must be known when the program is compiled.'],
  ]);
  reports('of one name', [
    [
      '@Mine[1] »@Mine[2] control c() { apply {} }',
      'There are two annotations @Mine, and one of them has its values in [ ]: such an annotation can be given once.',
    ],
    [
      '@Mine(1) »@Mine[2] control c() { apply {} }',
      'There are two annotations @Mine, and one of them has its values in [ ]: such an annotation can be given once.',
    ],
  ]);
  accepts('of one name without', ['@Mine(1) @Mine(2) control c() { apply {} }']);
});

describe('annotations of the language', () => {
  accepts('as they are', [
    '@name("a" ++ "b") @deprecated("no more") @noWarn("unused") void f() {}',
    '@pkginfo(name = "x", version = "1") const bit<8> a = 1;',
    '@p4runtime_translation("org/port", 32) type bit<9> P; @p4runtime_translation("org/port", string) type bit<9> Q; @p4runtime_translation("org/port", bit<32>) type bit<9> R;',
    'match_kind { ternary } struct S { @match(ternary) bit<8> a; }',
    'header H { bit<8> n; @length((bit<32>)n * 8) varbit<80> v; }',
    '@Anything(goes here: 1 + ;) const bit<8> a = 1;',
  ]);
  reports('with another body, of an entry', [
    [
      inControl('table t { key = { x: ternary; } actions = { none; } const entries = { 1: none() »@priority(high); } }'),
      'The annotation @priority takes a number.',
    ],
  ]);
  reports('with another body', [
    ['»@id void f() {}', 'The annotation @id takes a number.'],
    ['struct S { »@id("4") bit<8> a; }', 'The annotation @id takes a number.'],
    ['struct S { »@id(-4) bit<8> a; }', 'The annotation @id takes a number.'],
    ['»@name(4) void f() {}', 'The annotation @name takes a text.'],
    ['»@deprecated("a" | "b") void f() {}', 'The annotation @deprecated takes a text.'],
    ['»@hidden(1) action a() {}', 'The annotation @hidden takes no value.'],
    ['»@pkginfo const bit<8> a = 1;', 'The annotation @pkginfo takes a list of names with values.'],
    ['match_kind { ternary } struct S { »@match(1 + 1) bit<8> a; }', 'The annotation @match takes a match kind.'],
    ['header H { »@length(n) varbit<80> v; bit<8> n; }', 'There is no earlier field "n".'],
    [
      '»@p4runtime_translation("org/port", bool) type bit<9> P;',
      'The annotation @p4runtime_translation takes a text, and bit<W>, a number or string for the type that the controller sees.',
    ],
  ]);
  reports('wherever they are', [
    ['struct S { »@hidden(1) bit<8> a; }', 'The annotation @hidden takes no value.'],
    ['void f(»@hidden(1) in bit<8> a) {}', 'The annotation @hidden takes no value.'],
    ['parser p() { »@hidden(1) state start { transition accept; } }', 'The annotation @hidden takes no value.'],
    ['control c() { apply { »@hidden(1) { return; } } }', 'The annotation @hidden takes no value.'],
    ['extern E { »@hidden(1) void f(); }', 'The annotation @hidden takes no value.'],
    [
      'control c() { action a() {} table t { actions = { »@hidden(1) a; } default_action = a; } apply {} }',
      'The annotation @hidden takes no value.',
    ],
  ]);
});
