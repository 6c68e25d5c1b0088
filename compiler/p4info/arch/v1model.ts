/** v1model's part of P4Info. */
import { type ArchRules, attachmentRules, rules } from '../externs.js';

const counterUnits = { packets: 'PACKETS', bytes: 'BYTES', packets_and_bytes: 'BOTH' } as const;
const meterUnits = { packets: 'PACKETS', bytes: 'BYTES' } as const;

export const v1model: ArchRules = {
  defaultTableSize: 1024,
  externs: {
    counter: rules.counter(counterUnits),
    direct_counter: { kind: 'directCounter' },
    meter: rules.meter(meterUnits),
    direct_meter: { kind: 'directMeter' },
    register: rules.register(),
    action_profile: rules.profile,
    action_selector: rules.selector,
  },
  properties: {
    implementation: attachmentRules.profile,
    counters: attachmentRules.counter(counterUnits),
    meters: attachmentRules.meter(meterUnits),
    support_timeout: (_context, _table, _id, value) =>
      value.kind === 'bool' && value.value ? { idle_timeout_behavior: 'NOTIFY_CONTROL' } : {},
  },
};
