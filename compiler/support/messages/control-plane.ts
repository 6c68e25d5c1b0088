/** The control plane: clients, files of entries, STF. */
import { didYouMean, error, listed } from './message.js';

export const controlPlaneMessages = {
  // ── the control plane (runtime/client, runtime/p4runtime) ──
  'not-a-pipeline': error((p: { what: string; got: string }) => `${p.what} expects what pipeline(…) or loadP4(…) returned, not ${p.got}.`),
  'not-a-handle': error(
    (p: { what: string; kind: string; got: string }) =>
      `${p.what} expects a ${p.kind} that the pipeline's ingress or egress function returned, not ${p.got}.`,
  ),
  'not-desired': error(
    (p: { what: string; got: string }) =>
      `${p.what} expects what tableEntries(…), multicastGroup(…) or a similar function returned, not ${p.got}.`,
  ),
  'handle-of-another': error(
    (p: { kind: string; path: string; owner: string; program: string }) =>
      p.owner === p.program
        ? `The ${p.kind} ${p.path} belongs to another pipeline ${p.owner} than the one on this switch.`
        : `The ${p.kind} ${p.path} belongs to the pipeline ${p.owner}; this switch has the pipeline ${p.program}.`,
    () => 'take it from the pipeline that connect or simulate was given',
  ),
  'no-such-part': error((p: { kind: string; path: string; program: string }) => `The pipeline ${p.program} has no ${p.kind} ${p.path}.`),
  'p4-no-such': error(
    (p: { kind: string; name: string; program: string; suggestion: string }) => `${p.program} has no ${p.kind} "${p.name}"${p.suggestion}.`,
  ),
  'not-in-target': error(
    (p: { kind: string; path: string; target: string }) => `The ${p.kind} ${p.path} is not in the P4Info of ${p.target}.`,
    () => 'a table that is never applied is left out of P4Info',
  ),
  'open-const-table': error(
    (p: { table: string }) => `The table ${p.table} cannot be open: all its entries are constant, so they are known.`,
  ),
  'too-many-ways': error(
    (p: { limit: number; choices: readonly string[] }) =>
      `The packet can go more ways than ${p.limit} runs can show. Its choices are ${p.choices.join(', ')}.`,
    () => 'open fewer tables, send a packet that comes to fewer choices, or raise the limit',
  ),
  'entry-value': error((p: { at: string; problem: string }) => `${p.at}: ${p.problem}.`),
  'entry-unknown': error(
    (p: { at: string; what: string; name: string; suggestion: string | undefined; valid?: readonly string[] }) =>
      `${p.at}: there is no ${p.what} "${p.name}"${didYouMean(p.suggestion)}${p.suggestion === undefined ? '.' : ''}`,
    ({ valid = [] }: { valid?: readonly string[] }) => (valid.length === 0 ? undefined : `the names are ${listed(valid)}`),
  ),
  'entry-missing': error((p: { at: string; what: string }) => `${p.at}: ${p.what} is missing.`),
  'entry-action': error(
    (p: { at: string; action: string; actions: readonly string[] }) =>
      `${p.at}: ${p.action} is not one of the actions of the table: ${p.actions.join(', ')}.`,
  ),
  'entry-indirect': error((p: { at: string; selector: boolean }) =>
    p.selector
      ? `${p.at}: the actions of the table are in a selector; the entry takes member(id), group(id) or oneShot([…]).`
      : `${p.at}: the actions of the table are in an action profile; the entry takes member(id).`,
  ),
  'entry-priority': error((p: { at: string; needed: boolean }) =>
    p.needed
      ? `${p.at}: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.`
      : `${p.at}: the entry has a priority, but no key is ternary, range or optional.`,
  ),
  'entry-restricted': error((p: { at: string; why: string }) => `${p.at}: ${p.why}.`),
  'controller-not-primary': error(
    (p: { address: string; electionId: bigint; highest: bigint | undefined }) =>
      `Another controller${p.highest === undefined ? '' : ` (election id ${p.highest})`} is the primary of ${p.address}; this controller has election id ${p.electionId}.`,
    () => 'stop the other controller, or connect with a higher electionId, or with ifPrimaryExists: "stand-by" or "take-over"',
  ),
  'election-id-below': error(
    (p: { address: string; electionId: bigint; highest: bigint }) =>
      `A controller with election id ${p.electionId} cannot become the primary of ${p.address}, which has had a primary with election id ${p.highest}.`,
    (p: { highest: bigint }) => `connect with electionId ${p.highest}n or higher`,
  ),
  'bad-election-id': error((p: { electionId: bigint }) => `The election id ${p.electionId} is not between 1 and 2^128 - 1.`),
  'bad-address': error(
    (p: { address: string }) => `"${p.address}" is not the address of a P4Runtime server.`,
    () => 'write HOST:PORT, such as 127.0.0.1:9559 or [::1]:9559, or unix:PATH',
  ),
  'bad-certificate': error((p: { why: string }) => `The certificate or key is not usable: ${p.why}.`),
  'switch-unreachable': error((p: { address: string; why: string }) => `Cannot reach a P4Runtime server at ${p.address}: ${p.why}.`),
  'switch-without-pipeline': error(
    (p: { address: string }) => `The switch at ${p.address} has no pipeline.`,
    () => 'connect(pipeline, …) loads a pipeline, and so does p4ts switch FILE',
  ),
  'pipeline-not-loaded': error(
    (p: { address: string; program: string }) => `The switch at ${p.address} does not run the pipeline ${p.program}, and push is "never".`,
    () => 'connect with push: "if-different"',
  ),
  'bad-cpu-port': error((p: { port: number; max: number }) => `The CPU port ${p.port} is not between 1 and ${p.max}.`),
  'address-in-use': error((p: { address: string }) => `The address ${p.address} is in use: another switch may be running there.`),
  'tls-incomplete': error(
    () => 'TLS needs a certificate and its key.',
    () => 'give both --tls-cert and --tls-key',
  ),
  'address-not-usable': error((p: { address: string; why: string }) => `Cannot listen on ${p.address}: ${p.why}.`),
  // ── files of entries (runtime/entries) ──
  'entries-syntax': error(
    (p: { found: string; expected: string }) => `Expected ${p.expected}, found ${p.found}.`,
    () => 'write TABLE KEY=VALUE … -> ACTION(NAME=VALUE, …), default TABLE -> ACTION(…), or multicast GROUP: PORT, PORT, …',
  ),
  'entries-ambiguous': error(
    (p: { what: string; name: string; paths: readonly string[] }) => `"${p.name}" can be more than one ${p.what}: ${p.paths.join(', ')}.`,
    (p: { paths: readonly string[] }) => `write the whole name: ${p.paths[0]}`,
  ),
  'entries-profile': error(
    (p: { table: string }) =>
      `The actions of the table ${p.table} are in an action profile, and a file of entries cannot create its members.`,
    () => 'let a controller write the members and the entries',
  ),
  'entries-twice': error((p: { what: string; name: string }) => `The ${p.what} ${p.name} is given twice.`),
  'entries-file': error((p: { why: string }) => `The file cannot be read: ${p.why.split('\n')[0]?.replace(/\.$/, '')}.`),
  'shell-command': error((p: { problem: string }) => `${p.problem}.`),
  'entries-shape': error((p: { at: string; expected: string; got: string }) => `${p.at}: expected ${p.expected}, got ${p.got}.`),
  'reconcile-outside': error(
    (p: { what: string }) => `${p.what} is desired, but is outside the scope.`,
    () => 'name its table in the scope, or leave the scope out',
  ),
  'reconcile-twice': error((p: { what: string }) => `${p.what} is desired twice, with different values.`),
  'reconcile-conflict': error(
    (p: { what: string }) => `${p.what}: the switch has an entry with this match that this controller did not write.`,
  ),
  'entity-unsupported': error((p: { what: string; target: string; why: string }) => `${p.target} does not support ${p.what}: ${p.why}.`),
  'entry-refused': error((p: { why: string }) => `The switch refuses this: ${p.why}.`),
  // ── STF (runtime/stf) ──
  'stf-syntax': error(
    (p: { found: string; expected: string }) => `Expected ${p.expected}, found ${p.found}.`,
    () => 'write packet PORT HEX, expect PORT HEX, add TABLE [PRIORITY] KEY:VALUE … ACTION(NAME:VALUE, …), or setdefault TABLE ACTION(…)',
  ),
  'stf-command': error((p: { command: string }) => `${p.command} needs another argument.`),
  'stf-unknown': error(
    (p: { what: string; number: number }) => `There is no ${p.what} ${p.number} yet: it must be created before it is used.`,
  ),
  'stf-no-counter': error((p: { table: string }) => `The entries of the table ${p.table} have no counters.`),
  'stf-missing': error((p: { port: number; got: number; expected: number }) => {
    const came = p.got === 0 ? 'none came' : `only ${p.got} came`;
    return `A packet is missing on port ${p.port}: ${p.expected === 1 ? 'one is' : `${p.expected} are`} expected, and ${came}.`;
  }),
  'stf-extra': error(
    (p: { port: number; got: string; expected: number }) =>
      `An unexpected packet came out of port ${p.port}, where ${p.expected === 0 ? 'none is' : `${p.expected} are`} expected: ${p.got}.`,
  ),
  'stf-differs': error(
    (p: { port: number; problem: string; got: string; expected: string }) =>
      `The packet on port ${p.port} is not the expected one: ${p.problem}.\n  expected ${p.expected}\n  came     ${p.got}`,
  ),
  'stf-unexpected': error((p: { count: number }) => `The previous packet must be dropped, but ${p.count} came out.`),
  'stf-counter': error(
    (p: { counter: string; unit: string; got: bigint; comparison: string; value: bigint }) =>
      `The counter ${p.counter} has ${p.got} ${p.unit}, which is not ${p.comparison} ${p.value}.`,
  ),
} as const;
