/** Lowers the portable architecture to v1model. What each part becomes is in the tables of the files beside this one. */
import { meterColor, portable as portableArch } from '../../arch/portable.js';
import { identityBinding } from '../../binding.js';
import { bits, bitType, callMethod, name, named } from '../../ir/build.js';
import type { ConstDecl, ControlDecl, Param, ParserDecl } from '../../ir/decl.js';
import { fresh } from '../../ir/fresh-names.js';
import type { Program } from '../../ir/program.js';
import type { Block } from '../../ir/stmt.js';
import { type Annotation, sameType, type Type, type TypeDecl } from '../../ir/types.js';
import { each, update } from '../../ir/visit.js';
import { Diagnostics } from '../../support/diagnostics.js';
import { freeze } from '../../support/freeze.js';
import { invariant } from '../../support/invariant.js';
import { isNowhere, type Loc } from '../../support/location.js';
import type { Lowered, LowerOptions } from '../../target.js';
import { checkLowerable } from './check.js';
import { takeUpdates, takeVerifications } from './checksums.js';
import { type Context, createContext, headerOf, isStd, metaOf, wireType } from './context.js';
import { markToDrop, recirculateInEgress } from './decisions.js';
import { restoreMirrored } from './mirror.js';
import { lowerStates, parserGuard } from './parser.js';
import { BlockRewriter } from './rewrite.js';
import { pathEnum } from './standard-metadata.js';
import { forTarget } from './target.js';

/** Lowers a portable program that passed `validate`. What v1model cannot do is reported, at the user's line. */
export function lowerToV1model(portable: Program, options: LowerOptions = {}): Lowered {
  invariant(portable.arch === portableArch.name, `a program for ${portable.arch} is not lowered to v1model`);
  const diagnostics = new Diagnostics();
  const program = forTarget(portable, 'bmv2');
  checkLowerable(program, diagnostics);
  if (diagnostics.hasErrors) return { program, binding: new Map(), diagnostics: diagnostics.list };

  const cx = createContext(program, diagnostics);
  const functions = program.functions.map((f) => new BlockRewriter(cx, f).function(f));
  const parsers = [...cx.subparsers, cx.parser].map((parser) => lowerParser(cx, parser));
  const nested = cx.nested.map((control) => lowerControl(cx, control));
  const ingress = lowerControl(cx, cx.ingress, () => [...parserGuard(cx), markToDrop(cx, cx.ingress.loc)]);
  const egress = lowerControl(cx, cx.egress, () => [...recirculateInEgress(cx), ...restoreMirrored(cx)]);
  const [emits, updates] = takeUpdates(cx, new BlockRewriter(cx, cx.deparser).block(cx.deparser.body));
  const verifications = parsers.flatMap((p) => p.verifications);
  const verify = checksumControl(cx, 'verifyChecksums', verifications, cx.parser.loc);
  const compute = checksumControl(cx, 'computeChecksums', updates, cx.deparser.loc);
  const deparser: ControlDecl = { ...cx.deparser, params: deparserParams(cx), body: [...emitPacketIn(cx), ...emits] };

  const lowered = withEnums({
    ...program,
    arch: 'v1model',
    types: cx.added.types().map((type) => onTheWire(cx, type)),
    constants: [...cpuPort(cx, options.cpuPort ?? 510), ...program.constants],
    functions,
    parsers: parsers.map((p) => p.parser),
    controls: [verify, ...nested, ingress, egress, compute, deparser],
    main: {
      package: 'V1Switch',
      blocks: [cx.parser.name, verify.name, ingress.name, egress.name, compute.name, deparser.name],
    },
  });
  return { program: freeze(lowered), binding: identityBinding(program), diagnostics: diagnostics.list };
}

// ── blocks ──

function lowerParser(cx: Context, parser: ParserDecl): { parser: ParserDecl; verifications: Block } {
  const rewriter = new BlockRewriter(cx, parser);
  const [userStates, verifications] = takeVerifications(cx, parser);
  const states = lowerStates(cx, parser, each(userStates, rewriter.state));
  const params = parser.params.map((p) => lowerParam(cx, p));
  const annotations = [...(parser.annotations ?? []), ...quietHeaders(parser)];
  return {
    parser: { ...parser, ...(annotations.length ? { annotations } : {}), params, locals: rewriter.locals(), states },
    verifications: rewriter.block(verifications),
  };
}

/** p4c takes the headers that a subparser is given for not initialised, though all are invalid at the start of a parser. */
const quietHeaders = (parser: ParserDecl): readonly Annotation[] =>
  parser.locals.some((l) => l.kind === 'instance') ? [{ name: 'noWarn', body: '"uninitialized-use"' }] : [];

/** `first`: what the control begins with, once the rest of it is lowered. */
function lowerControl(cx: Context, control: ControlDecl, first: () => Block = () => []): ControlDecl {
  const rewriter = new BlockRewriter(cx, control);
  const body = rewriter.block(control.body);
  const locals = rewriter.locals();
  return { ...control, params: control.params.map((p) => lowerParam(cx, p)), locals, body: [...first(), ...body] };
}

const param = (text: string, type: Type, direction: Param['direction'], loc: Loc): Param => ({
  name: text,
  type,
  ...(direction ? { direction } : {}),
  loc,
});
const hdr = (cx: Context, direction: Param['direction'], loc: Loc): Param => param(cx.names.hdr, named(cx.headers.name), direction, loc);
const meta = (cx: Context, loc: Loc): Param => param(cx.names.meta, metaOf(cx, loc).type, 'inout', loc);

function lowerParam(cx: Context, given: Param): Param {
  if (isStd(given.type)) return param(cx.names.standardMetadata, named('standard_metadata_t'), 'inout', given.loc);
  if (sameType(given.type, named(cx.headers.name))) return hdr(cx, given.direction, given.loc);
  return sameType(given.type, named(cx.metadata.name)) ? meta(cx, given.loc) : { ...given, name: cx.names.packet };
}

const deparserParams = (cx: Context, { loc } = cx.deparser): readonly Param[] => [
  param(cx.names.packet, named('packet_out'), undefined, loc),
  hdr(cx, 'in', loc),
];

const checksumControl = (cx: Context, wanted: string, body: Block, fallback: Loc): ControlDecl => {
  const loc = body[0]?.loc ?? fallback;
  return { kind: 'control', name: fresh(wanted, cx.taken), params: [hdr(cx, 'inout', loc), meta(cx, loc)], locals: [], body, loc };
};

// ── headers of controllers ──

const isOfController = (cx: Context, type: TypeDecl): boolean => type === cx.packetIn?.header || type === cx.packetOut?.header;

const onTheWire = (cx: Context, type: TypeDecl): TypeDecl =>
  isOfController(cx, type) && 'fields' in type
    ? update(type, { fields: each(type.fields, (f) => update(f, { type: wireType(f.type) })) })
    : type;

const emitPacketIn = (cx: Context): Block => {
  if (!cx.packetIn) return [];
  const { loc } = cx.packetIn.field;
  return [callMethod(name(cx.names.packet, named('packet_out'), loc), 'emit', [headerOf(cx, cx.packetIn, loc)], loc)];
};

/** The constant, where something uses it. */
function cpuPort(cx: Context, port: number): ConstDecl[] {
  const origin = cx.packetOut ?? (cx.calls.has('to_controller') || cx.calls.has('fill_packet_in') ? cx.packetIn : undefined);
  if (!origin) return [];
  const loc = isNowhere(origin.field.loc) ? cx.ingress.loc : origin.field.loc;
  return [{ kind: 'constant', name: cx.cpuPort, type: bitType(9), value: bits(port, 9, loc), loc }];
}

// ── enums of the portable architecture that v1model does not have ──

function withEnums(program: Program): Program {
  const used = [meterColor, pathEnum].filter((decl) => mentions(program, decl.name));
  return { ...program, types: [...used, ...program.types] };
}

/** Whether the type stands anywhere in the program. */
function mentions(program: Program, type: string): boolean {
  const seen = new Set<object>();
  const todo: object[] = [program];
  for (let node = todo.pop(); node; node = todo.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if ('kind' in node && node.kind === 'named' && 'name' in node && node.name === type) return true;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) todo.push(child);
  }
  return false;
}
