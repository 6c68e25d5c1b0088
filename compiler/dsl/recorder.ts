/** What is remembered while one pipeline is recorded: its diagnostics, and what is needed to see mistakes that tsc cannot. */
import { portable } from '../arch/portable.js';
import type { ConstDecl, FunctionDecl } from '../ir/decl.js';
import { overlap, type Place, printPlace } from '../ir/places.js';
import { coreErrors } from '../ir/program.js';
import type { TypeDecl } from '../ir/types.js';
import { type Diagnostic, DiagnosticError, Diagnostics, diagnostic } from '../support/diagnostics.js';
import { isNowhere, type Loc, stackFrames } from '../support/location.js';
import { nearest } from '../support/suggest.js';
import type { ExprNode } from './expr.js';
import { Owner } from './handle-owner.js';
import { missingName } from './missing-names.js';
import { declareType } from './type-declarations.js';

const egressStd: ReadonlySet<string> = new Set(portable.structs.find((s) => s.name === 'EgressStd')?.fields.map((f) => f.name));

interface Write {
  readonly place: Place;
  readonly time: number;
  readonly loc: Loc;
  /** Another branch of the same `c.if`: not on the way to what is recorded now. */
  muted: boolean;
}

export class Recorder {
  /** Of all handles of the pipeline. */
  readonly owner = new Owner();
  readonly diagnostics = new Diagnostics();
  /** Constants and errors of the program that something used. */
  readonly constants = new Map<string, ConstDecl>();
  readonly errors = new Set<string>();
  /** Structs and enums of the architecture and of digests and registers, by name. */
  readonly types = new Map<string, TypeDecl>();
  readonly functions: FunctionDecl[] = [];
  /** What the user's function that runs now is given, by the names that the documentation has for it. */
  views: Readonly<Record<string, unknown>> = {};
  #time = 0;
  /** The blocks that are being recorded; the first is the pipeline outside of them. */
  readonly #frames: Frame[] = [new Frame()];
  readonly #lines = new Set<string>();

  /** Counts the statements recorded so far. */
  get time(): number {
    return this.#time;
  }

  /** Whether nothing on this line was recorded before: a comment above belongs to the first thing on the line. */
  isFirstOnLine(loc: Loc): boolean {
    const line = `${loc.file}:${loc.line}`;
    return !this.#lines.has(line) && this.#lines.add(line) !== undefined;
  }

  /** The program declares these types. */
  declare(...declarations: readonly TypeDecl[]): void {
    for (const declaration of declarations) declareType(this.types, declaration, this.diagnostics);
  }

  /** Keeps the user's mistake that ended a function of the user's. @throws the error when it is something else */
  failed(error: unknown): void {
    if (error instanceof DiagnosticError) {
      this.diagnostics.add(...error.diagnostics.map((d) => (d.code === 'undefined-value' ? (this.#missingName(d.loc) ?? d) : d)));
      return;
    }
    const loc = error instanceof TypeError ? [...stackFrames(error.stack ?? '')].find((frame) => !frame.own)?.loc : undefined;
    const told = loc && (this.#missingName(loc) ?? assignment(error as TypeError, loc));
    if (!told) throw error;
    this.diagnostics.add(told);
  }

  /** `undefined` was given where `expected` is. */
  undefinedValue(expected: string, loc: Loc): void {
    this.diagnostics.add(this.#missingName(loc) ?? diagnostic('undefined-value', { expected }, { loc }));
  }

  #missingName(loc: Loc): Diagnostic | undefined {
    const missing = missingName(loc, this.views);
    if (!missing) return undefined;
    const { of, name, names } = missing;
    if (of === 'std' && egressStd.has(name)) return diagnostic('egress-only', { name }, { loc });
    const help = methodsOfP4[name]?.(of);
    return diagnostic('no-such-member', { of, name, names, suggestion: nearest(name, names) }, { loc, ...(help ? { help } : {}) });
  }

  /** An expression was built; it is reported at the end of the block unless something uses it. */
  built(node: ExprNode): void {
    this.#frame.expressions.add(node);
  }

  used(node: ExprNode): void {
    for (const frame of this.#frames) frame.expressions.delete(node);
  }

  /** A statement writes the header, field or variable at `place`. */
  wrote(place: Place | undefined, loc: Loc): void {
    this.#time++;
    if (place !== undefined) this.#frame.writes.push({ place, time: this.#time, loc, muted: false });
  }

  /** What the block that is recorded has written so far. */
  get written(): readonly Place[] {
    return this.#frame.writes.map((write) => write.place);
  }

  /** A statement at `loc` uses `node`. Warns where something that the node has read was written since. */
  consume(node: ExprNode, loc: Loc): void {
    this.used(node);
    for (const declaration of node.declarations) {
      if (declaration.kind === 'constant') this.constants.set(declaration.name, declaration);
      else this.declare(declaration);
    }
    this.#errorUsed(node);
    const captured = [...node.reads.values()].filter((read) => read.time !== Number.POSITIVE_INFINITY);
    if (captured.length === 0) return;
    for (const write of this.#frame.writes) {
      if (write.muted) continue;
      const read = captured.find(({ place, time }) => time < write.time && overlap(place, write.place));
      if (read === undefined) continue;
      this.diagnostics.report(
        'stale-expression',
        { read: printPlace(read.place) },
        {
          loc: isNowhere(node.ir.loc) ? loc : node.ir.loc,
          notes: [
            { message: `\`${printPlace(write.place)}\` is written here`, loc: write.loc },
            { message: 'the expression is evaluated here, after that', loc },
          ],
        },
      );
      return;
    }
  }

  /** An error of the user's is declared with the program. */
  #errorUsed({ ir }: ExprNode): void {
    if (ir.kind === 'member' && ir.type.kind === 'error' && !(coreErrors as readonly string[]).includes(ir.name)) this.errors.add(ir.name);
    if (ir.kind === 'binary') for (const side of [ir.left, ir.right]) if (side.kind === 'member') this.#errorUsed({ ir: side } as ExprNode);
  }

  /** Runs `record`, hiding from it what was written after the time `since` and not after `until`: the other branches of an if. */
  inOtherBranch(since: number, until: number, record: () => void): void {
    const hidden = this.#frame.writes.filter((write) => write.time > since && write.time <= until && !write.muted);
    for (const write of hidden) write.muted = true;
    record();
    for (const write of hidden) write.muted = false;
  }

  /** In a body, an action was called as controllers call it: it is reported unless an entry or default action takes the result. */
  calledAction(made: object, action: string, loc: Loc): void {
    this.#frame.actionCalls.set(made, { action, loc });
  }

  /** Whether a block is being recorded. */
  get isRecording(): boolean {
    return this.#frames.length > 1;
  }

  usedCall(made: object): void {
    for (const frame of this.#frames) frame.actionCalls.delete(made);
  }

  /** Records a block, and reports what it builds and does not use: of a block that a mistake ended, nobody knows. */
  inBlock<T>(record: () => T): T {
    this.#frames.push(new Frame());
    try {
      const result = record();
      this.finish();
      return result;
    } finally {
      this.#frames.pop();
    }
  }

  /** Reports what the block that is recorded, or the pipeline outside of blocks, builds and does not use. */
  finish(): void {
    const { expressions, actionCalls } = this.#frame;
    for (const { ir } of expressions)
      this.diagnostics.report(ir.type.kind === 'bool' ? 'unused-condition' : 'unused-expression', {}, { loc: ir.loc });
    for (const { action, loc } of actionCalls.values()) this.diagnostics.report('action-call-in-body', { action }, { loc });
  }

  get #frame(): Frame {
    return this.#frames.at(-1) as Frame;
  }
}

/** What P4 calls on a header, and what the language has for it. */
const methodsOfP4: Readonly<Record<string, (header: string) => string>> = {
  isValid: (header) => `write valid(${header})`,
  setValid: (header) => `write c.setValid(${header})`,
  setInvalid: (header) => `write c.setInvalid(${header})`,
};

/** What hdr, meta and parameters are made of is frozen: whoever writes `meta.x = 1` means `c.set`. */
function assignment({ message }: TypeError, loc: Loc): Diagnostic | undefined {
  const [, name] = /^Cannot (?:assign to read only|add) property '?(\w+)/.exec(message) ?? [];
  return name === undefined ? undefined : diagnostic('javascript-assignment', { name }, { loc });
}

/** What one block has done so far. Blocks may stand in others: an action that a body declares. */
class Frame {
  readonly writes: Write[] = [];
  readonly expressions = new Set<ExprNode>();
  readonly actionCalls = new Map<object, { readonly action: string; readonly loc: Loc }>();
}

/** Claims a name: `wanted`, or `wanted` with a number after it if `wanted` is taken. */
export function freeName(wanted: string, taken: Set<string>): string {
  let free = wanted;
  for (let i = 2; taken.has(free); i++) free = `${wanted}_${i}`;
  taken.add(free);
  return free;
}
