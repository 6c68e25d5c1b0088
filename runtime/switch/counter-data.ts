import type { CounterData } from '../data-plane/messages.js';
import type { CounterData as Message } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';

export function decodeCounterData(data: Message, at: string): CounterData {
  const packets = data.packet_count ?? 0n;
  const bytes = data.byte_count ?? 0n;
  if (packets < 0n || bytes < 0n) return refuse('count-negative', { at });
  return { packets, bytes };
}

/** int64 on the wire: counts wrap there as they do in 63 bits. */
export const encodeCounterData = (data: CounterData): Message => ({
  byte_count: BigInt.asUintN(63, data.bytes),
  packet_count: BigInt.asUintN(63, data.packets),
});
