/** Writes classic pcap files: little-endian, nanoseconds, Ethernet. */
import { writeUserFiles } from '../../compiler/support/files.js';
import { invariant } from '../../compiler/support/invariant.js';
import { type CapturedPacket, ethernet, fileHeaderLength, magic, maxPacketLength, recordHeaderLength, version } from './format.js';

/** A packet to write. Without `originalLength` it is whole. */
export type PacketToWrite = Omit<CapturedPacket, 'originalLength'> & Partial<Pick<CapturedPacket, 'originalLength'>>;

/** Writes a pcap file, whole or not at all. */
export function writePcap(path: string, packets: readonly PacketToWrite[]): void {
  writeUserFiles([{ path, content: formatPcap(packets) }]);
}

/** The bytes of a pcap file with these packets. */
export function formatPcap(packets: readonly PacketToWrite[]): Uint8Array {
  const length = packets.reduce((sum, { bytes }) => sum + recordHeaderLength + bytes.length, fileHeaderLength);
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
  for (const { timestampNs, bytes, originalLength = bytes.length } of packets) {
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
