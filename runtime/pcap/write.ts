/** Writes classic pcap files: little-endian, nanoseconds, Ethernet. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { invariant } from '../../compiler/support/invariant.js';
import { type CapturedPacket, ethernet, fileHeaderLength, magic, maxPacketLength, recordHeaderLength, version } from './format.js';

/** A packet to write. Without `originalLength` it is whole. */
export type PacketToWrite = Omit<CapturedPacket, 'originalLength'> & Partial<Pick<CapturedPacket, 'originalLength'>>;

export const packets = { kind: 'list', each: { timestampNs: 'bigint', bytes: 'bytes', originalLength: 'integer?' } } as const;

/** The bytes of a pcap file with these packets. */
export function formatPcap(given: readonly PacketToWrite[]): Uint8Array {
  expectArguments('formatPcap', { packets }, [given]);
  const length = given.reduce((sum, { bytes }) => sum + recordHeaderLength + bytes.length, fileHeaderLength);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  let at = 0;
  const u16 = (value: number): void => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  u32(magic.nanoseconds);
  u16(version.major);
  u16(version.minor);
  u32(0);
  u32(0);
  u32(maxPacketLength);
  u32(ethernet);
  for (const { timestampNs, bytes, originalLength = bytes.length } of given) {
    invariant(bytes.length <= maxPacketLength, `a packet of ${bytes.length} bytes in a pcap`);
    u32(Number(timestampNs / 1_000_000_000n));
    u32(Number(timestampNs % 1_000_000_000n));
    u32(bytes.length);
    u32(originalLength);
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}
