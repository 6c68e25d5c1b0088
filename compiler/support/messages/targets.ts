/** Targets, their tools and their limits. */
import { error, warning } from './message.js';

export const targetsMessages = {
  // ── targets and their tools ──
  'tool-missing': warning(
    (p: { command: string; variable: string }) => `${p.command} is not on PATH, so p4ts leaves its output out.`,
    (p: { command: string; variable: string }) => `install it, or set ${p.variable} to where it is`,
  ),
  'tool-not-there': error(
    (p: { command: string; variable: string; path: string }) =>
      `${p.variable} names ${p.path} for ${p.command}, but that is not a program that can be run.`,
  ),
  'target-architecture': error(
    (p: { target: string; takes: string; arch: string }) =>
      `${p.target} runs programs of ${p.takes} and pipelines of p4ts, not programs of ${p.arch}.`,
    (p: { target: string; takes: string; arch: string }) =>
      `run it with \`p4ts switch\`, \`p4ts trace\` or \`p4ts stf\`, or write it for ${p.takes}`,
  ),
  'not-on-target': error(
    (p: { what: string; target: string; reason: string }) => `${p.what} cannot be used on ${p.target}: ${p.reason}.`,
    (p: { what: string; target: string; reason: string; instead?: string }) => p.instead,
  ),
  // ── limits of one target (targets/bmv2/limits.ts says why) ──
  'bmv2-checksum-code': error(
    (p: { what: string }) => `BMv2 has no code where checksums are verified and updated, only a list of them: ${p.what}.`,
    () => 'compute what the checksum needs in ingress or egress, into metadata',
  ),
  'bmv2-deparser-code': error(
    () => 'The deparser of BMv2 emits headers in a fixed order, and does nothing else.',
    () => 'do it at the end of egress; a header that is not valid is not emitted',
  ),
  'bmv2-inlined-size': error(
    (p: { block: string; limit: number }) =>
      `${p.block} has more than ${p.limit} statements when all calls are inlined, which BMv2 needs: it has no functions.`,
    () => 'call the functions fewer times, or make them tables',
  ),
  'bmv2-division': error(
    (p: { op: string }) => `BMv2 has no division: "${p.op}" takes constants, or a power of two on its right.`,
    () => 'look the result up in a table',
  ),
  'bmv2-checksum-data': error(
    () => 'BMv2 computes checksums over fields, headers and constants, not over computed values.',
    () => 'assign a computed value to a field of the metadata first',
  ),
  'bmv2-not-in-block': error(
    (p: { what: string; here: string; takes: string }) =>
      `p4c does not translate ${p.what} for BMv2 in the ${p.here}, which takes ${p.takes}.`,
    () => 'do it in ingress or egress',
  ),
  'bmv2-data': error(
    (p: { call: string; got: string; takes: string }) => `p4c takes no ${p.got} in the data of ${p.call} for BMv2, only ${p.takes}.`,
    () => 'write a list of its fields: { hdr.ipv4.src, hdr.ipv4.dst }',
  ),
  'bmv2-enum-key': error(
    (p: { key: string; type: string }) => `BMv2 cannot match the key ${p.key}: ${p.type} is an enum without values, so it has no width.`,
    () => 'give the members of the enum values',
  ),
  'bmv2-profile-default': error(
    (p: { table: string; action: string }) =>
      `BMv2 has no default action for the table ${p.table}, whose actions are in a profile or selector: ${p.action} would never run.`,
    () => 'leave the default action out, and do what it does where the table misses',
  ),
  'bmv2-profile-default-left-out': warning(
    (p: { table: string; action: string }) =>
      `p4c leaves the default action ${p.action} out for BMv2: the actions of the table ${p.table} are in a profile or selector.`,
    () => 'do what it does where the table misses: if (t.apply().miss) { … }',
  ),
  'bmv2-value-set-exact': warning(
    (p: { name: string; field: string }) => `BMv2 matches the value set ${p.name} exactly: p4c ignores the match kind of ${p.field}.`,
  ),
  'bmv2-value-set': error(
    (p: { name: string }) => `BMv2 matches the value set ${p.name} only as a whole and exactly.`,
    () => 'select on the set alone, or give the select a case for everything else; a set of several fields is of a struct, without @match',
  ),
  'bmv2-register-type': error(
    (p: { name: string; type: string }) => `Registers of BMv2 hold numbers, but ${p.name} has cells of type ${p.type}.`,
    () => 'give the cells the type bit(W), one bit for a bool',
  ),
  'bmv2-entry-constant': error(
    (p: { value: string; isText: boolean }) =>
      `p4c cannot put ${p.value} into an entry or default action: ${p.isText ? 'its type is text for P4Runtime' : 'it is negative'}.`,
    () => 'let the controller install it',
  ),
  'bmv2-lpm-entry': warning(
    (p: { key: string; table: string }) =>
      `p4c gets the prefix of the key ${p.key} in this entry of ${p.table} wrong, or refuses the entry: the key has more than 64 bits.`,
    () => 'the switch of p4ts has it right; for BMv2 let the controller install the entry',
  ),
  'bmv2-optional-bool': error(
    (p: { key: string; table: string }) => `p4c takes no boolean for the optional key ${p.key} in an entry of ${p.table}.`,
    () => 'match bit<1> instead, or make the key ternary',
  ),
  'p4c-refuses': warning(
    (p: { why: string }) => `p4c does not compile the P4 of this program for BMv2: ${p.why}.`,
    () => 'give BMv2 the JSON that p4ts writes, which it loads',
  ),
  'bmv2-loop': warning(
    () => "With p4c's JSON, BMv2 runs the body of this loop once.",
    () => 'give BMv2 the JSON that p4ts writes, with which it runs the loop',
  ),
  'bmv2-packet-length': error(
    () => "BMv2's parser does not know the length of the packet.",
    () => 'read std.packetLength in egress',
  ),
  'bmv2-select-error': error(
    () => 'P4 has no select on an error.',
    () => 'compare the error in ingress: std.parserError',
  ),
  'bmv2-stack-list': error(
    () => 'BMv2 cannot read fields of headers in the value of a stack: it does not load the JSON that p4c writes for it.',
    () => 'assign the elements of the stack one by one: h.s[0] = …;',
  ),
  'bmv2-stack-index': error(
    (p: { cannot: string; element: string }) => `BMv2 cannot ${p.cannot} ${p.element}: its index is known only at run time.`,
    (p: { cannot: string; element: string; instead: string }) => p.instead,
  ),
  'bmv2-stack-index-unless-known': warning(
    (p: { cannot: string; element: string }) => `BMv2 cannot ${p.cannot} ${p.element}, unless p4c finds out its index.`,
    (p: { cannot: string; element: string; instead: string }) => p.instead,
  ),
  'bmv2-union-index': error(
    () => 'p4c does not translate an index computed at run time into a stack of header unions.',
    () => 'use constant indices',
  ),
  'bmv2-union-last': error(
    () => 'BMv2 does not know `last` of a stack of header unions: it does not load the JSON that p4c writes for it.',
    () => 'read the bits with lookahead before the header is extracted, or give the element by its index',
  ),
  'bmv2-union-shift': warning(
    (p: { method: string }) =>
      `${p.method} of a stack of header unions is wrong on BMv2: the elements that fall off come back at the other end.`,
    () => 'the switch of p4ts removes them; for BMv2 make the members of these elements invalid first',
  ),
  'bmv2-union-in-metadata': error(
    (p: { field: string }) => `BMv2 has no header unions in metadata (${p.field}): it does not load the JSON that p4c writes for them.`,
    () => 'put the union among the headers, or make it a stack of one element',
  ),
  'bmv2-lpm-width': warning(
    (p: { key: string; width: number }) =>
      `BMv2 gets the prefixes of the key ${p.key} wrong, in entries of the program and of controllers: ${p.width} bits are not a whole number of bytes.`,
    () => 'the switch of p4ts has them right; for BMv2 match a wider field, such as one made with concat, or a ternary key',
  ),
  'bmv2-drop-port': warning(
    () => 'BMv2 drops packets that are forwarded to port 511.',
    () => 'forward to a port from 0 to 510, or write c.drop()',
  ),
  'bmv2-translation': warning(
    (p: { what: string; type: string; controller: string }) =>
      `${p.what} is ${p.controller} for the control plane (${p.type}), but BMv2's own server does not translate values, so it refuses them.`,
    () => 'the switch of p4ts translates; for BMv2 give the type numbers of its own width, with as: bit(W)',
  ),
} as const;
