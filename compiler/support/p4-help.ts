/** What to write instead in a program in P4, where that is not what a pipeline in TypeScript has to write. */
import type { Code, Params } from './messages.js';

/** Whether a type that a diagnostic shows is `bit<W>` or `int<W>`. */
const isSized = (type: string): boolean => /^(bit|int)</.test(type);

export const p4Help: { readonly [C in Code]?: (p: Params<C>) => string | undefined } = {
  'program-too-large': () => 'keep repeated subexpressions in variables; build long chains as tables or balanced expressions',
  'field-type': ({ kind }) =>
    kind === 'header' ? 'a field of a header is bit<W>, int<W>, bool, an enum with values, or a varbit' : undefined,
  'apply-in-action': () => 'apply it in the apply block, after the table that runs the action: switch (t.apply().action_run) { … }',
  'not-assignable': () =>
    'assign to a variable, to a parameter with the direction out or inout, to a field, slice or element of a stack in one, or to a tuple as a whole',
  recursion: ({ what }) =>
    what === 'function' || what === 'action' ? 'P4 has no recursion: use a loop, or recirculate the packet' : undefined,
  'select-without-default': () => 'write default: reject; if that is meant, or default: accept;',
  'header-maybe-invalid': ({ header }) => `put it inside if (${header}.isValid()) { … }`,
  'type-mismatch': ({ got, expected }) => (isSized(got) && isSized(expected) ? `write a cast if that is meant: (${expected})` : undefined),
  'slice-out-of-range': () => 'write [high:low], where bit 0 is the least significant',
  'control-name': () => 'write @name("…") with another name before one of them',
  'direct-meter-place': ({ meter, table }) =>
    table === undefined ? `write meters = ${meter} in a table` : 'read it in an action of that table alone, into metadata',
  'bmv2-lpm-width': () => 'the switch of p4ts has them right; for BMv2 match a wider field, such as one made with ++, or a ternary key',
  'bmv2-register-type': () => 'give the cells the type bit<W>, one bit for a bool',
  'bmv2-packet-length': () => 'read standard_metadata.packet_length in egress',
  'bmv2-select-error': () => 'compare the error in ingress: standard_metadata.parser_error',
  'bmv2-translation': () =>
    'the switch of p4ts translates; for BMv2 translate to numbers of the width of the type: @p4runtime_translation("…", bit<W>)',
};
