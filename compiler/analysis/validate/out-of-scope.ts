/** Names that are declared, but not where they are used: pipelines in TypeScript can hand them to any of their functions. */
import type { Program } from '../../ir/program.js';
import type { Loc } from '../../support/location.js';

export interface DeclaredElsewhere {
  readonly what: string;
  /** What it exists in. */
  readonly owner: string;
  readonly loc: Loc;
}

const kinds: ReadonlyMap<unknown, string> = new Map([
  ['declare', 'variable'],
  ['variable', 'variable'],
  ['instance', 'object'],
  ['action', 'action'],
  ['table', 'table'],
]);

/** The first declaration of `name` in a block of the program; only for what is wrong already. */
export function declaredElsewhere({ parsers, controls }: Program, name: string): DeclaredElsewhere | undefined {
  for (const block of [...parsers, ...controls]) {
    const locals = block.locals.find((local) => local.name === name);
    if (locals) return { what: kinds.get(locals.kind) ?? 'name', owner: `the ${block.kind} ${block.name}`, loc: locals.loc };
    for (const local of block.locals) {
      if (local.kind !== 'action') continue;
      const owner = `the action ${local.name}`;
      const param = local.params.find((p) => p.name === name);
      if (param) return { what: 'parameter', owner, loc: param.loc };
      const loc = declarationIn(local.body, name);
      if (loc) return { what: 'variable', owner, loc };
    }
    const loc = declarationIn('states' in block ? block.states : block.body, name);
    if (loc) return { what: 'variable', owner: `a block of the ${block.kind} ${block.name}`, loc };
  }
  return undefined;
}

function declarationIn(body: readonly object[], name: string): Loc | undefined {
  for (const todo: object[] = [...body]; todo.length > 0; ) {
    const node = todo.pop() as { kind?: unknown; name?: unknown; loc?: Loc };
    if (node.kind === 'declare' && node.name === name) return node.loc;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) todo.push(child);
  }
  return undefined;
}
