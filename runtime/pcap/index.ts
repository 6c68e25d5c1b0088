/** Captured packets: pcap files read and written. */
export type { CapturedPacket } from './format.js';
export { parsePcap, readPcap } from './read.js';
export { formatPcap, type PacketToWrite, writePcap } from './write.js';
