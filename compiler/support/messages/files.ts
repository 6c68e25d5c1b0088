/** Files, captures, and the command line. */
import { didYouMean, error, listed, warning } from './message.js';

export const filesMessages = {
  // ── files and captures (compiler/support/files.ts, runtime/pcap) ──
  'file-unreadable': error((p: { path: string; reason: string }) => `Cannot read ${p.path}: ${p.reason}.`),
  'file-unwritable': error((p: { path: string; reason: string }) => `Cannot write ${p.path}: ${p.reason}.`),
  'file-too-large': error(
    (p: { path: string; size: number; limit: number }) => `${p.path} has ${p.size} bytes; p4ts reads ${p.limit} at most.`,
  ),
  'not-a-pcap': error(
    (p: { name: string }) => `${p.name} is not a pcap file: its first bytes are not those of a capture.`,
    () => 'write one with tcpdump -w FILE, or export one from Wireshark as pcap',
  ),
  'pcap-is-pcapng': error(
    (p: { name: string }) => `${p.name} is a pcapng file; a classic pcap file is expected.`,
    (p: { name: string }) => `convert it: editcap -F pcap ${p.name} ${p.name.replace(/\.pcap(ng)?$|$/, '-classic.pcap')}`,
  ),
  'pcap-is-compressed': error(
    (p: { name: string }) => `${p.name} is compressed.`,
    (p: { name: string }) => `unpack it first: gunzip ${p.name}`,
  ),
  'pcap-no-header': error((p: { name: string }) => `${p.name} ends within the header of a pcap file.`),
  'pcap-link-type': error(
    (p: { name: string; linkType: number }) => `${p.name} holds packets of link type ${p.linkType}; Ethernet frames (1) are expected.`,
    () => 'capture on an Ethernet interface: with tcpdump, name it (-i eth0) instead of "any"',
  ),
  'pcap-truncated': error(
    (p: { name: string; number: number; missing: number; part: string }) =>
      `${p.name} ends within packet ${p.number}: ${p.missing} bytes of its ${p.part === 'header' ? 'record header' : 'content'} are missing.`,
    (p: { name: string }) => `keep the whole packets: tcpdump -r ${p.name} -w ${p.name.replace(/\.pcap$|$/, '-whole.pcap')}`,
  ),
  'pcap-cut': warning(
    (p: { name: string; cut: number; packets: number }) =>
      `${p.cut} of the ${p.packets} packets in ${p.name} were cut short when they were captured.`,
    () => 'capture whole packets: tcpdump -s 0',
  ),
  'pcap-packet-too-long': error(
    (p: { name: string; number: number; length: number; limit: number }) =>
      `The header of packet ${p.number} in ${p.name} gives a length of ${p.length} bytes; p4ts reads ${p.limit} at most.`,
  ),
  // ── the command (cli): the user's file ──
  'no-p4-file': error(
    (p: { file: string }) => `${p.file} is not a program in P4.`,
    () => 'give a .p4 file; a pipeline in TypeScript has its types already',
  ),
  'unknown-file-kind': error(
    (p: { file: string }) => `p4ts cannot read files such as ${p.file}.`,
    () => 'give a pipeline in TypeScript or JavaScript (.ts, .mts, .js or .mjs), or a program in P4 (.p4, .p4i or any other name)',
  ),
  'syntax-error': error((p: { text: string }) => `${p.text}.`),
  'cannot-load': error((p: { file: string; reason: string }) => `${p.file} cannot be loaded: ${p.reason}.`),
  'package-missing': error(
    (p: { name: string }) => `The package "${p.name}" is not installed.`,
    (p: { name: string }) => `npm install ${p.name}`,
  ),
  'package-part-missing': error(
    (p: { name: string; part: string; parts: readonly string[]; suggestion: string | undefined }) =>
      `The package ${p.name} has no "${p.part}"${didYouMean(p.suggestion)}.`,
    ({ parts }: { parts: readonly string[] }) => `it has ${listed(parts)}`,
  ),
  'export-missing': error(
    (p: { module: string; name: string; suggestion: string | undefined }) =>
      `"${p.module}" exports no "${p.name}"${didYouMean(p.suggestion)}.`,
  ),
  'exception-in-file': error((p: { message: string }) => `The file threw an exception: ${p.message}`),
  'exception-in-call': error(
    (p: { message: string; place: string }) => `This call of p4ts threw an exception: ${p.message} (${p.place})`,
    () => 'tsc says what the call expects; if tsc finds nothing wrong, this is a bug in p4ts: please report it',
  ),
  'file-never-finishes': error(
    (p: { file: string }) => `${p.file} never finishes loading: it waits for something that never comes.`,
    () => 'connect to switches in another file than the one that exports the pipeline',
  ),
  'no-pipeline': error(
    (p: { file: string; exports: string }) =>
      `${p.file} exports no pipeline${p.exports === '' ? '; it exports nothing' : `; it exports ${p.exports}`}.`,
    () => "export what pipeline(…) returns: export const router = pipeline('router', { … })",
  ),
  'several-pipelines': error(
    (p: { file: string; names: string; first: string }) => `${p.file} exports several pipelines: ${p.names}.`,
    (p: { first: string }) => `choose one: --pipeline ${p.first}`,
  ),
  'unknown-pipeline': error(
    (p: { file: string; name: string; suggestion: string; names: readonly string[] }) =>
      `${p.file} exports no pipeline "${p.name}"${p.suggestion}.`,
    (p: { names: readonly string[] }) => `its pipelines are ${listed(p.names)}`,
  ),
  // ── the command (cli): arguments ──
  'unknown-target': error(
    (p: { name: string; known: string; suggestion: string }) => `There is no target "${p.name}"${p.suggestion || `; there is ${p.known}`}.`,
  ),
  'folder-not-empty': error(
    (p: { folder: string; found: string }) => `${p.folder} is not empty (it has ${p.found}); nothing is overwritten.`,
    () => 'name a new folder: p4ts init my-router',
  ),
  'bad-packet-hex': error(
    (p: { reason: string }) => `The packet is not written in hexadecimal: ${p.reason}.`,
    () =>
      'write two digits for each byte, with spaces, colons or line ends between them as you like: --packet "ffffffffffff 020000000001 0800"',
  ),
} as const;
