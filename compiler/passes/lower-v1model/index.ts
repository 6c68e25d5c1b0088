/** Lowers the portable architecture to v1model. What each part becomes is in the tables of the files beside this one. */
import { binary, bits, bitType, callMethod, name, named } from '../../ir/build.js';
import type { ConstDecl, ControlDecl, InstanceDecl, LocalDecl, Param, ParserDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Program } from '../../ir/program.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { type NamedType, sameType, type Type, type TypeDecl } from '../../ir/types.js';
import { each, Rewriter, update } from '../../ir/visit.js';
import { type Diagnostic, Diagnostics } from '../../support/diagnostics.js';
import { freeze } from '../../support/freeze.js';
import { invariant } from '../../support/invariant.js';
import { isNowhere, type Loc } from '../../support/location.js';
import { type Binding, identityBinding } from '../binding.js';
import { fresh } from '../names.js';
import { checkLowerable } from './check.js';
import { takeUpdates, takeVerifications } from './checksums.js';
import { type Context, createContext, headerOf, metaOf, wireType } from './context.js';
import { decisions, markToDrop } from './decisions.js';
import { lowerParser } from './parser.js';
import { lowerStd } from './standard-metadata.js';

export interface LowerOptions {
  /** The port of the controller (default 510). */
  readonly cpuPort?: number;
}
export interface Lowered {
  /** For v1model. Meaningless when there are errors in `diagnostics`. */
  readonly program: Program;
  readonly binding: Binding;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lowers a portable program that passed `validate`. What v1model cannot do is reported, at the user's line. */
export function lowerToV1model(program: Program, options: LowerOptions = {}): Lowered {
  invariant(program.arch === 'portable', `a program for ${program.arch} is not lowered to v1model`);
  const diagnostics = new Diagnostics();
  checkLowerable(program, diagnostics);
  if (diagnostics.hasErrors) return { program, binding: new Map(), diagnostics: diagnostics.list };

  const cx = createContext(program, diagnostics);
  const parserRewriter = blockRewriter(cx, cx.parser, 'parser');
  const [userStates, verifications] = takeVerifications(cx, cx.parser.states);
  const parsed = lowerParser(cx, each(userStates, parserRewriter.state));
  const parser: ParserDecl = {
    ...cx.parser,
    params: parserParams(cx),
    locals: cx.parser.locals.map((local) => lowerLocal(parserRewriter.local(local))),
    states: parsed.states,
  };
  const start = cx.ingress.loc;
  const ingress = lowerControl(cx, cx.ingress, 'ingress', [...parsed.guard, markToDrop(cx, start)]);
  const egress = lowerControl(cx, cx.egress, 'egress', []);
  const deparserRewriter = blockRewriter(cx, cx.deparser, 'egress');
  const [emits, updates] = takeUpdates(deparserRewriter.block(cx.deparser.body));
  const verify = checksumControl(cx, 'verifyChecksums', parserRewriter.block(verifications), cx.parser.loc);
  const compute = checksumControl(cx, 'computeChecksums', updates, cx.deparser.loc);
  const deparser: ControlDecl = { ...cx.deparser, params: deparserParams(cx), body: [...emitPacketIn(cx), ...emits] };

  const lowered: Program = {
    ...program,
    arch: 'v1model',
    types: program.types.map((type) => (type === cx.metadata ? parsed.metadata : onTheWire(cx, type))),
    constants: [...cpuPort(cx, options.cpuPort ?? 510), ...program.constants],
    parsers: [parser],
    controls: [verify, ingress, egress, compute, deparser],
    main: {
      package: 'V1Switch',
      blocks: [parser.name, verify.name, ingress.name, egress.name, compute.name, deparser.name],
    },
  };
  return { program: freeze(lowered), binding: identityBinding(program), diagnostics: diagnostics.list };
}

/** Rewrites what stands in one block: parameters' names, `std`, decisions and types of extern objects. */
function blockRewriter(cx: Context, block: ParserDecl | ControlDecl, stage: 'parser' | 'ingress' | 'egress'): Rewriter {
  const newNames = new Map(
    block.params.flatMap((param): [string, string][] => {
      if (sameType(param.type, named(cx.headers.name))) return [[param.name, cx.names.hdr]];
      if (sameType(param.type, named(cx.metadata.name))) return [[param.name, cx.names.meta]];
      return sameType(param.type, named('packet_in')) || sameType(param.type, named('packet_out')) ? [[param.name, cx.names.packet]] : [];
    }),
  );
  return new Rewriter({
    expr: (expr: Expr): Expr => {
      if (expr.kind === 'field' && expr.type.kind === 'bool' && isOfController(cx, expr.base.type)) {
        return binary('==', { ...expr, type: bitType(1) }, bits(1, 1, expr.loc));
      }
      if (expr.kind !== 'name') return lowerStd(cx, expr, stage) ?? expr;
      return update(expr, { name: newNames.get(expr.name) ?? expr.name, type: lowerType(expr.type) });
    },
    stmt: (stmt: Stmt): Stmt | Block => {
      const decision = stmt.kind === 'call' && stmt.callee.kind === 'function' ? decisions.get(stmt.callee.name) : undefined;
      if (!decision || stmt.kind !== 'call') return stmt;
      const [first, ...rest] = decision(cx, stmt.args, stmt.loc);
      invariant(first, 'a decision is at least one statement');
      return [update(first, stmt.doc === undefined ? {} : { doc: stmt.doc }), ...rest];
    },
  });
}

function lowerControl(cx: Context, control: ControlDecl, stage: 'ingress' | 'egress', first: Block): ControlDecl {
  const rewriter = blockRewriter(cx, control, stage);
  return {
    ...control,
    params: controlParams(cx, control.loc),
    locals: control.locals.map((local) => lowerLocal(rewriter.local(local))),
    body: [...first, ...rewriter.block(control.body)],
  };
}

// ── headers of controllers ──

const isOfController = (cx: Context, type: Type): boolean =>
  [cx.packetIn, cx.packetOut].some((header) => header && sameType(type, header.field.type));

function onTheWire(cx: Context, type: TypeDecl): TypeDecl {
  if (type !== cx.packetIn?.header && type !== cx.packetOut?.header) return type;
  return update(type, { fields: each(type.fields, (f) => update(f, { type: wireType(f.type) })) });
}

// ── extern objects ──

const externs: ReadonlyMap<string, string> = new Map([
  ['Counter', 'counter'],
  ['DirectCounter', 'direct_counter'],
]);

function lowerType(type: Type): Type {
  const target = type.kind === 'named' ? externs.get(type.name) : undefined;
  return target === undefined ? type : named(target);
}

function lowerLocal(local: LocalDecl): LocalDecl {
  if (local.kind !== 'instance') return local;
  const args = each(local.args, (arg): Expr => {
    if (arg.kind !== 'member' || arg.type.kind !== 'named' || arg.type.name !== 'CounterUnit') return arg;
    return { ...arg, type: named('CounterType'), name: arg.name === 'both' ? 'packets_and_bytes' : arg.name };
  });
  return update<InstanceDecl>(local, { type: lowerType(local.type) as NamedType, args });
}

// ── blocks ──

const param = (text: string, type: Type, direction: Param['direction'], loc: Loc): Param => ({
  name: text,
  type,
  ...(direction ? { direction } : {}),
  loc,
});
const hdr = (cx: Context, direction: Param['direction'], loc: Loc): Param => param(cx.names.hdr, named(cx.headers.name), direction, loc);
const meta = (cx: Context, loc: Loc): Param => param(cx.names.meta, metaOf(cx, loc).type, 'inout', loc);
const standard = (cx: Context, loc: Loc): Param => param(cx.names.standardMetadata, named('standard_metadata_t'), 'inout', loc);

const parserParams = (cx: Context, { loc } = cx.parser): readonly Param[] => [
  param(cx.names.packet, named('packet_in'), undefined, loc),
  hdr(cx, 'out', loc),
  meta(cx, loc),
  standard(cx, loc),
];
const controlParams = (cx: Context, loc: Loc): readonly Param[] => [hdr(cx, 'inout', loc), meta(cx, loc), standard(cx, loc)];
const deparserParams = (cx: Context, { loc } = cx.deparser): readonly Param[] => [
  param(cx.names.packet, named('packet_out'), undefined, loc),
  hdr(cx, 'in', loc),
];

const checksumControl = (cx: Context, wanted: string, body: Block, fallback: Loc): ControlDecl => {
  const loc = body[0]?.loc ?? fallback;
  return { kind: 'control', name: fresh(wanted, cx.taken), params: [hdr(cx, 'inout', loc), meta(cx, loc)], locals: [], body, loc };
};

const emitPacketIn = (cx: Context): Block => {
  if (!cx.packetIn) return [];
  const { loc } = cx.packetIn.field;
  return [callMethod(name(cx.names.packet, named('packet_out'), loc), 'emit', [headerOf(cx, cx.packetIn, loc)], loc)];
};

/** The constant, where the program has to do with a controller. */
function cpuPort(cx: Context, port: number): ConstDecl[] {
  const origin = cx.packetOut ?? cx.packetIn;
  if (!origin) return [];
  const loc = isNowhere(origin.field.loc) ? cx.ingress.loc : origin.field.loc;
  return [{ kind: 'constant', name: cx.cpuPort, type: bitType(9), value: bits(port, 9, loc), loc }];
}
