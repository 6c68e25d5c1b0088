/**
 * Calls that p4c translates in some blocks only. P4 itself has them anywhere, and a program in P4 may do so.
 *
 * | block                     | what p4c translates there                          |
 * |---------------------------|----------------------------------------------------|
 * | parser                    | those of packets, verify, assert, assume, log_msg  |
 * | verification of checksums | verify_checksum and verify_checksum_with_payload   |
 * | update of checksums       | update_checksum and update_checksum_with_payload   |
 * | ingress                   | all but recirculations, and clones of egress       |
 * | egress                    | all but resubmissions, and clones of ingress       |
 */
import { programInfo } from '../../compiler/analysis/program-info.js';
import { printExpr } from '../../compiler/ir/print.js';
import type { Program } from '../../compiler/ir/program.js';
import type { CallStmt } from '../../compiler/ir/stmt.js';
import type { Type } from '../../compiler/ir/types.js';
import { visiting } from '../../compiler/ir/visit.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

interface Rule {
  readonly here: string;
  readonly takes: string;
  readonly fits: (call: CallStmt, name: string) => boolean;
}

const only = (here: string, ...names: readonly string[]): Rule => ({
  here,
  takes: `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`,
  fits: (_, name) => names.includes(name),
});
const notFor = (here: string, other: string, type: string): Rule => ({
  here,
  takes: `neither ${other} nor clones of type ${type}`,
  fits: (call, name) => name !== other && !(/^clone/.test(name) && call.args[0]?.kind === 'member' && call.args[0].name === type),
});

/** In the order of the package's blocks; the deparser takes all. */
const rules: readonly (Rule | undefined)[] = [
  only('parser', 'verify', 'assert', 'assume', 'log_msg'),
  only('verification of checksums', 'verify_checksum', 'verify_checksum_with_payload'),
  notFor('ingress', 'recirculate_preserving_field_list', 'E2E'),
  notFor('egress', 'resubmit_preserving_field_list', 'I2E'),
  only('update of checksums', 'update_checksum', 'update_checksum_with_payload'),
];

const isPacket = (type: Type): boolean => type.kind === 'named' && type.name === 'packet_in';

export function checkCalls(program: Program, diagnostics: Diagnostics): void {
  const info = programInfo(program);
  for (const [i, name] of program.main.blocks.entries()) {
    const rule = rules[i];
    const block = info.blocks.get(name);
    if (!rule || !block) continue;
    // Its statements and those of its actions.
    visiting({
      stmt: (stmt) => {
        if (stmt.kind !== 'call' || !info.externMethod(stmt)) return;
        const { callee } = stmt;
        if (callee.kind === 'method' && isPacket(callee.object.type)) return;
        const what = callee.kind === 'method' ? `${printExpr(callee.object)}.${callee.method}` : 'name' in callee ? callee.name : '';
        if (rule.fits(stmt, what)) return;
        diagnostics.report('bmv2-not-in-block', { what, here: rule.here, takes: rule.takes }, { loc: stmt.loc });
      },
    }).owner(block);
  }
}
