/** Mistakes in the rules of P4 itself, which the recorder of pipelines, the checker of P4 source and the validator share. */
import { nearest } from '../suggest.js';
import { article, didYouMean, error, listed, type Misfit, misfit } from './message.js';

export const languageMessages = {
  'literal-out-of-range': error((p: Misfit) => `${misfit(p)}.`),
  'bad-width': error(
    (p: { type: string; least?: number; most: number }) =>
      `${p.type} is not a type: its width must be a whole number from ${p.least ?? 1} to ${p.most}.`,
  ),
  'bad-stack-depth': error(
    (p: { depth: string }) => `A header stack cannot have ${p.depth} elements.`,
    () => 'write a whole number from 1 to 1024',
  ),
  'reserved-name': error(
    (p: { name: string; what: string; by: string }) => `The ${p.what} cannot be called "${p.name}": ${p.by} declares that name.`,
  ),
  'reserved-state': error((p: { name: string }) => `The parser state cannot be called "${p.name}": every parser has a state of that name.`),
  'bad-name': error(
    (p: { name: string; what: string }) =>
      `"${p.name}" cannot name ${article(p.what)} ${p.what}: the control plane and P4 need a letter or _, then letters, digits and _.`,
  ),
  'duplicate-name': error(
    (p: { name: string; what: string }) => `The name "${p.name}" is taken: ${article(p.what)} ${p.what} of that name is declared already.`,
  ),
  'type-mismatch': error(
    (p: { what?: string | undefined; got: string; expected: string }) =>
      `${p.what === undefined ? 'This' : `\`${p.what}\``} is ${p.got}, but ${p.expected} is expected.`,
    (p: { got: string; expected: string }) => {
      if (p.expected === 'bool') return 'write a condition, such as a.eq(1) or valid(header); of one bit, a.asBool()';
      const areBits = p.got.startsWith('bit<') && p.expected.startsWith('bit<');
      return areBits ? 'bring it to the width with .as(bit(W)), .bits(low, W) or concat(bit(W), …)' : undefined;
    },
  ),
  'no-such-member': error(
    (p: { of: string; name: string; names: readonly string[]; suggestion: string | undefined }) =>
      `${p.of} has no "${p.name}"${didYouMean(p.suggestion)}.`,
    ({ of, names }: { of: string; names: readonly string[] }) => (names.length === 0 ? undefined : `${of} has ${listed(names)}`),
  ),
  'bad-operand': error((p: { got: string; expected: string }) => `Expected ${p.expected}, got ${p.got}.`),
  'slice-out-of-range': error(
    (p: { slice: string; type: string }) => `${p.slice} is outside ${p.type}.`,
    () => 'bits(low, width) takes `width` bits from bit `low`, where bit 0 is the least significant',
  ),
  'bad-shift': error(
    (p: { by: string }) => `A value cannot be shifted by ${p.by}.`,
    () => 'shift by a whole number that is not negative',
  ),
  'shift-by-signed': error(
    (p: { type: string }) => `The amount of this shift has the type ${p.type}, so it may be negative.`,
    () => 'cast the amount to a type bit<W>',
  ),
  'not-assignable': error(
    (p: { got: string }) => `${p.got} cannot be assigned to.`,
    () => 'assign to a field of a header or of the metadata, to bits of one, or to a c.let variable',
  ),
  'apply-in-action': error(
    (p: { table: string }) => `An action cannot apply a table (${p.table}).`,
    () => 'apply it in ctl.apply, after the table that runs the action: c.switch(c.apply(t)).case(action, () => c.apply(other))',
  ),
  'switch-not-on-apply': error(
    () => 'c.switch must follow directly after its c.apply.',
    () => 'write c.switch(c.apply(table)).case(action, () => …)',
  ),
  'action-not-in-table': error(
    (p: { action: string; table: string; actions: readonly string[] }) => `${p.action} is not an action of the table ${p.table}.`,
    (p: { action: string; actions: readonly string[] }) =>
      p.actions.length === 0
        ? 'the table has no actions'
        : `its actions are ${listed(p.actions)}${didYouMean(nearest(p.action, p.actions))}`,
  ),
  'missing-argument': error((p: { what: string; name: string }) => `${p.what} needs a value for "${p.name}".`),
  'unknown-argument': error(
    (p: { what: string; name: string; names: readonly string[]; suggestion: string }) => `${p.what} has no "${p.name}"${p.suggestion}.`,
    ({ names }: { names: readonly string[] }) => (names.length === 0 ? undefined : `the names are ${listed(names)}`),
  ),
  'index-out-of-range': error(
    (p: { index: string; type: string; size: number | undefined }) =>
      `Element ${p.index} is outside ${p.type}${p.size === undefined ? '' : `, which has ${p.size} elements (0 is the first)`}.`,
    () => 'use a smaller index, or declare more elements',
  ),
  'element-type': error((p: { what: string; type: string; expected: string }) => `${p.what} cannot have ${p.type}: it has ${p.expected}.`),
  'newtype-base': error(
    (p: { name: string; type: string }) => `The type ${p.name} cannot be made of ${p.type}.`,
    () => 'a type is made of bit<W>, int<W>, bool or a type made of these; write typedef for other types',
  ),
  'variable-type': error((p: { what: string; type: string }) => `${p.what} cannot be ${p.type}.`),
  'parameter-order': error(
    (p: { name: string }) => `The parameter ${p.name} has no direction, so it must come after the parameters of the action that have one.`,
  ),
  'type-argument-count': error(
    (p: { name: string; got: number; expected: number }) => `${p.name} takes ${p.expected} type arguments, not ${p.got}.`,
  ),
  'not-instantiable': error((p: { type: string }) => `${p.type} cannot be instantiated.`),
  'return-with-value': error(() => 'This return cannot have a value: nothing is returned here.'),
  'return-without-value': error((p: { type: string }) => `This return must have a value of type ${p.type}.`),
  'duplicate-case': error(
    (p: { label: string }) => `There are two cases for ${p.label}.`,
    () => 'remove one of them: only the first would run',
  ),
  'key-count': error(
    (p: { what: string; got: number; expected: number }) =>
      `${p.what} has ${p.got} keys, but ${p.expected} ${p.expected === 1 ? 'is' : 'are'} expected.`,
  ),
  'program-too-large': error(
    (p: { limit: string }) => `The program is too large: ${p.limit}.`,
    () => "capture repeated subexpressions with c.let('name', …); build long chains as tables or balanced expressions",
  ),
  'unknown-name': error(
    (p: { what: string; name: string; suggestion: string | undefined }) => `There is no ${p.what} "${p.name}"${didYouMean(p.suggestion)}.`,
  ),
  'recursive-type': error((p: { name: string }) => `The type ${p.name} contains itself.`),
  'field-type': error(
    (p: { kind: string; field: string; type: string }) => `The field ${p.field} of a ${p.kind.replace('_', ' ')} cannot be ${p.type}.`,
    (p: { kind: string }) =>
      p.kind === 'header' ? 'a field of a header is bit(W), int(W), bool, an enumeration with values, or a varbit' : undefined,
  ),
  'operand-type': error((p: { op: string; types: string }) => `${p.op} does not take ${p.types}.`),
  'bad-cast': error(
    (p: { from: string; to: string; by?: string | undefined }) => `${p.from} cannot be cast to ${p.to}.`,
    (p) => p.by && `cast it to ${p.by} first`,
  ),
  'division-by-zero': error((p: { op: string }) => `The right operand of ${p.op} is zero.`),
  'negative-division': error((p: { op: string }) => `${p.op} does not take negative numbers.`),
  'not-constant': error((p: { what: string }) => `${p.what} must be known when the program is compiled.`),
  'parser-only': error((p: { what: string }) => `${p.what} exists only in parsers.`),
  'argument-count': error(
    (p: { what: string; expected: string; got: number }) =>
      `${p.what} takes ${p.expected} argument${p.expected === '1' ? '' : 's'}, not ${p.got}.`,
  ),
  'wrong-place': error((p: { what: string; where: string }) => `${p.what} cannot be used ${p.where}.`),
  recursion: error(
    (p: { what: string; name: string }) => `The ${p.what} "${p.name}" is used in its own declaration.`,
    () => 'P4 has no recursion: use a loop of TypeScript, or c.recirculate()',
  ),
  'jump-outside-loop': error((p: { what: string }) => `${p.what} cannot be used outside a loop.`),
  'missing-return': error((p: { name: string; type: string }) => `The function ${p.name} can end without returning ${p.type}.`),
  'missing-start': error((p: { parser: string }) => `The parser ${p.parser} has no state "start".`),
  'key-type': error(
    (p: { key?: string; match: string; type: string }) =>
      `${p.key === undefined ? 'This key' : `The key ${p.key}`} is ${p.type}, which cannot be matched as ${p.match}.`,
  ),
  'key-set': error((p: { match: string; got: string }) => `A key matched as ${p.match} cannot be ${p.got}.`),
  'mask-not-prefix': error(
    (p: { got?: string }) => `${p.got ?? 'This'} cannot match a key of kind lpm: its mask must be a prefix, ones and then zeros.`,
    () => 'if other masks are meant, match the key as ternary',
  ),
  'wrong-scope': error(
    (p: { action: string; scope: string; use: string }) => `The action ${p.action} is ${p.scope}: it cannot be ${p.use}.`,
  ),
  'entry-duplicate': error((p: { table: string }) => `The table ${p.table} has another entry with the same match.`),
  'not-yet': error(
    (p: { feature: string }) => `${p.feature} is not supported yet.`,
    (p: { feature: string; instead?: string }) => p.instead,
  ),
} as const;
