/** Warns of what is declared and never used: tables, actions, objects, variables, metadata and headers. */
import { hasAnnotation } from '../../ir/annotations.js';
import type { ControlDecl, ParserDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { StructDecl } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import { kindNames } from './blocks.js';
import type { Environment } from './environment.js';

export function checkUnused(env: Environment): void {
  for (const block of [...env.program.parsers, ...env.program.controls]) checkLocals(env, block);
  const parser = env.blocks.get(env.program.main.blocks[0] ?? '');
  const own = new Set<unknown>(env.program.types);
  for (const { name, type } of parser?.params ?? []) {
    const struct = env.declaration(type);
    if (struct?.kind === 'struct' && own.has(struct)) checkFields(env, struct, name);
  }
}

function checkLocals(env: Environment, block: ParserDecl | ControlDecl): void {
  const used = new Set<string>();
  const declared: { readonly name: string; readonly loc: ControlDecl['loc'] }[] = [];
  const visitor = visiting({
    expr: (expr) => {
      if (expr.kind === 'name') used.add(expr.name);
    },
    keySet: (set) => {
      if (set.kind === 'value-set') used.add(set.name);
    },
    stmt: (stmt) => {
      if (stmt.kind === 'apply') used.add(stmt.table);
      if (stmt.kind === 'declare') declared.push(stmt);
      if (stmt.kind !== 'call') return;
      if (stmt.callee.kind === 'action' || stmt.callee.kind === 'function') used.add(stmt.callee.name);
      if (stmt.callee.kind === 'block') used.add(stmt.callee.instance);
    },
  });
  visitor.owner(block);
  for (const local of block.locals) if (local.kind === 'table') for (const ref of local.actions) used.add(ref.action);
  const report = (what: string, { name, loc }: (typeof declared)[number]) => {
    if (!used.has(name)) env.report('never-used', { what, name }, loc);
  };
  for (const local of block.locals) report(kindNames[local.kind], local);
  for (const variable of declared) report('variable', variable);
}

/** Fields of the struct of headers or of metadata; those of controller headers are the control plane's. */
function checkFields(env: Environment, struct: StructDecl, param: string): void {
  const used = new Set<string>();
  const bases = new Set<Expr>();
  let whole = false;
  visiting({
    expr: (expr) => {
      if (expr.kind === 'field' && env.declaration(expr.base.type) === struct) {
        used.add(expr.name);
        bases.add(expr.base);
      } else if (env.declaration(expr.type) === struct && !bases.has(expr)) whole = true;
    },
    // What a block uses of a struct that it is given is seen in the block.
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'block') for (const arg of stmt.args) bases.add(arg);
    },
  }).program(env.program);
  if (whole) return;
  for (const field of struct.fields) {
    const decl = env.declaration(field.type);
    const forController = decl !== undefined && hasAnnotation(decl, 'controller_header');
    const what = decl?.kind === 'header' || field.type.kind === 'stack' ? 'header' : 'field';
    if (!used.has(field.name) && !forController) env.report('never-used', { what, name: `${param}.${field.name}` }, field.loc);
  }
}
