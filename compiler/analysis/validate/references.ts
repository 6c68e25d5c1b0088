/** References between the entries of tables: that there is what they refer to. */
import { annotation } from '../../ir/annotations.js';
import { externalName } from '../../ir/names.js';
import type { Declared } from '../../ir/types.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { isEnd, type Referable, referencesOf } from '../constraints/references.js';
import type { VisibleBlock } from '../visible-blocks.js';

type Part = Pick<Declared, 'annotations' | 'loc'>;

export function checkReferences(blocks: readonly VisibleBlock[], diagnostics: Diagnostics): void {
  const all = blocks.flatMap((block) => block.children.flatMap((child) => (child.kind === 'table' ? [child] : [])));
  const tables = all.map(({ name, decl }): Referable => ({ name, keys: decl.keys.filter((key) => key.match !== 'selector') }));
  const check = (of: string, part: Part, match: string): void => checkOne(of, part, match, tables, diagnostics);
  for (const { actions } of blocks) {
    for (const { name, decl, inTable } of actions) {
      if (!inTable) continue;
      for (const param of decl.params) if (!param.direction) check(`the parameter ${externalName(param)} of ${name}`, param, 'parameter');
    }
  }
  for (const { name, decl } of all) for (const key of decl.keys) check(`the key ${key.name} of ${name}`, key, key.match);
}

/** `match`: how the key matches, or `parameter`. */
function checkOne(of: string, part: Part, match: string, tables: readonly Referable[], diagnostics: Diagnostics): void {
  const { loc } = part;
  for (const a of part.annotations ?? []) {
    if ((a.name !== 'refers_to' && a.name !== 'referenced_by') || a.structured) continue;
    const one = { annotations: [a] };
    if (!annotation(one, a.name)) {
      diagnostics.report('annotation-body', { name: a.name, takes: 'a table and one of its keys, such as (next_hops, id)' }, { loc });
      continue;
    }
    const report = (problem: string): void => diagnostics.report('reference-form', { of, problem }, { loc });
    for (const end of referencesOf(one, tables)) {
      if (isEnd(end)) {
        if (end.kind === 'replica' && match !== 'exact') report('only exact keys are referred to');
        else if (match !== 'exact' && match !== 'optional' && match !== 'parameter')
          report(`only exact and optional keys refer to other entries, and it is ${match}`);
      } else if ('problem' in end) report(end.problem);
      else diagnostics.report('reference-name', { of, ...end }, { loc });
    }
  }
}
