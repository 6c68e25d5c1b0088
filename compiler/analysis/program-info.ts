/**
 * What a program's names, types, blocks and calls stand for, answered once for every pass, target and controller. Nothing
 * downstream resolves a name, computes a width or looks an extern up for itself.
 */
import { coreExterns, coreFunctions, noAction } from '../arch/core.js';
import {
  type ArchBlock,
  type ArchExtern,
  type ArchMethod,
  type ArchSpec,
  type ArgumentRole,
  architectures,
  archTypes,
  type ExternRole,
} from '../arch/index.js';
import { annotation, hasAnnotation } from '../ir/annotations.js';
import { wrap } from '../ir/arithmetic.js';
import type { ActionDecl, ControlDecl, InstanceDecl, LocalDecl, Param, ParserDecl, TableDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import { coreErrors, type Program } from '../ir/program.js';
import type { CallStmt } from '../ir/stmt.js';
import type { FieldDecl, HeaderDecl, NamedType, Type, TypeDecl } from '../ir/types.js';
import type { OfKind } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import { TypeTable } from './type-table.js';

export type BlockDecl = ParserDecl | ControlDecl;

/** A header that is in front of packets to or from the controller alone. */
export interface ControllerHeader {
  /** `packet_in` or `packet_out`. */
  readonly name: string;
  readonly decl: HeaderDecl;
  /** Those that controllers see: all but padding. */
  readonly fields: readonly FieldDecl[];
}

/** What a call does with its arguments; those that are written and read are in both. */
export interface Accesses {
  readonly reads: readonly Expr[];
  /** With what takes the result. */
  readonly writes: readonly Expr[];
}

export type Attachment = keyof ArchSpec['attachments'];

/** The answers for a program that passed `validate`; the same object each time. */
export function programInfo(program: Program): ProgramInfo {
  const known = infos.get(program) ?? new ProgramInfo(program, archOf(program));
  infos.set(program, known);
  return known;
}
const infos = new WeakMap<Program, ProgramInfo>();

function archOf({ arch }: Program): ArchSpec {
  const spec = architectures.get(arch);
  invariant(spec, `no architecture ${arch}`);
  return spec;
}

export class ProgramInfo extends TypeTable {
  /** The types of the program and of its architecture. */
  readonly types: ReadonlyMap<string, TypeDecl>;
  /** Those of core.p4 and of the architecture. */
  readonly externs: ReadonlyMap<string, ArchExtern>;
  /** Extern functions; several of one name differ in their number of parameters. */
  readonly functions: ReadonlyMap<string, readonly ArchMethod[]>;
  readonly blocks: ReadonlyMap<string, BlockDecl>;
  /** In the order in which they are counted: those of core.p4, of the architecture, and the program's. */
  readonly errors: readonly string[];
  readonly #objects = new Map<BlockDecl, number>();
  readonly #declared = new WeakMap<BlockDecl | Program, ReadonlyMap<string, LocalDecl>>();
  #controllerHeaders: readonly ControllerHeader[] | undefined;

  constructor(
    readonly program: Program,
    readonly arch: ArchSpec,
  ) {
    const types = new Map([...archTypes(arch), ...program.types].map((decl) => [decl.name, decl]));
    super((name) => types.get(name));
    this.types = types;
    this.externs = new Map([...coreExterns, ...arch.externs].map((extern) => [extern.name, extern]));
    this.functions = byName([...coreFunctions, ...arch.functions]);
    this.blocks = new Map([...program.parsers, ...program.controls].map((block) => [block.name, block]));
    this.errors = [...coreErrors, ...arch.errors, ...program.errors];
  }

  /** The program is written in P4-16, which allows more than the language of p4ts. */
  get isP4(): boolean {
    return this.program.language === 'p4';
  }

  // ── blocks ──

  /** The block that the package takes for a role of the architecture, such as `ingress`. */
  filling(role: string): BlockDecl | undefined {
    const position = this.arch.blocks.findIndex((block) => block.name === role);
    return this.blocks.get(this.program.main.blocks[position] ?? '');
  }

  /** The role that a block has in the package. */
  roleOf(block: BlockDecl): ArchBlock | undefined {
    return this.arch.blocks[this.program.main.blocks.indexOf(block.name)];
  }

  /** The block's parameter that the architecture leaves the type of to the program: the struct of headers, or of metadata. */
  paramHolding(block: BlockDecl | undefined, what: 'headers' | 'struct'): Param | undefined {
    const position =
      block && this.roleOf(block)?.params.findIndex((p) => p.type.kind === 'named' && this.arch.holding[p.type.name] === what);
    return block?.params[position ?? -1];
  }

  /**
   * How many objects an instance of a block holds, those of the instances inside it included: tables, actions, extern objects
   * and value sets, which the control plane or a switch has for each instance alone. Takes time in proportion to the program,
   * however many there are. The program has no recursion.
   */
  objectsIn(block: BlockDecl): number {
    const known = this.#objects.get(block);
    if (known !== undefined) return known;
    let sum = 0;
    for (const local of block.locals) {
      if (local.kind === 'table' || local.kind === 'action' || local.kind === 'value-set') sum++;
      if (local.kind !== 'instance') continue;
      const inner = this.blocks.get(local.type.name);
      // An instance with arguments is not as another one.
      sum += inner ? this.objectsIn(inner) + (local.args.length > 0 ? 1 : 0) : 1;
    }
    this.#objects.set(block, sum);
    return sum;
  }

  // ── names ──

  /** What a name in the block stands for that is of this kind: declared there, or else at the top of the program. */
  declared<K extends LocalDecl['kind']>(kind: K, name: string, block?: BlockDecl): OfKind<LocalDecl, K> | undefined {
    const key = `${kind} ${name}`;
    const own = block && this.#declarationsIn(block).get(key);
    return (own ?? this.#declarationsIn(this.program).get(key)) as OfKind<LocalDecl, K> | undefined;
  }

  #declarationsIn(owner: BlockDecl | Program): ReadonlyMap<string, LocalDecl> {
    const known = this.#declared.get(owner);
    if (known) return known;
    const decls: readonly LocalDecl[] =
      'locals' in owner ? owner.locals : [...owner.constants, ...owner.functions, ...owner.actions, ...owner.instances];
    const found = new Map(decls.map((decl) => [`${decl.kind} ${decl.name}`, decl]));
    this.#declared.set(owner, found);
    return found;
  }

  /** As `declared`; NoAction is core.p4's where the program declares none. */
  declaredAction(name: string, block?: BlockDecl): ActionDecl | undefined {
    return this.declared('action', name, block) ?? (name === noAction.name ? noAction : undefined);
  }

  /** The number that an expression is known to be. */
  constantValue(expr: Expr | undefined, block?: BlockDecl): bigint | undefined {
    switch (expr?.kind) {
      case 'const':
        return expr.value;
      case 'bool':
        return expr.value ? 1n : 0n;
      case 'cast': {
        const value = this.constantValue(expr.arg, block);
        return value === undefined ? undefined : wrap(value, this.underlying(expr.type));
      }
      case 'member':
        return this.memberValue(expr.type, expr.name);
      case 'name':
        return this.constantValue(this.declared('constant', expr.name, block)?.value, block);
      default:
        return undefined;
    }
  }

  // ── headers of controllers ──

  get controllerHeaders(): readonly ControllerHeader[] {
    this.#controllerHeaders ??= this.program.types.flatMap((decl) => {
      const name = annotation(decl, 'controller_header')?.text;
      if (decl.kind !== 'header' || name === undefined) return [];
      return [{ name, decl, fields: decl.fields.filter((field) => !hasAnnotation(field, 'padding')) }];
    });
    return this.#controllerHeaders;
  }

  /** That of `packet_in` or `packet_out`. */
  controllerHeader(name: string): ControllerHeader | undefined {
    return this.controllerHeaders.find((header) => header.name === name);
  }

  // ── externs ──

  extern(type: Type): ArchExtern | undefined {
    return type.kind === 'named' ? this.externs.get(type.name) : undefined;
  }

  /** What objects of the type are; undefined for those of parsers and controls. */
  externRole(type: Type): ExternRole | undefined {
    return this.extern(type)?.role;
  }

  /** What an object is given for this when it is constructed. */
  constructorArgument({ type, args }: InstanceDecl, role: ArgumentRole): Expr | undefined {
    const { constructors = [] } = this.extern(type) ?? {};
    const params = constructors.find((of) => of.length === args.length) ?? [];
    return args[params.findIndex((param) => param.is === role)];
  }

  /** What the cells of an object hold, or a digest tells, and the type of the indices of its cells. */
  cellType(type: NamedType): Type | undefined {
    const extern = this.extern(type);
    return type.args?.[extern?.typeParams?.indexOf(extern.cellType ?? '') ?? -1];
  }
  indexType(type: NamedType): Type | undefined {
    const extern = this.extern(type);
    return type.args?.[extern?.typeParams?.indexOf(extern.indexType ?? '') ?? -1];
  }

  /** The instance that a table names as its counter, meter or action profile. */
  attached(table: TableDecl, what: Attachment, block?: BlockDecl): InstanceDecl | undefined {
    const value = table.properties?.find((property) => property.name === this.arch.attachments[what])?.value;
    return value?.kind === 'name' ? this.declared('instance', value.name, block) : undefined;
  }

  /** Whether the controller is told of entries of the table that nothing hits. */
  tellsIdle({ properties }: TableDecl): boolean {
    const { property, notifies } = this.arch.idleTimeout;
    const value = properties?.find(({ name }) => name === property)?.value;
    return (value?.kind === 'bool' && value.value) || (value?.kind === 'member' && value.name === notifies);
  }

  // ── calls ──

  /** The extern function or method that a call is of. */
  externMethod({ callee, args }: CallStmt): ArchMethod | undefined {
    const overloads =
      callee.kind === 'function'
        ? this.functions.get(callee.name)
        : callee.kind === 'method'
          ? this.extern(callee.object.type)?.methods.filter((method) => method.name === callee.method && !method.abstract)
          : undefined;
    return overloads?.find((method) => method.params.length === args.length) ?? overloads?.[0];
  }

  /** The argument that an extern is given for this. */
  argument(call: CallStmt, role: ArgumentRole): Expr | undefined {
    const position = this.externMethod(call)?.params.findIndex((param) => param.is === role) ?? -1;
    return call.args[position];
  }

  /** The parser or control that a call runs. */
  calledBlock({ callee }: CallStmt, block: BlockDecl): BlockDecl | undefined {
    const instance = callee.kind === 'block' ? this.declared('instance', callee.instance, block) : undefined;
    return instance && this.blocks.get(instance.type.name);
  }

  /** What a call in the block reads and writes, by the directions of the parameters. */
  accesses(call: CallStmt, block?: BlockDecl): Accesses {
    const params = this.#paramsOf(call, block);
    const is = (i: number, ...directions: readonly (string | undefined)[]): boolean => directions.includes(params[i]?.direction);
    return {
      reads: call.args.filter((_, i) => !is(i, 'out')),
      writes: [...call.args.filter((_, i) => is(i, 'out', 'inout')), ...(call.result ? [call.result] : [])],
    };
  }

  #paramsOf(call: CallStmt, block: BlockDecl | undefined): readonly Pick<Param, 'direction'>[] {
    const { callee } = call;
    switch (callee.kind) {
      case 'function':
        return (this.declared('function', callee.name, block) ?? this.externMethod(call))?.params ?? [];
      case 'method':
        return this.externMethod(call)?.params ?? [];
      case 'action':
        return this.declaredAction(callee.name, block)?.params ?? [];
      case 'block':
        return (block && this.calledBlock(call, block)?.params) ?? [];
    }
  }
}

function byName(functions: readonly ArchMethod[]): ReadonlyMap<string, readonly ArchMethod[]> {
  const found = new Map<string, ArchMethod[]>();
  for (const fn of functions) found.set(fn.name, [...(found.get(fn.name) ?? []), fn]);
  return found;
}
