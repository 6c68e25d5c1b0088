/** Tables (P4-16 §14.2). */
import type { ActionCallExpr, ActionRef, EntryDecl, KeyDecl, TableDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { folded } from '../../ir/fold.js';
import type { Stmt } from '../../ir/stmt.js';
import { invariant } from '../../support/invariant.js';
import type * as ast from '../ast.js';
import { priorityOf } from '../check/entries.js';
import { formatOf } from './annotations.js';
import type { BlockLowering } from './blocks.js';
import type { Body } from './body.js';
import { addedArg } from './calls.js';
import { lowerExpr, lowerNumber, lowerPlace } from './expressions.js';
import { lowerKeySets } from './keysets.js';
import { type Evaluated, evaluated, inOrder, place, value } from './order.js';

/** Properties that are fields of the IR's tables. */
const own = new Set(['default_action', 'size', 'largest_priority_wins', 'priority_delta']);

export function lowerTable(block: BlockLowering, decl: ast.TableDecl, name: string): TableDecl {
  const b = block.body;
  const keys = decl.properties.find((p) => p.kind === 'key')?.keys ?? [];
  const listed = decl.properties.find((p) => p.kind === 'actions')?.actions ?? [];
  const entries = decl.properties.find((p) => p.kind === 'entries');
  const others = decl.properties.filter((p) => p.kind === 'property');
  const property = (wanted: string): ast.OtherProperty | undefined => others.find((p) => p.name.text === wanted);

  const keyValues = keys.map((k) => value(() => lowerExpr(b, k.expr)));
  const evaluatedKeys = beforeTable(block, decl, () => evaluated(b, keyValues, () => listed.map((ref) => lowerRef(b, ref))));
  const { operands, rest: actions } = evaluatedKeys;
  const lowered = keys.map((k, i) => lowerKey(b, k, (operands[i] as Evaluated).expr));
  const defaultAction = property('default_action');
  const size = property('size');
  const properties = others.filter((p) => !own.has(p.name.text)).map((p) => lowerProperty(block, decl, p));
  return {
    kind: 'table',
    ...b.program.annotations.visible(decl, name),
    keys: lowered,
    actions,
    ...(defaultAction ? { defaultAction: { ...defaultCall(b, defaultAction, actions), const: defaultAction.const } } : {}),
    ...(size ? { size: Number(lowerNumber(b, size.value)) } : {}),
    ...(entries ? { entries: lowerEntries(b, entries, lowered, actions, property) } : {}),
    ...(entries?.const ? { constEntries: true } : {}),
    ...(properties.length > 0 ? { properties } : {}),
  };
}

/** Calls in keys and in arguments that the table binds run before it is applied. */
function beforeTable<T>(block: BlockLowering, decl: ast.TableDecl, lower: () => T): T {
  const { made: before, result } = block.body.collect(lower);
  if (before.length > 0)
    block.beforeTable.set(decl, [...(block.beforeTable.get(decl) ?? []), ...before.flatMap((stmt) => hoisted(block, stmt))]);
  return result;
}

/** The variables that a key needs are those of the block. */
function hoisted(block: BlockLowering, stmt: Stmt): readonly Stmt[] {
  if (stmt.kind !== 'declare') return [stmt];
  const { name, type, init, loc } = stmt;
  block.locals.push({ kind: 'variable', name, type, loc });
  return init ? [{ kind: 'assign', target: { kind: 'name', name, type, loc }, value: init, loc }] : [];
}

function lowerKey(b: Body, key: ast.KeyElement, expr: Expr): KeyDecl {
  const { format, without } = formatOf(key.annotations);
  const given = b.program.annotations.nameIn(key.annotations);
  return {
    expr,
    match: key.match.text,
    name: given ?? keyName(b, key.expr) ?? '',
    loc: key.loc,
    ...b.program.annotations.of(key.annotations, ['name', ...without]),
    ...format,
  };
}

/** What the control plane calls a key without `@name`: the expression as written. */
function keyName(b: Body, e: ast.Expr): string | undefined {
  const joined = (base: ast.Expr, text: (name: string) => string): string | undefined => {
    const name = keyName(b, base);
    return name === undefined ? undefined : text(name);
  };
  switch (e.kind) {
    case 'name':
      return e.path.name.text;
    case 'integer':
      return e.base === 16
        ? `0x${e.value.toString(16)}`
        : e.base === 2
          ? `0b${e.value.toString(2)}`
          : e.base === 8
            ? `0o${e.value.toString(8)}`
            : String(e.value);
    case 'member': {
      const field = b.program.fieldNamed(b, e);
      return field?.startsWith('.') ? field.slice(1) : joined(e.base, (base) => `${base}.${field ?? e.member.text}`);
    }
    case 'index':
      return joined(e.base, (base) => `${base}[${keyName(b, e.index) ?? ''}]`);
    case 'slice':
      return joined(e.base, (base) => `${base}[${keyName(b, e.high) ?? ''}:${keyName(b, e.low) ?? ''}]`);
    case 'binary':
      return e.op === '&' ? joined(e.left, (left) => `${left} & ${keyName(b, e.right) ?? ''}`) : undefined;
    case 'call':
      if (e.callee.kind !== 'member' || e.callee.member.text !== 'isValid') return undefined;
      return joined(e.callee.base, (base) => `${base}.$valid$`);
    default:
      return undefined;
  }
}

// ── actions ──

function lowerRef(b: Body, ref: ast.ActionRef): ActionRef {
  const scope = ref.annotations.find((a) => a.name === 'tableonly' || a.name === 'defaultonly')?.name as ActionRef['scope'];
  const entity = b.program.findings.entities.get(ref.path);
  invariant(entity?.kind === 'action', 'a table lists something that is not an action');
  const bound = entity.decl.params.filter((p) => p.direction);
  const operands = bound.map((p, i) => {
    const arg = (ref.args?.find((a) => a.name?.text === p.name.text) ?? ref.args?.[i])?.value;
    invariant(arg, 'an action without its argument');
    return p.direction === 'in' ? value(() => lowerExpr(b, arg)) : place(() => lowerPlace(b, arg));
  });
  const args = inOrder(b, ...operands);
  return {
    action: b.nameOf(entity.decl),
    args: [...addedArg(b, ref), ...args],
    loc: ref.loc,
    ...(scope ? { scope } : {}),
    ...b.program.annotations.of(ref.annotations, scope ? [scope] : []),
  };
}

/** The arguments that the table binds, then those that are given here. */
function actionCall(b: Body, path: ast.Path, node: object, loc: ast.Expr['loc'], actions: readonly ActionRef[]): ActionCallExpr {
  const entity = b.program.findings.entities.get(path);
  invariant(entity?.kind === 'action', 'a call of something that is not an action');
  const action = b.nameOf(entity.decl);
  const call = b.program.findings.calls.get(node as ast.CallExpr);
  const bound = actions.find((ref) => ref.action === action)?.args ?? [];
  const given = (call?.params ?? []).flatMap((p, i): Expr[] => {
    const arg = call?.args[i];
    return p.direction ? [] : [arg ? folded(lowerExpr(b, arg), b.program.localValue) : b.program.defaultOf(p, b.type(p.type))];
  });
  return { action, args: [...bound, ...given], loc };
}

function defaultCall(b: Body, p: ast.OtherProperty, actions: readonly ActionRef[]): ActionCallExpr {
  const { value } = p;
  const callee = value.kind === 'call' ? value.callee : value;
  invariant(callee.kind === 'name', 'a default action without a name');
  return actionCall(b, callee.path, value, value.loc, actions);
}

// ── entries ──

function lowerEntries(
  b: Body,
  entries: ast.EntriesProperty,
  keys: readonly KeyDecl[],
  actions: readonly ActionRef[],
  property: (name: string) => ast.OtherProperty | undefined,
): readonly EntryDecl[] {
  const types = keys.map((k) => k.expr.type);
  const lowered = entries.entries.map((entry): EntryDecl => {
    const sets = lowerKeySets(b, entry.keys, types);
    return {
      keys: sets,
      action: actionCall(b, entry.action.path, entry.action, entry.action.loc, actions),
      ...(entry.const ? { const: true } : {}),
      loc: entry.loc,
    };
  });
  const ordered = keys.some((k) => ['ternary', 'range', 'optional'].includes(k.match));
  const priorities = ordered ? prioritiesOf(b, entries, property) : undefined;
  return priorities ? lowered.map((entry, i) => ({ ...entry, priority: priorities[i] as number })) : lowered;
}

/** Undefined where the order of the entries says what wins. */
function prioritiesOf(
  b: Body,
  entries: ast.EntriesProperty,
  property: (name: string) => ast.OtherProperty | undefined,
): readonly number[] | undefined {
  const annotated = entries.entries.map((e) => e.action.annotations.find((a) => a.name === 'priority'));
  if (annotated.some((a) => a)) {
    // BMv2's annotation: the lowest wins, and an entry without one has its place among the entries.
    const given = annotated.map((a, i) => (a && priorityOf(a)) ?? i + 1);
    const most = Math.max(...given);
    return given.map((p) => most - p + 1);
  }
  return entries.const || !entries.entries.some((e) => e.priority) ? undefined : explicitPriorities(b, entries, property);
}

/** Of entries that say some of them; higher ones win, whatever the table says (P4-16 §14.2.1.4). */
function explicitPriorities(
  b: Body,
  entries: ast.EntriesProperty,
  property: (name: string) => ast.OtherProperty | undefined,
): readonly number[] {
  const wins = property('largest_priority_wins');
  const largest = !(wins && lowerExpr(b, wins.value).kind === 'bool' && (lowerExpr(b, wins.value) as { value: boolean }).value === false);
  const delta = property('priority_delta');
  const step = delta ? Number(lowerNumber(b, delta.value)) : 1;
  const given: number[] = [];
  for (const [i, e] of entries.entries.entries()) {
    const before = given[i - 1];
    if (e.priority) given.push(Number(lowerNumber(b, e.priority)));
    else if (before === undefined) given.push(largest ? (entries.entries.length - 1) * step + 1 : 1);
    else given.push(largest ? before - step : before + step);
  }
  const most = Math.max(...given);
  return largest ? given : given.map((p) => most - p + 1);
}

// ── properties of the architecture ──

function lowerProperty(block: BlockLowering, table: ast.TableDecl, p: ast.OtherProperty) {
  const b = block.body;
  const name = p.name.text;
  const value =
    p.value.kind === 'construct'
      ? b.program.construct(b, p.value, `${table.name.text}_${name}`, p.annotations)
      : folded(lowerExpr(b, p.value), b.program.constantValue);
  return { name, value, ...(p.const ? { const: true } : {}) };
}
