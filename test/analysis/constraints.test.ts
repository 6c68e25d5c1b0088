// Constraints of entries and actions in programs: mistakes at their line within the annotation.
import { expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { fromJson, toJson } from '../../compiler/ir/json.js';
import { load } from '../frontend/lower/load.js';
import { v1modelSource, v1modelText } from '../support/v1model-text.js';

interface Restricted {
  readonly table?: string;
  readonly action?: string;
  readonly top?: string;
}

/** The keys are of every kind; `name` is text for the control plane. */
const source = ({ table = '', action = '', top = '' }: Restricted): string =>
  v1modelSource({
    top: `@p4runtime_translation("example.org/Name", string) type bit<8> name_t; ${top}`,
    locals: `
${action}
action go(bit<9> port, bool fast) { s.egress_spec = port; }
name_t someone = (name_t)0;
${table}
table t {
  key = { hdr.h.a: exact @name("a"); hdr.h.b: ternary; m.x: lpm @name("x"); s.packet_length: range @name("size");
          hdr.h.isValid(): optional @name("valid"); someone: optional @name("someone"); }
  actions = { go; }
}`,
    ingress: 't.apply();',
  });

/** `line:column code sentence` of each mistake, lines counted from the annotation. */
async function mistakes(restricted: Restricted): Promise<string[]> {
  const text = source(restricted);
  const first = text.split('\n').findIndex((line) => /@(entry|action)_restriction/.test(line));
  const { diagnostics } = validate(await load(text));
  return diagnostics
    .filter((d) => /^constraint|annotation-body/.test(d.code))
    .map((d) => `${d.loc.line - first}:${d.loc.column} ${d.code} ${d.message}${d.help ? ` (${d.help})` : ''}`);
}
const of = 'The restriction of the table I.t';

test.each([
  ['a == 1;\n  hdr.h.c == 2', `2:3 constraint-name ${of} is not checked: there is no key hdr.h.c; did you mean "hdr.h.b"?`],
  ['a == == 1', `1:26 constraint-syntax ${of} is not checked: found "==", expected a key, a number or a condition.`],
  ['a == 1\n\n', `1:27 constraint-syntax`],
  ['a $ 1', `1:23 constraint-syntax ${of} is not checked: found "$"`],
  ['', `1:21 constraint-syntax ${of} is not checked: found the end of the text, expected a key, a number or a condition.`],
  ['a', `1:21 constraint-form ${of}: a is exact<8>, and a condition is needed.`],
  ['a == 1 == true', `1:28 constraint-form ${of}: "==" follows on another; put the first of the two in parentheses.`],
  ['a==1 -> a==2 -> a==3', `1:34 constraint-form ${of}: "->" follows on another; put the first of the two in parentheses.`],
  ['x > 4', `1:21 constraint-form ${of}: x is lpm<16>, which has no order; compare x::value or x::prefix_length.`],
  ['4 >= size', `1:21 constraint-form ${of}: size is range<32>, which has no order; compare size::low or size::high.`],
  ['x::mask == 0', `1:21 constraint-form ${of}: x is lpm<16>, which has ::value and ::prefix_length, not ::mask.`],
  ['5::value == 0', `1:21 constraint-form ${of}: 5 is int, which has no parts.`],
  ['a::value::value == 0', `1:29 constraint-form ${of}: a part of a key is a number, which has no parts.`],
  ['a == hdr.h.b', `1:21 constraint-form ${of}: a (exact<8>) and hdr.h.b (ternary<8>) cannot be compared.`],
  ['a == x::value', `1:21 constraint-form ${of}: a (exact<8>) and x::value (bit<16>) cannot be compared.`],
  ['valid == true', `1:30 constraint-form ${of}: true is a condition, and a number is needed; a key of type bool is compared with 1.`],
  ['(a::value)::value == 1', `1:21 constraint-form ${of}: (a::value) is bit<8>, which has no parts.`],
  ['(a == 1) < (a == 2)', `1:21 constraint-form ${of}: conditions are compared with == and !=, not with <.`],
  ['a == 1 && !2', `1:32 constraint-form ${of}: 2 is int, and a condition is needed.`],
  ['a == -x::value', `1:27 constraint-form ${of}: x::value is bit<16>, and only numbers without a width are negated.`],
  ['::size == 1', `1:21 constraint-form ${of}: there is no ::size, only ::priority.`],
  ["a == ipv4('10.0.0')", `1:31 constraint-form ${of}: "10.0.0" is not an IPv4 address such as 10.0.0.1.`],
  ["a == url('x')", `1:30 constraint-form ${of}: there is no address "url", only ipv4, ipv6 and mac.`],
  ['someone::mask == a::value', `1:21 constraint-form ${of}: someone::mask (bit<1>) and a::value (bit<8>) cannot be compared.`],
])('%j', async (text, expected) => {
  const found = await mistakes({ table: `@entry_restriction("${text}")` });
  // A mistake at the end of a text of several lines is there.
  if (text.endsWith('\n\n')) expect(found).toEqual([]);
  else expect(found.map((one) => one.slice(0, expected.length))).toEqual([expected]);
});

test('every mistake of a constraint is told, and one of its grammar alone', async () => {
  const found = await mistakes({ table: '@entry_restriction("q == 1;\n r == 2 -> x > 1;\n  a::low == 1")' });
  expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
    '1:21 constraint-name',
    '2:2 constraint-name',
    '2:12 constraint-form',
    '3:3 constraint-form',
  ]);
});

test('of several texts in one annotation, each has its place; comments and macros are between them', async () => {
  const table = '@entry_restriction(\n  // The first.\n  "a == 1;"\n  "hdr.h.b == 1;\n    q == ONE; hdr.h.b != ONE"\n)';
  const found = await mistakes({ table, top: '\n#define ONE 1\n' });
  expect(found).toEqual([
    `5:5 constraint-name ${of} is not checked: there is no key q; did you mean "a"? (the keys are a, hdr.h.b, x, size, valid, someone)`,
  ]);
});

test('an annotation without text, and a second one', async () => {
  expect(await mistakes({ table: '@entry_restriction(a == 1)' })).toEqual([
    expect.stringContaining('annotation-body The annotation @entry_restriction takes a constraint as text in quotes.'),
  ]);
  expect(await mistakes({ table: '@entry_restriction' })).toHaveLength(1);
  expect(await mistakes({ table: '@entry_restriction("a == 1") @entry_restriction("q == 1")' })).toEqual([
    expect.stringContaining('constraint-twice The table I.t has several @entry_restriction'),
  ]);
});

test('macros that the preprocessor leaves in text of one line: warnings, since p4c takes the program', async () => {
  const macros = '\n#define ONE 1\n#define IS(key) key == 1\n';
  for (const text of ['a == ONE', 'a == ONE; hdr.h.b == ONE', 'ONE', 'IS(a)', 'a::value == ONE -> IS(hdr.h.b)']) {
    const { diagnostics } = validate(await load(source({ table: `@entry_restriction("${text}")`, top: macros })));
    const found = diagnostics.filter((d) => d.code.startsWith('constraint'));
    expect(found.map((d) => d.severity)).toContain('warning');
    expect(found.map((d) => d.severity)).not.toContain('error');
  }
  expect(await mistakes({ table: '@entry_restriction("a == ONE")', top: macros })).toEqual([
    `1:26 constraint-name ${of} is not checked: there is no key ONE. (the keys are a, hdr.h.b, x, size, valid, someone; the preprocessor replaces macros only in text of several lines)`,
  ]);
  expect(await mistakes({ table: '@entry_restriction("\n a == ONE;\n IS(hdr.h.b)\n")', top: macros })).toEqual([]);
});

test('of an action: its parameters, without a priority', async () => {
  expect(await mistakes({ action: '@action_restriction("port != 0; fast == 1")' })).toEqual([]);
  expect(await mistakes({ action: '@action_restriction("prt != 0; ::priority == 1; port::value == 1")' })).toEqual([
    '1:22 constraint-name The restriction of the action I.go is not checked: there is no parameter prt; did you mean "port"? (the parameters are port, fast)',
    '1:32 constraint-form The restriction of the action I.go: an action has no priority, only entries have.',
    '1:49 constraint-form The restriction of the action I.go: port is bit<9>, which has no parts.',
  ]);
});

test('places are kept in the form in which programs are loaded', async () => {
  const program = await v1modelText({
    locals: '@entry_restriction("q == 1") table t { key = { hdr.h.a: exact; } actions = { NoAction; } }',
    ingress: 't.apply();',
  });
  expect(validate(fromJson(toJson(program))).diagnostics).toEqual(validate(program).diagnostics);
});

test('a constraint may be deep, though not without an end', async () => {
  const nested = (depth: number) => `@entry_restriction("${'('.repeat(depth)}a == 1${')'.repeat(depth)}")`;
  expect(await mistakes({ table: nested(60) })).toEqual([]);
  expect(await mistakes({ table: nested(50_000) })).toEqual([expect.stringContaining('nested more than 100 deep')]);
  expect(await mistakes({ table: `@entry_restriction("${'!'.repeat(50_000)}true")` })).toEqual([
    expect.stringContaining('nested more than 100 deep'),
  ]);
  expect(await mistakes({ table: `@entry_restriction("a${'::value'.repeat(20_000)} == 1")` })).toHaveLength(1);
  expect(await mistakes({ table: `@entry_restriction("${'a == 1 && '.repeat(5_000)}true")` })).toEqual([]);
});
