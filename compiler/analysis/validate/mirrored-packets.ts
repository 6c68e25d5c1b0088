/** Warns of what mirrored packets do not have: packet-in metadata on the way to the controller, and metadata that no mirror keeps. */
import type { ControlDecl } from '../../ir/decl.js';
import type { Expr, FieldExpr } from '../../ir/expr.js';
import type { Block, CallStmt } from '../../ir/stmt.js';
import { sameType } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Environment } from './environment.js';

/** Of programs for an architecture in which a mirror keeps nothing but what it names. */
export function checkCopies(env: Environment): void {
  const mirrors: CallStmt[] = [];
  let fills = false;
  visiting({
    stmt: (stmt) => {
      const role = stmt.kind === 'call' ? env.externMethod(stmt)?.role : undefined;
      if (stmt.kind === 'call' && role === 'mirror') mirrors.push(stmt);
      if (role === 'fill-packet-in') fills = true;
    },
  }).program(env.program);
  if (mirrors.length === 0) return;
  const packetIn = env.controllerHeader('packet_in');
  if (packetIn && !fills) {
    const bytes = packetIn.decl.fields.reduce((sum, f) => sum + (env.fixedWidth(f.type) ?? 0), 0) / 8;
    for (const { loc } of mirrors) env.report('mirror-without-packet-in', { bytes }, loc);
  }
  checkKept(env, mirrors);
}

/** Fields of the metadata that egress reads of mirrored packets alone, though no mirror keeps them and nothing in egress sets them. */
function checkKept(env: Environment, mirrors: readonly CallStmt[]): void {
  const egress = env.filling('egress');
  const metadata = env.paramHolding(egress, 'struct');
  if (egress?.kind !== 'control' || !metadata) return;
  const fieldsIn = (expr: Expr): readonly FieldExpr[] => {
    const found: FieldExpr[] = [];
    visiting({ expr: (e) => e.kind === 'field' && sameType(e.base.type, metadata.type) && void found.push(e) }).expr(expr);
    return found;
  };
  const has = new Set(
    [...mirrors.flatMap((mirror) => env.argument(mirror, 'keep') ?? []), ...writtenIn(env, egress)].flatMap(fieldsIn).map((f) => f.name),
  );
  visiting({
    expr: (expr) => {
      for (const { name, loc } of expr.kind === 'field' ? fieldsIn(expr) : []) {
        if (has.has(name)) continue;
        has.add(name);
        const notes = mirrors.map((mirror) => ({ message: 'this mirror does not keep it', loc: mirror.loc }));
        env.report('metadata-not-kept', { field: `${metadata.name}.${name}` }, loc, { notes });
      }
    },
  }).block(forMirrored(env, egress, egress.body));
}

/** What statements of egress may write, those of controls inside it too. */
function writtenIn(env: Environment, egress: ControlDecl): readonly Expr[] {
  const written: Expr[] = [];
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'assign') written.push(stmt.target);
      if (stmt.kind !== 'call') return;
      written.push(...env.accesses(stmt, egress).writes);
      // A control that runs inside egress is given all of the metadata.
      const inner = env.calledBlock(stmt, egress);
      if (inner?.kind === 'control') written.push(...writtenIn(env, inner));
    },
  });
  visitor.control(egress);
  return written;
}

/** The statements that mirrored packets alone come to, with those of the actions that they run. */
function forMirrored(env: Environment, egress: ControlDecl, block: Block): Block {
  return block.flatMap((stmt): Block => {
    switch (stmt.kind) {
      case 'if': {
        const mirrored = isMirrored(env, stmt.cond);
        return [
          ...(mirrored === true ? withActions(env, egress, stmt.then) : forMirrored(env, egress, stmt.then)),
          ...(mirrored === false ? withActions(env, egress, stmt.else ?? []) : forMirrored(env, egress, stmt.else ?? [])),
        ];
      }
      case 'block':
        return forMirrored(env, egress, stmt.body);
      case 'apply':
        return forMirrored(env, egress, [...(stmt.hit ?? []), ...(stmt.miss ?? []), ...(stmt.cases ?? []).flatMap((c) => c.body)]);
      case 'switch':
        return forMirrored(
          env,
          egress,
          stmt.cases.flatMap((c) => c.body),
        );
      default:
        return [];
    }
  });
}

function withActions(env: Environment, egress: ControlDecl, block: Block): Block {
  const names = new Set<string>();
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'action') names.add(stmt.callee.name);
      const table = stmt.kind === 'apply' ? env.declared('table', stmt.table, egress) : undefined;
      for (const ref of table?.actions ?? []) names.add(ref.action);
    },
  }).block(block);
  return [...block, ...egress.locals.flatMap((l) => (l.kind === 'action' && names.has(l.name) ? l.body : []))];
}

/** Whether the condition holds for mirrored packets only, or for all others only. */
function isMirrored(env: Environment, cond: Expr): boolean | undefined {
  if (cond.kind === 'unary' && cond.op === '!') {
    const inner = isMirrored(env, cond.arg);
    return inner === undefined ? undefined : !inner;
  }
  if (cond.kind !== 'binary') return undefined;
  if (cond.op === '&&') return isMirrored(env, cond.left) === true || isMirrored(env, cond.right) === true ? true : undefined;
  if (cond.op === '||') return isMirrored(env, cond.left) === false || isMirrored(env, cond.right) === false ? false : undefined;
  if (cond.op !== '==' && cond.op !== '!=') return undefined;
  const member = [cond.left, cond.right].find((side) => side.kind === 'member');
  const { type, member: name } = env.arch.mirrored ?? {};
  const isPath = member?.kind === 'member' && member.type.kind === 'named' && member.type.name === type;
  return isPath && member.name === name ? cond.op === '==' : undefined;
}
