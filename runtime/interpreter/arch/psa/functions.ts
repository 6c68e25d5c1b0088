/** The extern functions of psa.p4: what will become of the packet, as far as its metadata says (PSA §6.5, §6.7). */
import { recirculatePort } from '../../../../compiler/arch/psa/include.js';
import { argument } from '../../core.js';
import { evaluate } from '../../eval.js';
import type { ExternCall, ExternFunction } from '../../scope.js';
import type { StructValue } from '../../values.js';
import { check } from '../check.js';
import { flag } from './metadata.js';

const struct = (call: ExternCall, index: number): StructValue => evaluate(argument(call, index), call.scope) as StructValue;
const isCloned: ExternFunction = (call) => flag(struct(call, 0), 'clone');

export const functions: Readonly<Record<string, ExternFunction>> = {
  psa_clone_i2e: isCloned,
  psa_clone_e2e: isCloned,
  psa_resubmit: (call) => !flag(struct(call, 0), 'drop') && flag(struct(call, 0), 'resubmit'),
  psa_normal: (call) => !flag(struct(call, 0), 'drop') && !flag(struct(call, 0), 'resubmit'),
  psa_recirculate: (call) => !flag(struct(call, 0), 'drop') && struct(call, 1).fields.get('egress_port') === recirculatePort,
  assert: check('assert'),
  assume: check('assume'),
};
