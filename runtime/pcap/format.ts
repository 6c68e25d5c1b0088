/** The classic pcap file format: a header of 24 bytes, then records of 16 bytes and a packet each. */

/** The first four bytes, as a number in the file's own byte order. */
export const magic = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d } as const;

export const fileHeaderLength = 24;
export const recordHeaderLength = 16;
export const version = { major: 2, minor: 4 } as const;

/** LINKTYPE_ETHERNET. */
export const ethernet = 1;

/** The longest packet that is read or written, in bytes; tcpdump's own limit. */
export const maxPacketLength = 262_144;

/** The largest file that is read, in bytes. */
export const maxFileLength = 256 * 1024 * 1024;

/** A packet of a capture. */
export interface CapturedPacket {
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly timestampNs: bigint;
  readonly bytes: Uint8Array;
  /** Bytes on the wire; more than `bytes` holds when the capture was cut short (a snap length). */
  readonly originalLength: number;
}
