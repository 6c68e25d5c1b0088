/** Views: what `hdr`, `meta` and `std` are in the user's functions. Built once from the declarations, without proxies. */
import { bits, bitType, field, named } from '../ir/build.js';
import type { Expr as Ir } from '../ir/expr.js';
import { type StructDecl, type Type, typeName } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, type Loc, nowhere } from '../support/location.js';
import { ExprNode, headerNode, isExpr, operand } from './expr.js';
import type { Recorder } from './recorder.js';
import type { DataType, HeaderSet, HeaderType, UnionType } from './surface.js';
import { declarationOf } from './type-declarations.js';
import { formatOf, irType } from './types.js';

type Located = ReadonlyMap<string, Loc>;
type AnyStack = Extract<HeaderSet[string], { kind: 'stack' }>;

/** An object with a view for each field: an expression, or the view of a struct or tuple. */
export function view(
  base: Ir,
  fields: Readonly<Record<string, DataType>>,
  recorder: Recorder,
  locations: Located = new Map(),
): Record<string, unknown> {
  return Object.freeze(fieldViews(base, fields, recorder, locations));
}

function fieldViews(
  base: Ir,
  fields: Readonly<Record<string, DataType>>,
  recorder: Recorder,
  locations: Located,
): Record<string | symbol, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, type]) => [
      key,
      fieldView(field(base, key, irType(type)), type, recorder, locations.get(key) ?? nowhere),
    ]),
  );
}

/** The view of a whole header, struct or stack, which statements know by its node. */
const whole = <T extends object>(members: T, node: ExprNode): T => Object.freeze(Object.assign(members, { [headerNode]: node }));

function fieldView(ir: Ir, type: DataType, recorder: Recorder, declared: Loc): unknown {
  const node = new ExprNode(ir, recorder, [], declared, formatOf(type).format);
  if (type.kind === 'struct') return whole(fieldViews(ir, type.fields, recorder, fieldPlaces(type as never)), node);
  if (type.kind === 'tuple') {
    const elements = type.elements as readonly DataType[];
    const at = (index: number) => {
      const loc = captureLocation();
      const element = elements[index];
      if (!element) return fail('index-out-of-range', { index: String(index), type: typeName(ir.type), size: elements.length }, { loc });
      return fieldView({ kind: 'index', base: ir, index: bits(index, 32, loc), type: irType(element), loc }, element, recorder, declared);
    };
    return whole({ at }, node);
  }
  return node;
}

/** `std`: the fields of a struct of the architecture. */
export function stdView(struct: StructDecl, recorder: Recorder): Record<string, ExprNode> {
  const base: Ir = { kind: 'name', name: 'std', type: named(struct.name), loc: nowhere };
  return Object.freeze(Object.fromEntries(struct.fields.map((f) => [f.name, new ExprNode(field(base, f.name, f.type), recorder)])));
}

/** `hdr`: a view for each header, stack and union. */
export function headersView(headers: HeaderSet, struct: string, recorder: Recorder): Record<string, unknown> {
  const hdr: Ir = { kind: 'name', name: 'hdr', type: named(struct), loc: nowhere };
  const views = Object.entries(headers).map(([key, type]) => {
    const base = field(hdr, key, headerSetType(type));
    if (type.kind === 'stack') return [key, stackView(base, type, recorder)];
    if (type.kind === 'union') return [key, unionView(base, type, recorder)];
    return [key, headerView(base, type, recorder)];
  });
  return Object.freeze(Object.fromEntries(views));
}

/** The IR's type of something in the pipeline's `headers`. */
export function headerSetType(type: HeaderSet[string]): Type {
  return type.kind === 'stack' ? { kind: 'stack', element: named(type.of.name), size: type.depth } : named(type.name);
}

function unionView(base: Ir, type: UnionType, recorder: Recorder): unknown {
  const members = Object.entries(type.members as Record<string, HeaderType>).map(([member, header]) => [
    member,
    headerView(field(base, member, named(header.name)), header, recorder),
  ]);
  return whole(Object.fromEntries(members), new ExprNode(base, recorder));
}

/** Where the fields of a header are declared. */
function fieldPlaces(type: HeaderType): Located {
  const declaration = (type as { [declarationOf]?: { fields: readonly { name: string; loc: Loc }[] } })[declarationOf];
  return new Map(declaration?.fields.map((f) => [f.name, f.loc]) ?? []);
}

function headerView(base: Ir, type: HeaderType, recorder: Recorder, parts: readonly ExprNode[] = []): Record<string | symbol, unknown> {
  return whole(fieldViews(base, type.fields, recorder, fieldPlaces(type)), new ExprNode(base, recorder, parts));
}

function stackView(base: Ir, { of, depth }: AnyStack, recorder: Recorder): unknown {
  const element = named(of.name);
  const elementView = (ir: Ir) => (of.kind === 'union' ? unionView(ir, of, recorder) : headerView(ir, of, recorder));
  const memberView = (member: 'next' | 'last') => elementView({ kind: 'stack-member', base, member, type: element, loc: nowhere });
  const members = {
    kind: 'stack',
    at(index: unknown) {
      const loc = captureLocation();
      const node = isExpr(index) ? index : operand(index, bitType(32), loc, recorder);
      if (typeof index === 'number' && index >= depth) {
        recorder.diagnostics.report('index-out-of-range', { index: String(index), type: typeName(base.type), size: depth }, { loc });
      }
      return elementView({ kind: 'index', base, index: node.at(loc), type: element, loc });
    },
    next: memberView('next'),
    last: memberView('last'),
    lastIndex: new ExprNode({ kind: 'stack-member', base, member: 'lastIndex', type: bitType(32), loc: nowhere }, recorder),
  };
  return whole(members, new ExprNode(base, recorder));
}
