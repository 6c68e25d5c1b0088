/** Warns of headers that a packet has and the deparser leaves out, and of those that it emits twice. */
import { hasAnnotation } from '../../ir/annotations.js';
import type { ControlDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { overlap, type Place, placeOf, printPlace, sharedPlace } from '../../ir/places.js';
import type { Block } from '../../ir/stmt.js';
import type { Type } from '../../ir/types.js';
import { partsOf, visiting } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import type { BlockDecl } from '../program-info.js';
import type { Environment } from './environment.js';

interface Use {
  /** Under names that all blocks share. */
  readonly place: Place;
  /** As its own block names it. */
  readonly shown: string;
  readonly loc: Loc;
}
interface Uses {
  /** Headers that come into the packet: extracted, or made valid. */
  readonly extracted: Use[];
  readonly made: Use[];
  readonly emitted: Use[];
  /** Headers that leave it otherwise: made invalid, or copied whole. */
  readonly taken: Use[];
}

/**
 * Warns of headers that come into the packet, do not leave it again, and are not emitted. Programs in P4 are often pieces of
 * which nothing is emitted: only of those that emit something it is told what they extract and leave out.
 */
export function checkEmits(env: Environment): void {
  const deparser = env.blocks.get(env.program.main.blocks.at(-1) ?? '');
  if (deparser?.kind !== 'control') return;
  checkTwice(env, deparser);
  const { extracted, made, emitted, taken } = usesOf(env);
  const left = (env.isP4 ? extracted : [...extracted, ...made]).filter(
    ({ place }) => ![...emitted, ...taken].some((other) => overlap(place, other.place)),
  );
  const [first] = left;
  if (!first || (env.isP4 && emitted.length === 0)) return;
  if (emitted.length === 0) env.report('nothing-emitted', { header: first.shown }, deparser.loc);
  else {
    const firstOfEach = new Map(left.toReversed().map((use) => [use.shown, use]));
    for (const { shown, loc } of firstOfEach.values()) env.report('never-emitted', { header: shown }, loc);
  }
}

function usesOf(env: Environment): Uses {
  const uses: Uses = { extracted: [], made: [], emitted: [], taken: [] };
  const blocks = [...env.program.parsers, ...env.program.controls];
  const placesOf = placesOfCallers(env, blocks);
  for (const block of blocks) {
    const add = (to: Use[], expr: Expr | undefined, loc: Loc): void => {
      const own = expr && placeOf(expr);
      if (expr && !own) for (const part of partsOf(expr)) add(to, part, loc);
      if (!own || !isOfPacket(env, expr)) return;
      // What is extracted into a variable of the parser's own is skipped on purpose: no deparser sees the variable.
      if (to === uses.extracted && !block.params.some((p) => p.name === own[0])) return;
      for (const { place, shown } of placesOf(block, own)) {
        const of = typeof shown.at(-1) === 'string' ? shown : shown.slice(0, -1);
        to.push({ place, shown: printPlace(of), loc });
      }
    };
    const visitor = visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'set-validity') add(stmt.valid ? uses.made : uses.taken, stmt.header, stmt.loc);
        if (stmt.kind === 'pop') add(uses.taken, stmt.stack, stmt.loc);
        if (stmt.kind === 'assign') add(uses.taken, stmt.value, stmt.loc);
        if (stmt.kind !== 'call') return;
        const { callee } = stmt;
        const role = env.externMethod(stmt)?.role;
        if (role === 'extract') add(uses.extracted, stmt.args[0], stmt.loc);
        else if (role === 'emit') add(uses.emitted, stmt.args[0], stmt.loc);
        // What a block does with a place that is passed to it is seen there.
        else for (const arg of stmt.args) if (callee.kind !== 'block' || !placeOf(arg)) add(uses.taken, arg, stmt.loc);
      },
    });
    visitor.owner(block);
  }
  return uses;
}

interface Seen {
  readonly place: Place;
  /** The same as the outermost block names it. */
  readonly shown: Place;
}

/** Which places a block's own place stands for: a parameter stands for what each of the callers passes for it. */
function placesOfCallers(env: Environment, blocks: readonly BlockDecl[]): (block: BlockDecl, place: Place) => readonly Seen[] {
  const passed = new Map<BlockDecl, Map<string, { readonly by: BlockDecl; readonly place: Place }[]>>();
  for (const by of blocks) {
    const visitor = visiting({
      stmt: (stmt) => {
        if (stmt.kind !== 'call' || stmt.callee.kind !== 'block') return;
        const callee = env.calledBlock(stmt, by);
        for (const [i, arg] of stmt.args.entries()) {
          const place = placeOf(arg);
          const param = callee?.params[i];
          if (!callee || !param || !place) continue;
          const params = passed.get(callee) ?? new Map<string, { by: BlockDecl; place: Place }[]>();
          params.set(param.name, [...(params.get(param.name) ?? []), { by, place }]);
          passed.set(callee, params);
        }
      },
    });
    visitor.owner(by);
  }
  const roots = new Map<BlockDecl, Map<string, readonly Seen[]>>();
  const rootsOf = (block: BlockDecl, name: string): readonly Seen[] => {
    const known = roots.get(block) ?? new Map<string, readonly Seen[]>();
    roots.set(block, known);
    const args = passed.get(block)?.get(name);
    const found = known.get(name) ?? (args ? distinct(args.flatMap(({ by, place }) => seen(by, place))) : undefined);
    // A block that nothing applies has no part in what packets are.
    const isApplied = env.program.main.blocks.includes(block.name) || !block.params.some((p) => p.name === name);
    const own = found ?? (isApplied ? [{ place: sharedPlace(block, [name]), shown: [name] }] : []);
    known.set(name, own);
    return own;
  };
  const seen = (block: BlockDecl, [root, ...rest]: Place): readonly Seen[] =>
    rootsOf(block, String(root)).map(({ place, shown }) => ({ place: [...place, ...rest], shown: [...shown, ...rest] }));
  return seen;
}

const distinct = (all: readonly Seen[]): readonly Seen[] => [...new Map(all.map((one) => [printPlace(one.place), one])).values()];

/** Headers, and what has headers in it, but for those between the switch and its controller, which others put there and take. */
function isOfPacket(env: Environment, { type }: Expr): boolean {
  if (type.kind === 'stack') return true;
  const decl = env.declaration(type);
  if (decl && hasAnnotation(decl, 'controller_header')) return false;
  return (
    decl?.kind === 'header' ||
    decl?.kind === 'header_union' ||
    (decl?.kind === 'struct' && decl.fields.some((f) => hasHeaders(env, f.type)))
  );
}

const hasHeaders = (env: Environment, type: Type): boolean => type.kind === 'stack' || env.isHeader(type) || env.isUnion(type);

/** Headers that are emitted again on the same path. */
function checkTwice(env: Environment, deparser: ControlDecl): void {
  const walk = (block: Block, before: readonly Use[]): void => {
    const emitted = [...before];
    for (const stmt of block) {
      if (stmt.kind === 'if') for (const branch of [stmt.then, stmt.else ?? []]) walk(branch, emitted);
      if (stmt.kind === 'block') walk(stmt.body, emitted);
      const header = stmt.kind === 'call' && env.externMethod(stmt)?.role === 'emit' ? stmt.args[0] : undefined;
      const place = header && placeOf(header);
      if (!place) continue;
      const first = emitted.find((other) => overlap(place, other.place));
      const notes = first ? [{ message: 'it is emitted here before', loc: first.loc }] : [];
      if (first) env.report('emitted-twice', { header: printPlace(place) }, stmt.loc, { notes });
      else emitted.push({ place, shown: printPlace(place), loc: stmt.loc });
    }
  };
  walk(deparser.body, []);
}
