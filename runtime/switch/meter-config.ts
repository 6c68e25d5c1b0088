/** Configurations of meters, by their type, and what is written of their counters by colour (P4Runtime, "MeterEntry & DirectMeterEntry"). */
import type { MeterSpec } from '../../compiler/p4info/messages.js';
import type { ColorCounts, MeterConfig } from '../data-plane/messages.js';
import type { MeterConfig as Message, MeterCounterData } from '../p4runtime/messages.js';
import { encodeCounterData } from './counter-data.js';
import { refuse } from './refusals.js';

export type MeterType = NonNullable<MeterSpec['type']>;

export function decodeMeterConfig(given: Message, type: MeterType, at: string): MeterConfig {
  const { cir = 0n, cburst = 0n, pir = 0n, pburst = 0n, eburst = 0n } = given;
  const config = { cir, cburst, pir, pburst };
  for (const [what, value] of Object.entries({ ...config, eburst })) if (value < 0n) return refuse('meter-negative', { at, what });
  if (type !== 'SINGLE_RATE_THREE_COLOR' && eburst !== 0n) return refuse('meter-excess-burst', { at });
  if (type !== 'TWO_RATE_THREE_COLOR' && (pir !== cir || pburst !== cburst)) return refuse('meter-single-rate', { at });
  if (pir < cir) return refuse('meter-rates', { at, cir, pir });
  return eburst === 0n ? config : { ...config, eburst };
}

/** A controller can only clear them. */
export function checkColorsCleared({ green, yellow, red }: MeterCounterData, at: string): void {
  for (const data of [green, yellow, red]) if (data?.byte_count || data?.packet_count) refuse('colors-not-zero', { at });
}

export const encodeColors = ({ green, yellow, red }: ColorCounts): MeterCounterData => ({
  green: encodeCounterData(green),
  yellow: encodeCounterData(yellow),
  red: encodeCounterData(red),
});
