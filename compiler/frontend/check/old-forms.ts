/**
 * Calls that the architecture keeps for programs written long ago: what each is today, as the table of the architecture says
 * (compiler/arch/v1model/old-forms.ts). Once the whole program is checked, it is known which fields are metadata.
 */
import type { ArchMethod, Today, TodayArg } from '../../arch/spec.js';
import type { Expr as Constant } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import { isGiven, mainOf } from '../architecture.js';
import type { CallExpr, Expr, FieldDecl, Param, SourceProgram, StructLikeDecl } from '../ast.js';
import type { Call, Checker } from './context.js';
import { FieldLists } from './field-lists.js';
import { nameOf, type Owner, OwnParameters } from './own-parameters.js';
import type { Scope } from './scope.js';
import { isStruct, prune, type Type } from './types.js';

/** A call of long ago, in today's terms. */
export interface OldForm {
  readonly call: CallExpr;
  readonly name: string;
  readonly args: readonly NewArg[];
  /** What its list is to have, where it names one. */
  readonly keeps?: { readonly number: number; readonly fields: readonly FieldDecl[] };
}
export type NewArg =
  | { readonly kind: 'old'; readonly at: number; readonly value: Expr | undefined }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'parameter'; readonly decl: Param }
  /** The block has no parameter of this type, and cannot have one. */
  | { readonly kind: 'missing'; readonly type: string }
  | { readonly kind: 'result' }
  | { readonly kind: 'constant'; readonly value: Constant };

/** A call of long ago, with what is known where it stands. */
export interface OldCall {
  readonly call: Call;
  readonly expr: CallExpr;
  readonly today: Today;
  readonly owner: Owner | undefined;
  readonly scope: Scope;
}

/** Remembers the call where it is one of long ago. */
export function noteOldCall(c: Checker, call: Call, expr: CallExpr): void {
  const today = methodOf(c, call)?.today;
  if (today) c.oldCalls.push({ call, expr, today, owner: c.place.owner, scope: c.scope });
}

function methodOf({ arch }: Checker, { kind, name, decl, params }: Call): ArchMethod | undefined {
  const { functions = [], externs = [] } = arch?.included ?? {};
  const named = (m: ArchMethod): boolean => m.name === name && m.params.length === params.length;
  if (!arch || !decl || !('name' in decl) || !isGiven(arch, decl)) return undefined;
  if (kind === 'function') return functions.find(named);
  return kind === 'method' ? externs.find((e) => e.name === decl.name.text)?.methods.find(named) : undefined;
}

/** Says what the calls are today, with a warning for each. */
export function settleOldCalls(c: Checker, program: SourceProgram): void {
  if (c.oldCalls.length === 0 || !c.arch) return;
  const main = mainOf(program);
  const call = main && c.calls.get(main);
  const structs = new Set<StructLikeDecl>();
  const metadata = call?.returns.kind === 'package' && call.returns.args[c.arch.typeParams.indexOf('M')];
  if (metadata) collectStructs(metadata, structs);
  const blocks = blockNames(c, call);
  const known = { structs, blocks, lists: new FieldLists(c, structs), own: new OwnParameters(c, new Set(blocks.keys())) };
  for (const one of c.oldCalls) {
    const form = settle(c, one, known);
    c.oldForms.set(one.expr, form);
    report(c, one, form);
  }
}

function collectStructs(type: Type, found: Set<StructLikeDecl>): void {
  const t = prune(type);
  if (t.kind !== 'struct' || found.has(t.info.decl)) return;
  found.add(t.info.decl);
  for (const { type: inner } of t.info.fields) collectStructs(inner, found);
}

/** The parsers and controls that the package has, by which of its blocks they are. */
function blockNames(c: Checker, main: Call | undefined): ReadonlyMap<object, string> {
  const names = new Map<object, string>();
  for (const [i, arg] of (main?.args ?? []).entries()) {
    const made = arg?.kind === 'construct' ? c.calls.get(arg)?.decl : undefined;
    const name = c.arch?.blocks[i]?.name;
    if (made && name !== undefined) names.set(made, name);
  }
  return names;
}

/** What is known of the whole program. */
interface Known {
  readonly structs: ReadonlySet<object>;
  readonly blocks: ReadonlyMap<object, string>;
  readonly lists: FieldLists;
  readonly own: OwnParameters;
}

function settle(c: Checker, { call, expr, today, owner, scope }: OldCall, { structs, blocks, lists, own }: Known): OldForm {
  const at = (param: string): number => call.params.findIndex((p) => p.name === param);
  const listed = today.args.find((a) => a.kind === 'list');
  const data = listed && call.args[at(listed.param)];
  const fields = data ? keptFields(c, data, structs, call) : [];
  const instead =
    today.within?.[(owner && blocks.get(owner)) ?? ''] ?? (listed && fields.length === 0 ? today.keepingNothing : undefined) ?? today;
  const number = instead.args.some((a) => a.kind === 'list') ? lists.numberOf(fields) : undefined;
  const args = instead.args.map((arg: TodayArg): NewArg => {
    switch (arg.kind) {
      case 'old':
        return { kind: 'old', at: at(arg.param), value: call.args[at(arg.param)] };
      case 'list':
        return { kind: 'number', value: number ?? 0 };
      case 'own': {
        const decl = own.find(arg.type, scope, owner);
        return decl ? { kind: 'parameter', decl } : { kind: 'missing', type: arg.type };
      }
      default:
        return arg;
    }
  });
  return { call: expr, name: instead.name, args, ...(number === undefined ? {} : { keeps: { number, fields } }) };
}

/** The fields of metadata that are given; of other things that are, which the switch could have kept, a warning tells. */
function keptFields(c: Checker, data: Expr, structs: ReadonlySet<object>, call: Call): readonly FieldDecl[] {
  switch (data.kind) {
    case 'list':
      return data.elements.flatMap((e) => keptFields(c, e, structs, call));
    case 'struct':
      return data.fields.flatMap((f) => keptFields(c, f.value, structs, call));
    case 'integer':
    case 'bool':
      return [];
    case 'cast':
      return keptFields(c, data.arg, structs, call);
    default:
  }
  const type = c.typeOf(data);
  if (isParameter(c, data)) {
    if (data.kind === 'member') {
      const base = c.typeOf(data.base);
      const field = base.kind === 'struct' && base.info.decl.fields.find((f) => f.name.text === data.member.text);
      if (field && base.kind === 'struct' && structs.has(base.info.decl)) return [field];
    }
    if (type.kind === 'struct' && structs.has(type.info.decl)) return type.info.decl.fields;
  }
  if (!(type.kind === 'struct' && type.info.fields.length === 0) && !isIngressPortOfClone(c, data, call))
    c.report('not-kept', { what: written(data) }, data.loc);
  return [];
}

/** Whether it is a parameter or a field of one: other variables are gone when the packet comes back. */
function isParameter(c: Checker, expr: Expr): boolean {
  if (expr.kind === 'member') return isStruct(c.typeOf(expr.base)) && isParameter(c, expr.base);
  return expr.kind === 'name' && c.entities.get(expr.path)?.kind === 'parameter';
}

/** The switch itself gives it to a clone of the packet as it arrived. */
function isIngressPortOfClone(c: Checker, expr: Expr, { args: [type] }: Call): boolean {
  if (expr.kind !== 'member' || expr.member.text !== 'ingress_port' || type?.kind !== 'member' || type.member.text !== 'I2E') return false;
  const base = c.typeOf(expr.base);
  return base.kind === 'struct' && c.arch?.structs.some((s) => s.name === base.info.decl.name.text) === true;
}

/** A name with the fields after it. */
function written(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.path.name.text;
  const base = expr.kind === 'member' ? written(expr.base) : undefined;
  return expr.kind === 'member' && base !== undefined ? `${base}.${expr.member.text}` : undefined;
}

function report(c: Checker, { call, expr }: OldCall, form: OldForm): void {
  const missing = form.args.find((a) => a.kind === 'missing');
  const fields = form.keeps?.fields.map((f) => f.name.text) ?? [];
  const args = form.args.map((a) => argumentText(a, call));
  const { loc } = expr.callee.kind === 'member' ? expr.callee.member : expr;
  c.report(
    'p4-old-form',
    {
      old: call.kind === 'method' && call.decl ? `${call.decl.name.text}.${call.name}` : call.name,
      today: `${form.name}(${args.join(', ')})`,
      lists: form.keeps && fields.length > 0 ? { number: form.keeps.number, fields } : undefined,
      missing: missing?.kind === 'missing' ? missing.type : undefined,
    },
    loc,
  );
}

function argumentText(arg: NewArg, { params }: Call): string {
  switch (arg.kind) {
    case 'old':
      return (arg.value && written(arg.value)) ?? params[arg.at]?.name ?? '…';
    case 'number':
      return String(arg.value);
    case 'parameter':
      return arg.decl.name.text;
    case 'missing':
      return nameOf(arg.type);
    case 'result':
      return 'result';
    case 'constant':
      return printExpr(arg.value);
  }
}
