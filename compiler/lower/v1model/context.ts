/** What the lowering of one program to v1model knows of it, and what it adds to it. */
import { type ProgramInfo, programInfo } from '../../analysis/program-info.js';
import { bitType, field, name, named } from '../../ir/build.js';
import type { ControlDecl, ParserDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { fresh, namesWithin, topLevelNames } from '../../ir/fresh-names.js';
import type { Program } from '../../ir/program.js';
import type { FieldDecl, HeaderDecl, StructDecl, Type } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { AddedMetadata } from './metadata.js';
import { fieldsChangedAfterMirror } from './mirror-order.js';

/** A header that is on the wire only between the switch and its controller. */
export interface ControllerHeader {
  /** The field of the headers' struct. */
  readonly field: FieldDecl;
  readonly header: HeaderDecl;
}

export interface Context {
  readonly program: Program;
  readonly info: ProgramInfo;
  readonly diagnostics: Diagnostics;
  readonly parser: ParserDecl;
  readonly ingress: ControlDecl;
  readonly egress: ControlDecl;
  readonly deparser: ControlDecl;
  /** Parsers and controls that run inside these. */
  readonly subparsers: readonly ParserDecl[];
  readonly nested: readonly ControlDecl[];
  readonly headers: StructDecl;
  readonly metadata: StructDecl;
  readonly packetIn?: ControllerHeader;
  readonly packetOut?: ControllerHeader;
  /** What the program calls anywhere: what it never does needs not be undone. */
  readonly calls: ReadonlySet<string>;
  readonly readsParserError: boolean;
  /** Kept fields of metadata that may change between a mirror and the end of the block that calls it. */
  readonly changedAfterMirror: ReadonlySet<string>;
  /** What the metadata has beside the user's fields. */
  readonly added: AddedMetadata;
  /** Field lists of the calls of recirculate that are lowered so far. */
  readonly recirculated: Set<number>;
  /** Copies of kept fields that the mirrors which are lowered so far make: from the field in the metadata to its copy. */
  readonly mirrored: Map<string, { readonly kept: Expr; readonly copy: FieldDecl }>;
  /** Names at the top level: what is added must differ. */
  readonly taken: Set<string>;
  /** Names of the blocks' parameters. */
  readonly names: { readonly packet: string; readonly hdr: string; readonly meta: string; readonly standardMetadata: string };
  /** The constant with the CPU port's number. */
  readonly cpuPort: string;
}

export function createContext(program: Program, diagnostics: Diagnostics): Context {
  const info = programInfo(program);
  const [parser, ingress, egress, deparser] = ['parser', 'ingress', 'egress', 'deparser'].map((role) => info.filling(role));
  invariant(parser?.kind === 'parser' && ingress?.kind === 'control', 'the program was not validated');
  invariant(egress?.kind === 'control' && deparser?.kind === 'control', 'the program was not validated');
  const headers = structOf(info, info.paramHolding(parser, 'headers')?.type);
  const metadata = structOf(info, info.paramHolding(parser, 'struct')?.type);
  const within = new Set([...program.parsers, ...program.controls].flatMap((block) => [...namesWithin(block)]));
  const taken = topLevelNames(program);
  const packetIn = controllerHeader(info, headers, 'packet_in');
  const packetOut = controllerHeader(info, headers, 'packet_out');
  return {
    program,
    info,
    diagnostics,
    parser,
    ingress,
    egress,
    deparser,
    subparsers: program.parsers.filter((p) => p !== parser),
    nested: program.controls.filter((c) => ![ingress, egress, deparser].includes(c)),
    headers,
    metadata,
    ...(packetIn ? { packetIn } : {}),
    ...(packetOut ? { packetOut } : {}),
    ...usesOf(program),
    changedAfterMirror: fieldsChangedAfterMirror(program, metadata.name, [ingress, egress]),
    added: new AddedMetadata(metadata, info),
    recirculated: new Set(),
    mirrored: new Map(),
    taken,
    names: {
      packet: fresh('packet', within),
      hdr: fresh('hdr', within),
      meta: fresh('meta', within),
      standardMetadata: fresh('standard_metadata', within),
    },
    cpuPort: fresh('CPU_PORT', new Set([...taken, ...within])),
  };
}

/** `hdr`, as the lowered blocks name it. */
const hdrOf = (cx: Context, loc: Loc): Expr => name(cx.names.hdr, named(cx.headers.name), loc);
export const headerOf = (cx: Context, header: ControllerHeader, loc: Loc): Expr =>
  field(hdrOf(cx, loc), header.field.name, header.field.type, loc);
export const metaOf = (cx: Context, loc: Loc): Expr => name(cx.names.meta, named(cx.metadata.name), loc);
/** A field of the metadata, the user's or an added one. */
export const metaField = (cx: Context, { name: text, type }: Pick<FieldDecl, 'name' | 'type'>, loc: Loc): Expr =>
  field(metaOf(cx, loc), text, type, loc);
/** Tells the parser of a resubmitted packet that packet_out is in front of it. */
export const fromController = (cx: Context, loc: Loc): FieldDecl => cx.added.flag('from_controller', bitType(1), loc);
export const standardMetadata = (cx: Context, loc: Loc): Expr => name(cx.names.standardMetadata, named('standard_metadata_t'), loc);
export const standardField = (cx: Context, text: string, type: Type, loc: Loc): Expr => field(standardMetadata(cx, loc), text, type, loc);

/** p4c knows no bool in the headers of controllers: what it is there. */
export const wireType = (type: Type): Type => (type.kind === 'bool' ? bitType(1) : type);

function structOf(info: ProgramInfo, type: Type | undefined): StructDecl {
  const decl = info.declaration(type);
  invariant(decl?.kind === 'struct', 'the program was not validated');
  return decl;
}

function controllerHeader(info: ProgramInfo, headers: StructDecl, name: string): ControllerHeader | undefined {
  const header = info.controllerHeader(name)?.decl;
  const field = header && headers.fields.find((f) => info.declaration(f.type) === header);
  return field && { field, header };
}

function usesOf(program: Program): Pick<Context, 'calls' | 'readsParserError'> {
  const calls = new Set<string>();
  let readsParserError = false;
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'function') calls.add(stmt.callee.name);
    },
    expr: (expr) => {
      if (expr.kind === 'field' && isStd(expr.base.type) && expr.name === 'parserError') readsParserError = true;
    },
  }).program(program);
  return { calls, readsParserError };
}

const stdStructs = new Set(['ParserStd', 'IngressStd', 'EgressStd']);
/** Whether the type is what a portable block knows of a packet. */
export const isStd = (type: Type): boolean => type.kind === 'named' && stdStructs.has(type.name);
