/**
 * What p4c-bm2-ss takes only in another form. What comes out is a valid program that is checked against BMv2's limits and
 * printed; P4Info and interpretation are those of the program before. Each row is a pass, or a part of one:
 *
 * | what                                               | for p4c                                                |
 * |----------------------------------------------------|--------------------------------------------------------|
 * | an action's bool parameter, from the control plane | bit<1>, compared with 1; P4Info says one bit anyway    |
 * | switch on an expression in an action or function   | if … else if …                                         |
 * | select on a value set beside other keys            | states that ask for one after the other                |
 * | a shift by a constant that is as wide as the value | what comes out: 0, or the sign of a signed value       |
 * | a shift by a named constant                        | by 8 bits of it: the width is in p4c's way             |
 * | a shift by more than 256                           | several shifts                                         |
 * | keys of entries that p4c gets wrong                | see entries.ts                                         |
 * | an `if` around update_checksum or verify_checksum  | the call's own condition                               |
 * | a hash or a message of one value                  | a list of this value                                   |
 * | a checksum over a struct                           | a list of its fields                                   |
 * | bits assigned that begin above bit 256             | all bits, put together: p4c would shift                |
 * | `isValid` of a union                               | whether one of its members is valid                    |
 * | fields of `last` of a stack of unions              | variables, which a lookahead sets                      |
 */
import type { Program } from '../../../compiler/ir/program.js';
import { withBitParameters } from './bool-parameters.js';
import { withChecksumConditions } from './checksum-conditions.js';
import { withDataInLists } from './data-lists.js';
import { withKeysForP4c } from './entries.js';
import { withSetsAlone } from './selects.js';
import { withPlainShifts } from './shifts.js';
import { withoutSwitches } from './switches.js';
import { withLastLookedAt } from './union-last.js';
import { withMembersAsked } from './union-validity.js';

const passes: readonly ((program: Program) => Program)[] = [
  withPlainShifts,
  withSetsAlone,
  withoutSwitches,
  withBitParameters,
  withKeysForP4c,
  withChecksumConditions,
  withDataInLists,
  withMembersAsked,
  withLastLookedAt,
];

/** A program for v1model as p4c-bm2-ss takes it; the very same where nothing has another form. */
export const forP4c = (program: Program): Program => passes.reduce((adapted, pass) => pass(adapted), program);
