/** Captures in files. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { readUserFile } from '../../compiler/support/files.js';
import { writeUserFiles } from '../../compiler/support/node.js';
import { type CapturedPacket, maxFileLength } from './format.js';
import { parsePcap } from './read.js';
import { formatPcap, type PacketToWrite, packets } from './write.js';

/** The packets of a pcap file, in its order. A file that cannot be read whole is a DiagnosticError. */
export function readPcap(path: string): CapturedPacket[] {
  expectArguments('readPcap', { path: 'text' }, [path]);
  return parsePcap(readUserFile(path, maxFileLength), path);
}

/** Writes a pcap file, whole or not at all. */
export function writePcap(path: string, given: readonly PacketToWrite[]): void {
  expectArguments('writePcap', { path: 'text', packets }, [path, given]);
  writeUserFiles([{ path, content: formatPcap(given) }]);
}
