/** Reads classic pcap files of Ethernet frames, in either byte order, in micro- or nanoseconds. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { type CapturedPacket, ethernet, fileHeaderLength, magic, maxPacketLength, recordHeaderLength } from './format.js';

/** The packets in the bytes of a pcap file; `name` is what diagnostics call it. */
export function parsePcap(file: Uint8Array, name: string): CapturedPacket[] {
  expectArguments('parsePcap', { file: 'bytes', name: 'text' }, [file, name]);
  return [...packetsIn(file, name)];
}

/** As `parsePcap`, one packet at a time. */
export function* packetsIn(file: Uint8Array, name: string): Generator<CapturedPacket> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { littleEndian, nanosecondsPerTick } = parseFileHeader(view, name);
  let number = 0;
  for (let at = fileHeaderLength; at < file.length; ) {
    number++;
    const left = file.length - at;
    if (left < recordHeaderLength) fail('pcap-truncated', { name, number, missing: recordHeaderLength - left, part: 'header' });
    const [seconds, fraction, length, originalLength] = [0, 4, 8, 12].map((offset) => view.getUint32(at + offset, littleEndian)) as [
      number,
      number,
      number,
      number,
    ];
    if (length > maxPacketLength) fail('pcap-packet-too-long', { name, number, length, limit: maxPacketLength });
    at += recordHeaderLength;
    if (length > file.length - at) fail('pcap-truncated', { name, number, missing: length - (file.length - at), part: 'bytes' });
    yield {
      timestampNs: BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * nanosecondsPerTick,
      // A plain copy: slice of a Buffer would share its memory.
      bytes: new Uint8Array(file.subarray(at, at + length)),
      originalLength,
    };
    at += length;
  }
}

function parseFileHeader(view: DataView, name: string): { littleEndian: boolean; nanosecondsPerTick: bigint } {
  const start = view.byteLength < 4 ? 0 : view.getUint32(0);
  if (start === 0x0a0d0d0a) fail('pcap-is-pcapng', { name });
  if (start >>> 16 === 0x1f8b) fail('pcap-is-compressed', { name });
  const known = [true, false].flatMap((littleEndian) => [
    { littleEndian, nanosecondsPerTick: 1000n, first: magic.microseconds },
    { littleEndian, nanosecondsPerTick: 1n, first: magic.nanoseconds },
  ]);
  const format = known.find(({ first, littleEndian }) => view.byteLength >= 4 && view.getUint32(0, littleEndian) === first);
  if (!format) return fail('not-a-pcap', { name });
  if (view.byteLength < fileHeaderLength) fail('pcap-no-header', { name });
  const linkType = view.getUint32(20, format.littleEndian) & 0xffff;
  if (linkType !== ethernet) fail('pcap-link-type', { name, linkType });
  return format;
}
