/** Tables with an action profile or selector: BMv2 has no default entry for them, and a selector has one list of keys. */
import type { ControlDecl, TableDecl } from '../../compiler/ir/decl.js';
import { printExpr } from '../../compiler/ir/print.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

export function checkProfiles(program: Program, diagnostics: Diagnostics): void {
  for (const control of program.controls) checkControl(control, diagnostics);
}

function checkControl(control: ControlDecl, diagnostics: Diagnostics): void {
  const tables = control.locals.filter((l): l is TableDecl => l.kind === 'table');
  const first = new Map<string, TableDecl>();
  for (const table of tables) {
    const value = table.properties?.find((p) => p.name === 'implementation')?.value;
    if (value?.kind !== 'name') continue;
    const { defaultAction } = table;
    if (defaultAction && defaultAction.action !== 'NoAction')
      diagnostics.report('bmv2-profile-default', { table: table.name, action: defaultAction.action }, { loc: defaultAction.loc });
    const other = first.get(value.name);
    if (other && selectorKeys(other) !== selectorKeys(table)) {
      const notes = [{ message: `${other.name} selects by other keys`, loc: other.loc }];
      diagnostics.report('bmv2-selector-keys', { selector: value.name }, { loc: table.loc, notes });
    }
    first.set(value.name, other ?? table);
  }
}

const selectorKeys = (table: TableDecl): string =>
  table.keys
    .filter((key) => key.match === 'selector')
    .map((key) => printExpr(key.expr))
    .join(', ');
