/** Texts for the preprocessor: some that people write, some at random. */
import fc from 'fast-check';

/** Written by hand, one for each rule that they are about. */
const written: readonly string[] = [
  // ## between tokens that make no token
  '#define DROP(id) action drop_ ## id ## () { }\nDROP(one)',
  '#define C(id) direct_counter(a) ## ctr_ ## id;\nC(x) C()',
  '#define COPY(id, v) m. ## id ## = v; h. ## id ## .x = v;\nCOPY(a, 8w7)',
  '#define P(a, b) a ## b\nP(+, 1) P(1, 2) P(x, 1) P(, z) P(z, ) P(, ) P(>, >) P(=, =) P(P, )(a, b) P(8, w3) P("a", b)',
  '#define P(a, b, c) a ## b ## c\nP(x, y, z) P(x, , z) P(, , z) P(x, (, z) P(x, ., z) P((, x, ))',
  '#define P(a, b) x a ## b y\nP(1 2, 3 4) P(1 2, ) P(, 3 4)',
  '#define N a ## b ## c\n#define abc 5\nN',
  '#define X(a) #a ## x\nX(q)',
  '#define hash_hash # ## #\n#define f(a) a hash_hash a\nf(1)',
  // # in assembler mode
  '#define H(a) # a #b a\nH(q)',
  '#define S(x) #x\nS(a  +  b) S("q\\n") S( ) S(a "b\\\\" c) S(\'"\') S(\\) S(@x(1, 2)[3:4]) S(a\n  b)',
  '#define S_(x) #x\n#define S(x) S_(x)\n#define N 8\nS(N) S_(N) S(S(N))',
  // other directives
  'a\n#recirculate(meta); it is "passed over\nb',
  'a\n  # unknown thing\nb\n#!shebang\nc\n#\nd\n# /* nothing */\ne',
  '#ident "v1"\n#sccs "v2"\n#pragma once_upon\nx',
  '#warning careful\nx',
  '#error no\nx',
  '#if 0\n#error no\n#warning no\n#foo\n#else 1\nx\n#endif',
  '#define X 1 // one\n#undef X // none\nX\n#ifdef X /* a */ // b\na\n#endif // X\n#ifndef X\nb\n#else /* not */\nc\n#endif',
  '#line 33 "foo.p4"\n__LINE__ __FILE__\n#define L 7\n#line L\n__LINE__',
  '/* x */ #define A 1\nA\n/* two\n lines */ # define B 2\nB\nx /* y */ #define C 3\nC',
  '#define E\nx E # define Z 3\nZ',
  '#define \\\n A \\\n 1 + \\\n 2\nA\\\nA A',
  '#define\tT\t1\nT\n\t#\tundef\tT\nT',
  '#undef NEVER\nNEVER',
  '#define A 1\n#define A 2\nA',
  // names that are there
  '__LINE__\n__LINE__ __COUNTER__ __COUNTER__ __INCLUDE_LEVEL__ __STDC__ __STDC_HOSTED__ __ASSEMBLER__ __x86_64__ __GNUC__ linux',
  '#define U(a, b) a ## _ ## b\n#define V(a, b) U(a, b)\n#define W(a) V(a, __COUNTER__)\nW(x) W(x) W(y)',
  '#ifdef __FILE__\na\n#endif\n#if defined __COUNTER__ && __LINE__ == 4\nb\n#endif',
  // variadic
  '#define V(...) f(__VA_ARGS__)\nV(1,2) V() V(a, (b, c))',
  '#define W(a, ...) f(a __VA_OPT__(,) __VA_ARGS__)\nW(1) W(1, 2) W(1, ) W(1, 2, 3)',
  '#define W(a, ...) f(a, ## __VA_ARGS__)\nW(1) W(1, 2) W(1, ) W(1, 2, 3)',
  '#define W(...) f(x, ## __VA_ARGS__)\nW() W(1) W(1, 2)',
  '#define G(a, args...) g(a, ## args) #args\nG(1) G(1, 2, 3)',
  '#define O(x, ...) __VA_OPT__(x ## x __VA_ARGS__ (y)) z\nO(1) O(1, 2)\n#define E\nO(1, E)',
  '#define M(a, ...) a ## __VA_OPT__(b)\nM(x) M(x, y)',
  // expansion within expansion
  '#define x x + y\n#define y x\nx y',
  '#define f(a) f(a + 1)\nf(f(2)) f (3) f',
  '#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)',
  '#define P(a) a.P(a)\nP(P)(3)',
  '#define A B\n#define B A\nA B',
  '#define t(x,y,z) x ## y ## z\nint j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), t(,,) };',
  '#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define z z[0]\n#define h g(~\n#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n#define p() int\n#define q(x) x\n#define r(x,y) x ## y\n#define str(x) # x\nf(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\ng(x+(3,4)-w) | h 5) & m\n(f)^m(m);\np() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\nchar c[2][6] = { str(hello), str() };',
  '#define EMPTY\n#define F(x) [x]\nF EMPTY (1) F(EMPTY)',
  '#define F() 1\nF() F( ) F (\n) F',
  '#define F(a) a\nF((1, 2).x) F(a(,)) F("a,b") F(\',\')',
  '#define twice(x) x x\ntwice(\n#define W 3\nW\n)\ntwice(a\n#ifdef W\nb\n#else\nc\n#endif\n)\nW',
  '#define F(a) a\nF\n(1)\nF\n\n#define Q\n(2)',
  '#define F(a, b) a\nF(1)',
  '#define F(a) a\nF(1',
  '#define K(a) a\nK(1,2)',
  '#define Z() z\nZ(1)',
  // conditions
  '#define HAS defined(X)\n#if HAS\na\n#else\nb\n#endif\n#define X\n#if HAS\nc\n#endif',
  '#define HAS(x) defined x\n#define X\n#if HAS(X) || HAS(Y)\na\n#endif',
  ...[
    ...['1', '0', '', 'A', 'defined A', 'defined(A) && A == 1', '!defined B', '-1 > 0u', '-1 > 0', '1 ? 2 : 0', '0 ? 1 : 0, 1', '1, 0'],
    ...['0x7fffffffffffffff + 1 < 0', '0xffffffffffffffff > 0', '18446744073709551615 == -1', '18446744073709551616', '1 << 63 < 0'],
    ...[
      '1 << 64',
      '1 << -1',
      '-8 >> 1 == -4',
      '-8u >> 1 == 0x7ffffffffffffffc',
      '010 == 8',
      '08',
      '0b101 == 5',
      '1ul == 1',
      '1lul',
      "'a' == 97",
    ],
    ...["'\\n' == 10", "''", '"a"', '1 +', '(1', '1)', '1 2', '1 / 0', '0 && 1 / 0', '1 || 1 / 0', '1 ? 1 : 1 / 0', '~0 == -1', '!0 == 1'],
    ...['7 % 3 == 1', '-7 / 2 == -3', '-7 % 2 == -1', '2 + 3 * 4 == 14', '(2 + 3) * 4 == 20', '6 & 3 ^ 1 | 8', '1 == 1 != 0', '3 > 2 > 1'],
    ...[
      'true',
      'A(1)',
      'defined',
      'defined()',
      'defined(A',
      '1.0',
      'A ? B ? 1 : 2 : 3',
      '1 = 1',
      '__has_include("no.p4")',
      'defined __has_include',
    ],
    ...[
      '(((((1)))))',
      '- - 1 == 1',
      '1 // comment',
      '/* c */ 1 /* d\n e */',
      '-1 / 2u > 5',
      '(0 ? 1u : -1) > 0',
      '0u - 1 > 0',
      '5 - 6u > 0',
    ],
  ].map((condition) => `#define A 1\n#if ${condition}\nyes\n#else\nno\n#endif`),
  '#if 0\na\n#elif 1\nb\n#elif 1 / 0\nc\n#else\nd\n#endif',
  '#if 1\na\n#elif 1 / 0\nc\n#elif\nd\n#endif',
  '#if 0\n#if 1\na\n#else\nb\n#endif\n#elif 1\nc\n#endif',
  '#define X\n#if 0\n#elifdef X\na\n#elifndef X\nb\n#endif\n#if 0\n#elifdef Y\na\n#elifndef Y\nb\n#endif',
  '#ifdef X Y\na\n#endif',
  '#ifdef\n#endif',
  '#ifdef 3\n#endif',
  '#else',
  '#endif',
  '#elif 1',
  '#if 1',
  '#if 1\n#else\n#else\n#endif',
  '#if 1\n#else\n#elif 1\n#endif',
  // quotes that nothing closes
  '#if 0\n don\'t say "hello\n#endif\nafter',
  "#if 0\n it's\n#else\nb\n#endif",
  "#define X 5\n/* it's X */ X // it's X\nX",
  "#define X 5\nX don't X\nX",
  "#define X 5\n'X' X 'X\nX",
  '#if 0\n/* "open */\n#endif\na "b" c',
  // strings of several lines
  '#define X 5\n@s("X\n X == X\nX") X\nX @t("X")',
  '#define X 5\n@s("one\n\t\ttab   X    b\t c\n   (X)X::mask X;X  \n\n\n X") X',
  '#define X 5\n@b("\n X") @c("X") X\nX',
  '#define X 5\n@c("X\n\n\n X \\" X\n") X\n@c("a\\\\\n X\\\\") X',
  '#define X 5\n@c("\n it\'s X\n X\'s X\n") X',
  '#define X 5\n@c("\n // X is X\n /* X */ X\n") X',
  '#define X 5\n@c("\n see http://X.org X") X\nX',
  '#define F(a, b) a + b\n@c("\n F(1, 2) F(3, 4) F\n") F(5, 6)',
  '#define X 5\n@c("\n#ifdef X\n yes\n#else\n no\n#endif\n") X',
  '#define X 5\n@c("\n#undef X\n X\n#define X 6\n X") X\nX',
  '#if 0\n@c("\n X\n")\n#endif\nx',
  '@c("a\nb\\\nc") d\\\ne',
  '#define A(x) #x\n@c("\n A(q")\nz',
  '#define X "y"\n@c("\n X\n") z',
  // definitions that are none
  ...[
    '',
    '1',
    '"a"',
    'defined',
    'F(',
    'F(a',
    'F(a,)',
    'F(,a)',
    'F(a a)',
    'F(a, a)',
    'F(1)',
    'F(..., a)',
    'F(a..., b)',
    'X ## a',
    'X a ##',
  ].map((definition) => `#define ${definition}\nx`),
  '#define F(a)b a\nF(1)\n#define G (a)\nG\n#define H()c\nH()',
  '#undef\nx',
  '#undef 1\nx',
  '#include\nx',
  '#include none\nx',
  '#include "no-such-file.p4"\nx',
];

const names = ['A', 'B', 'C', 'F', 'G', 'V', 'x', 'y', 'defined'];
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  { weight: 2, arbitrary: fc.constantFrom('1', '2', '8w3', '0x1f') },
  { weight: 4, arbitrary: fc.constantFrom('(', ')', ',', '+', '.', ';', '==', '[', ']', '@') },
  { weight: 1, arbitrary: fc.constantFrom('"s A"', "'A'", "A's", '/* A */', '// A', 'F(1)', 'G(A, 2)', 'V(1, B)', 'V()', 'F(F)', 'G(,)') },
);
const words = (max: number): fc.Arbitrary<string> => fc.array(word, { maxLength: max }).map((all) => all.join(' '));
const bodyWord = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: fc.constantFrom('##', '+ # x', '; # y', 'x', 'y', '__VA_ARGS__') },
);
const definition = fc.record({
  head: fc.constantFrom('A', 'B', 'C', 'A', 'B', 'F(x)', 'G(x, y)', 'V(...)', 'V(x, ...)'),
  body: fc.array(bodyWord, { maxLength: 6 }).map((all) => all.join(' ')),
});
const condition = fc
  .array(fc.constantFrom('1', '0', 'A', 'defined A', 'defined(B)', '(', ')', '&&', '||', '!', '==', '+', '-', '<', '2u', 'F(1)'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => all.join(' '));
const line = fc.oneof(
  { weight: 4, arbitrary: definition.map(({ head, body }) => `#define ${head} ${body}`) },
  { weight: 6, arbitrary: words(8) },
  { weight: 1, arbitrary: fc.constantFrom('#undef A', '#undef F', '#other A', ' # other', '#endif', '#else', '#if 0', '#ifdef A') },
  { weight: 1, arbitrary: fc.tuple(condition, words(4), words(4)).map(([c, a, b]) => `#if ${c}\n${a}\n#else\n${b}\n#endif`) },
  { weight: 1, arbitrary: fc.tuple(words(4), words(6), words(4)).map(([a, b, c]) => `@s("${a}\n${b}\n${c}") ${a}`) },
);
const text = fc.array(line, { minLength: 2, maxLength: 8 }).map((lines) => lines.join('\n'));

/** What `npm run record` asks `cpp`. */
export const samples = (): string[] => [...new Set([...written, ...fc.sample(text, { numRuns: 800, seed: 16 })])];
