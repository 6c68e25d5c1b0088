/** Captured packets, and the bytes of pcap files. */
export type { CapturedPacket } from './format.js';
export { parsePcap } from './read.js';
export { formatPcap, type PacketToWrite } from './write.js';
