/** Views: what `hdr`, `meta` and `std` are in the user's functions. Built once from the declarations, without proxies. */
import { bitType, field, named } from '../ir/build.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { StructDecl, Type } from '../ir/types.js';
import { captureLocation, type Loc, nowhere } from '../support/location.js';
import { ExprNode, headerNode, operand } from './expr.js';
import type { Recorder } from './recorder.js';
import type { DataType, HeaderSet, HeaderType, StackType } from './surface.js';
import { declarationOf, formatOf, irType } from './types.js';

type Located = ReadonlyMap<string, Loc>;

/** An object with an expression for each field. */
export function view(
  base: Ir,
  fields: Readonly<Record<string, DataType>>,
  recorder: Recorder,
  locations: Located = new Map(),
): Record<string, ExprNode> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, type]) => [
      key,
      new ExprNode(field(base, key, irType(type)), recorder, [], locations.get(key) ?? nowhere, formatOf(type).format),
    ]),
  );
}

/** `std`: the fields of a struct of the architecture. */
export function stdView(struct: StructDecl, recorder: Recorder): Record<string, ExprNode> {
  const base: Ir = { kind: 'name', name: 'std', type: named(struct.name), loc: nowhere };
  return Object.fromEntries(struct.fields.map((f) => [f.name, new ExprNode(field(base, f.name, f.type), recorder)]));
}

/** `hdr`: a view for each header and stack. */
export function headersView(headers: HeaderSet, struct: string, recorder: Recorder): Record<string, unknown> {
  const hdr: Ir = { kind: 'name', name: 'hdr', type: named(struct), loc: nowhere };
  return Object.fromEntries(
    Object.entries(headers).map(([key, type]) => [
      key,
      type.kind === 'stack'
        ? stackView(field(hdr, key, stackType(type)), type, recorder)
        : headerView(field(hdr, key, named(type.name)), type, recorder),
    ]),
  );
}

export const stackType = (stack: StackType<any, any>): Type => ({ kind: 'stack', element: named(stack.of.name), size: stack.depth });

/** Where the fields of a header are declared. */
export function fieldPlaces(type: HeaderType): Located {
  const declaration = (type as { [declarationOf]?: { fields: readonly { name: string; loc: Loc }[] } })[declarationOf];
  return new Map(declaration?.fields.map((f) => [f.name, f.loc]) ?? []);
}

function headerView(base: Ir, type: HeaderType, recorder: Recorder, parts: readonly ExprNode[] = []): Record<string | symbol, unknown> {
  return Object.assign(view(base, type.fields, recorder, fieldPlaces(type)), { [headerNode]: new ExprNode(base, recorder, parts) });
}

function stackView(base: Ir, type: StackType<any, any>, recorder: Recorder): unknown {
  const element = named(type.of.name);
  const memberView = (member: 'next' | 'last') =>
    headerView({ kind: 'stack-member', base, member, type: element, loc: nowhere }, type.of, recorder);
  return {
    kind: 'stack',
    at(index: unknown) {
      const loc = captureLocation();
      const node = typeof index === 'number' ? operand(index, bitType(32), loc, recorder) : (index as ExprNode);
      if (typeof index === 'number' && index >= type.depth) {
        recorder.diagnostics.report('stack-index', { index: String(index), size: String(type.depth) }, { loc });
      }
      return headerView({ kind: 'index', base, index: node.at(loc), type: element, loc }, type.of, recorder);
    },
    next: memberView('next'),
    last: memberView('last'),
    lastIndex: new ExprNode({ kind: 'stack-member', base, member: 'lastIndex', type: bitType(32), loc: nowhere }, recorder),
    [headerNode]: new ExprNode(base, recorder),
  };
}
