/** Statements of the program as flat code. */
import type { Block, Stmt } from '../ir/stmt.js';
import type { OfKind } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { call } from './calls.js';
import { evaluate, evaluateScalar } from './expressions.js';
import { anyOf, binaryOf, boolOf, constantOf } from './exprs.js';
import { copyAllOut, type Frame, inner } from './frame.js';
import { assign, clearSiblings, eachTree, placeOf, settledTree, store } from './places.js';
import { applyTable } from './tables.js';
import { childrenOf, equalTo, type HeaderTree, scalar, scalarOf } from './trees.js';

type Of<K extends Stmt['kind']> = OfKind<Stmt, K>;

/** Runs the statements in the frame's scope, which they declare into. */
export function execute(block: Block, frame: Frame): void {
  for (const stmt of block) (executors[stmt.kind] as (s: Stmt, frame: Frame) => void)(stmt, frame);
}

const within = (block: Block | undefined, frame: Frame) => (): void => execute(block ?? [], inner(frame));

const executors: { readonly [K in Stmt['kind']]: (s: Of<K>, frame: Frame) => void } = {
  declare: (s, frame) => {
    const value = s.init && evaluate(s.init, frame);
    const target = frame.layout.place(s.type, s.name);
    if (value) store(target, value, s.loc, frame);
    else if (frame.repeats) store(target, frame.layout.default(s.type), s.loc, frame);
    frame.scope.declare(s.name, target);
  },
  assign: (s, frame) => {
    const value = evaluate(s.value, frame);
    assign(placeOf(s.target, frame), value, s.target.type, s.loc, frame);
  },
  call: (s, frame) => call(s, frame),
  target: () => invariant(false, 'a statement for one target is left after lowering'),
  if: (s, frame) => frame.out.branch(evaluateScalar(s.cond, frame), within(s.then, frame), within(s.else, frame), s.loc),
  switch: (s, frame) => {
    const on = settledTree(evaluate(s.on, frame), s.on.type, s.loc, frame);
    const from = (i: number): void => {
      const found = s.cases[i];
      if (!found) return;
      const conds = found.labels.map((label) => (label === 'default' ? boolOf(true) : equalTo(on, evaluate(label, frame))));
      frame.out.branch(anyOf(conds), within(found.body, frame), () => from(i + 1), found.loc);
    };
    from(0);
  },
  apply: (s, frame) => applyTable(s, frame),
  'set-validity': (s, frame) => {
    const change = (tree: HeaderTree): void => {
      const { header } = tree;
      if (s.valid) {
        frame.out.add({ kind: 'validity', header, valid: true, loc: s.loc });
        clearSiblings(header, s.loc, frame);
      } else
        for (const one of header.union?.members ?? [header]) frame.out.add({ kind: 'validity', header: one, valid: false, loc: s.loc });
    };
    eachTree(placeOf(s.header, frame), (tree) => change(tree as HeaderTree), s.loc, frame);
  },
  push: (s, frame) => shiftStack(s, frame),
  pop: (s, frame) => shiftStack(s, frame),
  exit: (s, frame) => {
    copyAllOut(frame, s.loc);
    frame.exit(s.loc);
  },
  return: (s, frame) => {
    const { returns } = frame;
    invariant(returns, 'a return outside of a block');
    if (s.value && returns.result) store(returns.result, evaluate(s.value, frame), s.loc, frame);
    frame.out.leave(returns.label, s.loc);
  },
  block: (s, frame) => execute(s.body, inner(frame)),
  for: (s, frame) => {
    const outer = inner(frame);
    execute(s.init, outer);
    loop(s.loc, { ...outer, repeats: true }, (turn) => {
      turn.out.branch(
        evaluateScalar(s.cond, turn),
        () => undefined,
        () => turn.out.leave(turn.loop.break, s.loc),
        s.loc,
      );
      turn.out.labelled('continue', (label) => execute(s.body, inner({ ...turn, loop: { ...turn.loop, continue: label } })), s.loc);
      execute(s.update, turn);
    });
  },
  'for-in': (s, frame) => forIn(s, frame),
  break: (s, frame) => leaveLoop('break', s.loc, frame),
  continue: (s, frame) => leaveLoop('continue', s.loc, frame),
};

function leaveLoop(which: 'break' | 'continue', loc: Loc, { loop: around, out }: Frame): void {
  invariant(around, `${which} outside of a loop`);
  out.leave(around[which], loc);
}

type InLoop = Frame & { readonly loop: NonNullable<Frame['loop']> };

function loop(loc: Loc, frame: Frame, turn: (frame: InLoop) => void): void {
  frame.out.labelled('break', (label) => frame.out.loop(() => turn({ ...frame, loop: { break: label, continue: label } }), loc), loc);
}

/** A loop over what is known turns as often as it says; another one counts. */
function forIn(s: Of<'for-in'>, frame: Frame): void {
  const { out, layout } = frame;
  const turn = (declare: (scope: Frame) => void, around: InLoop): void =>
    out.labelled(
      'continue',
      (label) => {
        const one = inner({ ...around, loop: { ...around.loop, continue: label } });
        declare(one);
        execute(s.body, one);
      },
      s.loc,
    );
  const unrolled = (values: readonly ReturnType<typeof scalar>[]): void =>
    out.labelled(
      'break',
      (label) => {
        for (const value of values) turn((one) => one.scope.declare(s.name, value), { ...frame, loop: { break: label, continue: label } });
      },
      s.loc,
    );
  if (s.over.kind !== 'range') {
    unrolled(childrenOf(settledTree(evaluate(s.over, frame), s.over.type, s.loc, frame)));
    return;
  }
  const [low, high] = [evaluateScalar(s.over.low, frame), evaluateScalar(s.over.high, frame)];
  if (low.kind === 'const' && high.kind === 'const' && high.value - low.value < maxUnrolled) {
    const count = Number(high.value - low.value) + 1;
    unrolled(Array.from({ length: Math.max(0, count) }, (_, i) => scalar(constantOf(low.value + BigInt(i), low.type))));
    return;
  }
  const [index, last] = [layout.place(s.type, s.name), settledTree(scalar(high), s.type, s.loc, frame)];
  store(index, scalar(low), s.loc, frame);
  const [i, end] = [scalarOf(index), scalarOf(last)];
  out.branch(
    binaryOf('<=', i, end),
    () =>
      loop(s.loc, { ...frame, repeats: true }, (around) => {
        turn((one) => {
          const own = layout.place(s.type, s.name);
          store(own, index, s.loc, one);
          one.scope.declare(s.name, own);
        }, around);
        out.branch(
          binaryOf('==', i, end),
          () => out.leave(around.loop.break, s.loc),
          () => undefined,
          s.loc,
        );
        store(index, scalar(binaryOf('+', i, constantOf(1, i.type))), s.loc, around);
      }),
    () => undefined,
    s.loc,
  );
}
const maxUnrolled = 64n;

function shiftStack(s: Of<'push' | 'pop'>, frame: Frame): void {
  eachTree(
    placeOf(s.stack, frame),
    (tree) => {
      invariant(tree.kind === 'stack', `${s.kind} of what is no stack`);
      frame.out.add({ kind: s.kind, stack: tree.stack, count: Math.min(s.count, tree.elements.length), loc: s.loc });
    },
    s.loc,
    frame,
  );
}
