/** Constraints of the entries of tables and of the calls of actions (p4-constraints): read, and mistakes told at their line. */
import { externalName } from '../../ir/names.js';
import type { Declared } from '../../ir/types.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { callsOf, entriesOf, type Restricted, readConstraint } from '../constraints/check.js';
import { constraintText, placeInConstraint, type RestrictionName } from '../constraints/text.js';
import type { ProgramInfo } from '../program-info.js';
import type { VisibleBlock } from '../visible-blocks.js';

export function checkConstraints(info: ProgramInfo, blocks: readonly VisibleBlock[], diagnostics: Diagnostics): void {
  for (const { actions, children } of blocks) {
    for (const { name, decl, inTable } of actions) {
      const params = inTable ? decl.params.filter((p) => p.direction === undefined) : [];
      const sized = params.map((p) => ({ name: externalName(p), width: info.controlWidth(p.type) }));
      check(decl, 'action_restriction', callsOf(`the action ${name}`, sized), diagnostics);
    }
    for (const child of children) {
      if (child.kind !== 'table') continue;
      const keys = child.decl.keys.filter((key) => key.match !== 'selector');
      const sized = keys.map(({ name, match, expr }) => ({ name, match, width: info.controlWidth(expr.type) }));
      check(child.decl, 'entry_restriction', entriesOf(`the table ${child.name}`, sized), diagnostics);
    }
  }
}

function check(decl: Declared, kind: RestrictionName, about: Restricted, diagnostics: Diagnostics): void {
  const written = (decl.annotations ?? []).filter((a) => a.name === kind && !a.structured);
  const [first] = written;
  if (!first) return;
  const { of } = about;
  if (written.length > 1) diagnostics.report('constraint-twice', { of: of.replace('the', 'The'), name: kind }, { loc: decl.loc });
  const text = constraintText(decl, kind);
  if (text === undefined) {
    diagnostics.report('annotation-body', { name: kind, takes: 'a constraint as text in quotes' }, { loc: first.texts?.[0] ?? decl.loc });
    return;
  }
  readConstraint(text, about, (code, params, { start }) =>
    diagnostics.report(code, params, { loc: placeInConstraint(decl, kind, start) ?? decl.loc }),
  );
}
