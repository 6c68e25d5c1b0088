/** PSA's part of P4Info. Digests have the names of their instances. */
import { InternalError } from '../../support/invariant.js';
import { type ArchRules, attachmentRules, rules } from '../externs.js';

const counterUnits = { PACKETS: 'PACKETS', BYTES: 'BYTES', PACKETS_AND_BYTES: 'BOTH' } as const;
const meterUnits = { PACKETS: 'PACKETS', BYTES: 'BYTES' } as const;

export const psa: ArchRules = {
  defaultTableSize: 1024,
  externs: {
    Counter: rules.counter(counterUnits, 1),
    DirectCounter: { kind: 'directCounter' },
    Meter: rules.meter(meterUnits, 0),
    DirectMeter: { kind: 'directMeter' },
    Register: rules.register(1),
    ActionProfile: rules.profile,
    ActionSelector: rules.selector,
    Digest: {
      kind: 'digest',
      add: (context, name, decl) => {
        const data = decl.type.args?.[0];
        if (!data) throw new InternalError(`the digest ${name} has no type`);
        context.digests.push({ preamble: context.preamble('digest', name, decl), type_spec: context.dataType(data) });
      },
    },
  },
  properties: {
    psa_implementation: attachmentRules.profile,
    psa_direct_counter: attachmentRules.counter(counterUnits),
    psa_direct_meter: attachmentRules.meter(meterUnits),
    psa_idle_timeout: (_context, _table, _id, value) =>
      value.kind === 'member' && value.name === 'NOTIFY_CONTROL' ? { idle_timeout_behavior: 'NOTIFY_CONTROL' } : {},
  },
};
