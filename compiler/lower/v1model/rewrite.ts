/** Rewrites what stands in one parser, control or function: parameters' names, `std`, extern objects and calls. */
import { binary, bits, bitType, callMethod, name, named } from '../../ir/build.js';
import type { ControlDecl, FunctionDecl, LocalDecl, ParserDecl, VarDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { fresh, namesWithin } from '../../ir/fresh-names.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { each, Rewriter, update } from '../../ir/visit.js';
import { invariant } from '../../support/invariant.js';
import { colorBits, lowerExecute, lowerUpdate, setColor } from './cells.js';
import { type Context, isStd, standardMetadata } from './context.js';
import { decisions, dropInEgress } from './decisions.js';
import { externType, lowerLocal } from './externs.js';
import { lowerMirror } from './mirror.js';
import { services } from './services.js';
import { comparedPath, comparePath, lowerStd } from './standard-metadata.js';

export class BlockRewriter {
  readonly #cx: Context;
  readonly #block: ParserDecl | ControlDecl | FunctionDecl;
  readonly #newNames: ReadonlyMap<string, string>;
  /** Names in the block, those of its parameters too. */
  readonly #taken: Set<string>;
  /** The variables that direct meters give their colours to, by the name of the meter. */
  readonly #colors = new Map<string, VarDecl>();
  /** What `std.path` became. */
  readonly #paths = new Set<Expr>();
  readonly #rewriter: Rewriter;

  constructor(cx: Context, block: ParserDecl | ControlDecl | FunctionDecl) {
    this.#cx = cx;
    this.#block = block;
    this.#newNames = new Map(
      block.params.flatMap((param): [string, string][] => {
        if (sameType(param.type, named(cx.headers.name))) return [[param.name, cx.names.hdr]];
        if (sameType(param.type, named(cx.metadata.name))) return [[param.name, cx.names.meta]];
        return isPacket(param.type) ? [[param.name, cx.names.packet]] : [];
      }),
    );
    this.#taken = new Set([...cx.taken, ...Object.values(cx.names), ...(block.kind === 'function' ? [] : namesWithin(block))]);
    this.#rewriter = new Rewriter({ expr: (expr) => this.#expr(expr), stmt: (stmt) => this.#stmt(stmt) });
  }

  readonly block = (block: Block): Block => this.#rewriter.block(block);

  get state() {
    return this.#rewriter.state;
  }
  get function() {
    return this.#rewriter.local<FunctionDecl>;
  }

  /** The block's declarations; those that direct meters need come first. */
  locals(): readonly LocalDecl[] {
    if (this.#block.kind === 'function') return [];
    const locals = this.#block.locals.map((local) => lowerLocal(this.#cx.info, this.#rewriter.local(local)));
    return [...this.#colors.values(), ...locals];
  }

  #expr(expr: Expr): Expr {
    const cx = this.#cx;
    if (expr.kind === 'field' && expr.type.kind === 'bool' && isOfController(cx, expr.base.type))
      return binary('==', { ...expr, type: bitType(1) }, bits(1, 1, expr.loc));
    if (expr.kind === 'name')
      return update(expr, { name: this.#newNames.get(expr.name) ?? expr.name, type: externType(cx.info, expr.type) });
    if (expr.kind === 'binary') {
      const member = comparedPath(expr, this.#paths);
      return member ? comparePath(cx, expr, member) : expr;
    }
    if (expr.kind !== 'field' || !isStd(expr.base.type)) return expr;
    const lowered = lowerStd(cx, expr);
    if (expr.name === 'path') this.#paths.add(lowered);
    return lowered;
  }

  #stmt(stmt: Stmt): Stmt | Block {
    if (stmt.kind !== 'call') return stmt;
    const lowered = this.#call(stmt);
    if (!Array.isArray(lowered)) return lowered as Stmt;
    const [first, ...rest] = lowered as Block;
    invariant(first, 'a call is at least one statement');
    return [update(first, stmt.doc === undefined ? {} : { doc: stmt.doc }), ...rest];
  }

  #call(stmt: CallStmt): Stmt | Block {
    const cx = this.#cx;
    const { callee, args, loc } = stmt;
    if (callee.kind === 'block')
      return update(stmt, { args: each(args, (arg) => (isStd(arg.type) ? standardMetadata(cx, arg.loc) : arg)) });
    if (callee.kind === 'method') return this.#method(stmt, callee.object, callee.method);
    if (callee.kind !== 'function') return stmt;
    if (callee.name === 'mirror') return lowerMirror(cx, this.#inEgress, args, loc);
    if (callee.name === 'drop' && this.#inEgress) return dropInEgress(cx, loc);
    return decisions.get(callee.name)?.(cx, args, loc) ?? services.get(callee.name)?.(args, loc) ?? stmt;
  }

  #method(stmt: CallStmt, object: Expr, method: string): Stmt | Block {
    if (object.kind !== 'name' || object.type.kind !== 'named') return stmt;
    const extern = object.type.name;
    if (extern === 'register' && method === 'update') return lowerUpdate(this.#cx.info, stmt, this.#sizeOf(object.name), this.#taken);
    if (extern === 'meter') return lowerExecute(stmt, this.#sizeOf(object.name), this.#taken);
    if (extern !== 'direct_meter') return stmt;
    const [color] = stmt.args;
    invariant(color, 'read without a result');
    const variable = name(this.#colorOf(object.name, stmt).name, colorBits, stmt.loc);
    return [callMethod(object, 'read', [variable], stmt.loc), setColor(color, variable, stmt.loc)];
  }

  /** BMv2 has one place for what a direct meter gives, whichever action reads it; 0 on a miss. */
  #colorOf(meter: string, { loc }: CallStmt): VarDecl {
    const known = this.#colors.get(meter);
    if (known) return known;
    const declared: VarDecl = { kind: 'variable', name: fresh(`${meter}_color`, this.#taken), type: colorBits, init: bits(0, 2, loc), loc };
    this.#colors.set(meter, declared);
    return declared;
  }

  #sizeOf(object: string): bigint {
    const { info } = this.#cx;
    const decl = this.#block.kind === 'function' ? undefined : info.declared('instance', object, this.#block);
    const size = decl && info.constantValue(info.constructorArgument(decl, 'size'));
    invariant(size !== undefined, `${object} has no size`);
    return size;
  }

  get #inEgress(): boolean {
    return this.#block.params.some((p) => sameType(p.type, named('EgressStd')));
  }
}

const isPacket = (type: Type): boolean => sameType(type, named('packet_in')) || sameType(type, named('packet_out'));

/** Whether the type is that of a header between the switch and its controller. */
export const isOfController = (cx: Context, type: Type): boolean =>
  [cx.packetIn, cx.packetOut].some((header) => header && sameType(type, header.field.type));
