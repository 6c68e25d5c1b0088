/** Configurations of meters with two rates and three colours (RFC 2698). */
import type { MeterConfig as Message } from '../p4runtime/messages.js';
import type { MeterConfig } from './messages.js';
import { refuse } from './refusals.js';

export function decodeMeterConfig(given: Message, at: string): MeterConfig {
  const { cir = 0n, cburst = 0n, pir = 0n, pburst = 0n, eburst = 0n } = given;
  const config = { cir, cburst, pir, pburst };
  for (const [what, value] of Object.entries(config)) if (value < 0n) return refuse('meter-negative', { at, what });
  if (eburst !== 0n) return refuse('meter-excess-burst', { at });
  if (pir < cir) return refuse('meter-rates', { at, cir, pir });
  return config;
}
