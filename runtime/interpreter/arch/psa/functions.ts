/** The extern functions of psa.p4: what will become of the packet, as far as its metadata says (PSA §6.5, §6.7). */
import { recirculatePort } from '../../../../compiler/arch/psa/include.js';
import type { Extern, Externs } from '../../externs.js';
import type { Pass } from '../../scope.js';
import type { StructValue } from '../../values.js';
import { check } from '../shared-externs.js';
import { flag } from './metadata.js';

type Predicate = Extern<[ostd: StructValue, edstd: StructValue], Pass>;

const isCloned: Predicate = ([ostd]) => flag(ostd, 'clone');
const isResubmitted: Predicate = ([ostd]) => !flag(ostd, 'drop') && flag(ostd, 'resubmit');
const isNormal: Predicate = ([ostd]) => !flag(ostd, 'drop') && !flag(ostd, 'resubmit');
const isRecirculated: Predicate = ([ostd, edstd]) => !flag(ostd, 'drop') && edstd.fields.get('egress_port') === recirculatePort;

export const functions: Externs = {
  psa_clone_i2e: isCloned,
  psa_clone_e2e: isCloned,
  psa_resubmit: isResubmitted,
  psa_normal: isNormal,
  psa_recirculate: isRecirculated,
  assert: check('assert'),
  assume: check('assume'),
};
