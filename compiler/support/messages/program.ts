/** Mistakes that the validator and the reader of the JSON form find in a program, whatever it was written in. */
import { didYouMean, error, listed, warning } from './message.js';

export const programMessages = {
  // ── the JSON form of the IR (compiler/ir) ──

  'ir-malformed': error((p: { place: string; expected: string }) => `This is not a p4ts program: at ${p.place}, expected ${p.expected}.`),
  'ir-version': error(
    (p: { found: string; known: number }) => `The program has IR version ${p.found}; this p4ts reads version ${p.known}.`,
    () => 'compile the program again with this version of p4ts',
  ),
  'ir-too-large': error((p: { limit: number }) => `The program has more than ${p.limit} characters.`),
  // ── validate (compiler/analysis): names and types ──

  'out-of-scope': error(
    (p: { what: string; name: string; owner: string }) => `The ${p.what} "${p.name}" exists only in ${p.owner}.`,
    () => 'declare it where it is used; a value can be passed as an argument or in the metadata',
  ),
  'enum-value': error((p: { enum: string; member: string; needed: boolean }) =>
    p.needed
      ? `The member ${p.member} of ${p.enum} has no value.`
      : `The member ${p.member} of ${p.enum} has a value, but the enum has no type.`,
  ),
  'empty-enum': error((p: { name: string }) => `The enum ${p.name} has no members.`),
  'not-a-struct': error((p: { type: string; package: string }) => `${p.type} is not a struct, which ${p.package} needs.`),
  'headers-field': error(
    (p: { field: string; type: string }) => `The field ${p.field} of the struct of headers is ${p.type}, which is not a header.`,
  ),
  'two-varbits': error(
    (p: { header: string }) => `The header ${p.header} has more than one field of variable size.`,
    () => 'split it into headers with one varbit each',
  ),
  'header-size': error(
    (p: { header: string; bits: number }) => `The header ${p.header} has ${p.bits} bits, which is not a whole number of bytes.`,
    (p: { bits: number }) => `add a field of ${8 - (p.bits % 8)} bits, or correct the width of another one`,
  ),
  'no-result': error((p: { what: string }) => `${p.what} returns nothing that could be assigned.`),
  // ── validate: statements, blocks and tables ──

  'wrong-block': error(
    (p: { what: string; here: string; blocks: string }) => `${p.what} cannot be called in the ${p.here}; it belongs in the ${p.blocks}.`,
  ),
  'block-statement': error(
    (p: { block: string; calls: string }) => `The ${p.block} can only call ${p.calls}.`,
    () => 'move other statements to the end of ingress or egress',
  ),
  'applied-twice': error(
    (p: { table: string }) => `The table ${p.table} is applied twice on one path.`,
    () => 'a packet can pass a table once: declare a second table with the same actions, or apply this one in one place',
  ),
  'declared-later': error(
    (p: { what: string; name: string }) => `The ${p.what} "${p.name}" is used before it is declared.`,
    () => 'move the declaration up',
  ),
  'parser-loop': error(
    (p: { states: string }) => `The parser can loop forever: ${p.states} extracts nothing on the way.`,
    () => 'extract or advance in one of these states',
  ),
  'two-lpm-keys': error(
    (p: { table: string; first: string; second: string }) =>
      `The table ${p.table} has two longest-prefix keys, ${p.first} and ${p.second}: a table can have one.`,
    () => 'make all but one ternary or exact',
  ),
  'action-data-type': error(
    (p: { param: string; action: string; type: string }) =>
      `The parameter ${p.param} of ${p.action} is ${p.type}: entries of a table cannot give it a value.`,
    () => 'take its fields as parameters, one each',
  ),
  'control-name': error(
    (p: { what: string; name: string }) => `The control plane knows another ${p.what} by the name "${p.name}".`,
    () => 'give one of them another name',
  ),
  'no-control-name': error(
    (p: { what: string; name: string }) => `The control plane has no name for the ${p.what} \`${p.name}\`: its @name is empty.`,
    () => 'write it as a text, such as "routes", or leave @name out',
  ),
  'id-range': error(
    (p: { id: string; name: string }) => `@id(${p.id}) of the ${p.name} is not a number from 1 to 0xffffffff.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'id-kind': error(
    (p: { id: string; name: string; kind: string; prefix: string; expected: string }) =>
      `@id(${p.id}) of the ${p.name} begins with ${p.prefix}, but ids of ${p.kind}s begin with ${p.expected}.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'duplicate-id': error(
    (p: { id: string; name: string; other: string }) => `The ${p.name} has the id ${p.id}, which ${p.other} has as well.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'shared-direct': error(
    (p: { name: string; first: string; second: string }) => `${p.name} belongs to one table, but both ${p.first} and ${p.second} name it.`,
  ),
  'bad-property': error((p: { property: string; expected: string }) => `The table property "${p.property}" must be ${p.expected}.`),
  'main-package': error(
    (p: { package: string; arch: string; expected: string }) => `${p.package} is not the package of ${p.arch}, which is ${p.expected}.`,
  ),
  'main-blocks': error((p: { package: string; expected: number; got: number }) => `${p.package} takes ${p.expected} blocks, not ${p.got}.`),
  'main-block-twice': error((p: { package: string }) => `${p.package} cannot take one block twice.`),
  'bad-block': error((p: { block: string; expected: string }) => `The block ${p.block} must have the parameters ${p.expected}.`),
  // ── validate: constraints of entries and actions, references between tables ──

  // Text that cannot be read is a warning, since p4c takes any: the preprocessor leaves macros in text of one line as they are.
  'constraint-syntax': warning(
    (p: { of: string; found: string; expected: string }) =>
      `The restriction of ${p.of} is not checked: found ${p.found}, expected ${p.expected}.`,
  ),
  'constraint-form': error((p: { of: string; problem: string }) => `The restriction of ${p.of}: ${p.problem}.`),
  'constraint-name': warning(
    (p: { of: string; what: string; name: string; suggestion: string | undefined; valid: readonly string[] }) =>
      `The restriction of ${p.of} is not checked: there is no ${p.what} ${p.name}${didYouMean(p.suggestion)}.`,
    (p: { what: string; suggestion: string | undefined; valid: readonly string[] }) =>
      (p.valid.length === 0 ? `it has no ${p.what}s` : `the ${p.what}s are ${listed(p.valid)}`) +
      (p.suggestion === undefined ? '; the preprocessor replaces macros only in text of several lines' : ''),
  ),
  'constraint-twice': warning(
    (p: { of: string; name: string }) => `${p.of} has several @${p.name}; p4-constraints and p4ts read only the first.`,
    () => 'write one, with ";" between the conditions',
  ),
  'reference-form': error((p: { of: string; problem: string }) => `The reference of ${p.of}: ${p.problem}.`),
  'reference-name': error(
    (p: { of: string; what: string; name: string; suggestion: string | undefined; valid: readonly string[] }) =>
      `The reference of ${p.of}: ${p.name} is no ${p.what}${didYouMean(p.suggestion)}.`,
    (p: { valid: readonly string[] }) => (p.valid.length === 0 ? undefined : `known are ${listed(p.valid)}`),
  ),
} as const;
