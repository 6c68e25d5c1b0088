/** What the validator finds in the use of state and services, and its warnings. */
import { error, warning } from './message.js';

/** How the parser ends for packets that a select has no case for. */
const withoutMatch = {
  reject: 'are rejected',
  accept: 'are accepted, and there is no parser error',
  error: 'have the parser error NoMatch',
};

export const servicesMessages = {
  // ── validate: state and services ──

  'keep-not-metadata': error(
    (p: { call: string; got: string }) => `${p.call} cannot keep \`${p.got}\`, which is not a field of the metadata.`,
    () => 'copy it into a field of the metadata before, and keep that',
  ),
  'given-effect': error(
    (p: { what: string; does: string }) => `The function given to ${p.what} ${p.does}: it can only compute the cell and a result.`,
    () => 'return { next, result }, and do the rest after the call',
  ),
  'given-twice': error((p: { what: string; name: string }) => `The function given to ${p.what} assigns \`${p.name}\` twice.`),
  'given-no-result': error((p: { what: string }) => `The function given to ${p.what} does not assign its result.`),
  'direct-meter-place': error(
    (p: { meter: string; table: string | undefined }) =>
      p.table === undefined
        ? `${p.meter} is read, but no table has it as its meter.`
        : `${p.meter} can be read only in the actions of ${p.table}, which know the entry that the meter belongs to.`,
    (p: { meter: string; table: string | undefined }) =>
      p.table === undefined ? 'give a table the option meter' : 'read it in an action of that table alone, into metadata',
  ),
  'direct-meter-shared': warning(
    (p: { meter: string; action: string; table: string }) =>
      `The table ${p.table} also runs the action ${p.action}, which reads ${p.meter}, but its entries have no such meter.`,
  ),
  'selector-keys': error((p: { table: string; needed: boolean }) =>
    p.needed
      ? `The table ${p.table} chooses members by a selector, but has no key that the selector hashes.`
      : `The table ${p.table} has a key for a selector, but its implementation is not a selector.`,
  ),
  'shared-profile': error(
    (p: { name: string; first: string; second: string }) =>
      `${p.first} and ${p.second} share ${p.name}, so they must have the same actions and hash the same keys.`,
  ),
  'entries-indirect': error(
    (p: { table: string }) =>
      `The table ${p.table} cannot declare entries: they would name members of its action profile or selector, which only a controller creates.`,
    () => 'let the controller write the entries',
  ),
  'entries-too-many': error(
    (p: { table: string; size: number; entries: number }) => `The table ${p.table} has ${p.entries} entries, but its size is ${p.size}.`,
  ),
  'entry-priority-first': error(
    () => 'The first entry of a table must have a priority if a later entry has one.',
    () => 'write the priority before the entry: priority = 10: …',
  ),
  'entry-priority-range': error(
    (p: { priority: string; most: string }) => `The priority of this entry is ${p.priority}; it must be from 0 to ${p.most}.`,
  ),
  'entry-priority-const': error(
    () => 'A constant entry cannot have a priority: the first entry that matches wins.',
    () => 'order the entries, or write `entries` without const',
  ),
  'entry-priority-unused': error(() => 'An entry cannot have a priority if all keys are exact or lpm.'),
  // ── validate: warnings ──

  'effect-twice': warning(
    (p: { what: string }) => `Two calls of ${p.what} are on one path: only the last one has an effect.`,
    () => 'let the branches write their decision into metadata, and make the call in one place after them',
  ),
  'mirror-without-packet-in': warning(
    (p: { bytes: number }) =>
      `If the session of this mirror leads to the controller, the first ${p.bytes} bytes of the copy are read as packet-in metadata.`,
    () =>
      'fill the metadata of copies in egress: c.if(std.path.eq(Path.mirrored), () => c.packetIn({ … })); packets to other ports stay as they are',
  ),
  'metadata-not-kept': warning(
    (p: { field: string }) => `\`${p.field}\` is 0 in mirrored packets: no mirror keeps it.`,
    (p: { field: string }) => `name it where the packet is mirrored: c.mirror(session, { keep: [${p.field}] })`,
  ),
  'empty-range': warning(
    (p: { low: string; high: string }) => `The range from ${p.low} to ${p.high} is empty: the lower bound must come first.`,
    (p: { low: string; high: string }) => `write ${p.high} as the lower bound and ${p.low} as the upper bound`,
  ),
  'hash-without-range': warning(
    () => 'A hash modulo 0 is always its base.',
    () => 'give the number of values that the hash can have',
  ),
  'hash-range': warning(
    (p: { first: string; last: string; type: string }) =>
      `This hash is from ${p.first} to ${p.last}, which does not fit ${p.type}: its upper bits are lost.`,
    () => 'choose a smaller base or number of values, or a wider result',
  ),
  'never-emitted': warning(
    (p: { header: string }) =>
      `\`${p.header}\` becomes part of the packet, but the deparser does not emit it: the packet leaves without it.`,
    (p: { header: string }) => `emit it in the deparser; if it is meant to be removed, write c.setInvalid(${p.header})`,
  ),
  'nothing-emitted': warning(
    (p: { header: string }) => `The deparser emits nothing: packets leave without \`${p.header}\`.`,
    () => 'emit the headers in their order: deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4)',
  ),
  'emitted-twice': warning(
    (p: { header: string }) => `\`${p.header}\` is emitted twice: the packet leaves with two copies of it.`,
    () => 'emit it once, where it stands in the packet',
  ),
  'never-decides': warning(
    () => 'Ingress never decides where packets go: every packet is dropped.',
    () => 'forward packets with c.forward(port), or send them to the controller; if all are meant to be dropped, write c.drop()',
  ),
  'cell-index': warning(
    (p: { name: string; index: string; size: string }) =>
      `${p.name} has ${p.size} cells, from 0: cell ${p.index} does not exist, so this call has no effect.`,
    (p: { name: string }) => `declare ${p.name} with more cells, or use a smaller index`,
  ),
  'target-never': warning(
    (p: { target: string; around: string; is: boolean }) =>
      `This part for ${p.target} never runs: it is inside a part for ${p.is ? p.around : `targets other than ${p.around}`}.`,
  ),
  'select-without-default': warning(
    (p: { end: keyof typeof withoutMatch }) => `Packets that match no case of this select ${withoutMatch[p.end]}.`,
    () => "write .otherwise('reject') if that is meant, or .otherwise('accept') or another state",
  ),
  'unreachable-statement': warning(
    (p: { after: string }) => `This is never reached: the ${p.after} before it ends the block.`,
    (p: { after: string }) => `move it before the ${p.after}, or remove it`,
  ),
  'unreachable-state': warning(
    (p: { state: string }) => `No path of the parser leads to the state "${p.state}".`,
    () => 'go to it from another state, or remove it',
  ),
  'unreachable-case': warning(
    () => 'This case is never reached: an earlier case matches everything.',
    () => 'move this case before it, or remove this case',
  ),
  'never-used': warning(
    (p: { what: string; name: string }) => `The ${p.what} \`${p.name}\` is declared and never used.`,
    () => 'use it, or remove it',
  ),
  'header-maybe-invalid': warning(
    (p: { field: string; header: string; certain: boolean }) =>
      `\`${p.field}\` is read where \`${p.header}\` ${p.certain ? 'is not' : 'may not be'} valid.`,
    (p: { header: string }) => `put it inside c.if(valid(${p.header}), () => …)`,
  ),
} as const;
