/**
 * A small part of P4-16 in which all operands may have effects: its meaning as the specification says it (§6.8, §8.1), straight
 * from the source, and its text as P4.
 */
import { expect } from 'vitest';

export type Place =
  | { readonly kind: 'name'; readonly name: string }
  /** `h.s[index & 1].v` */
  | { readonly kind: 'element'; readonly index: Expr };
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'read'; readonly place: Place }
  | { readonly kind: 'binary'; readonly op: '+' | '-' | '^' | '|'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'halves'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'part'; readonly of: Expr; readonly low: Expr }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'mux'; readonly cond: Cond; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'hit' };
export type Cond =
  | { readonly kind: 'less'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'both' | 'either'; readonly left: Cond; readonly right: Cond }
  | { readonly kind: 'applied' };
export interface Call {
  readonly name: keyof typeof functions;
  /** With the names of the parameters, from the last to the first. */
  readonly named: boolean;
  readonly places: readonly Place[];
  readonly values: readonly Expr[];
}
export type Stmt =
  | { readonly kind: 'assign'; readonly to: Place; readonly op: '' | '+' | '^'; readonly value: Expr }
  | { readonly kind: 'slice'; readonly to: Place; readonly op: '' | '^'; readonly value: Expr }
  | { readonly kind: 'moved'; readonly to: Place; readonly low: Expr; readonly op: '' | '^'; readonly value: Expr }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'pair'; readonly swapped: boolean; readonly p: Expr; readonly q: Expr }
  | { readonly kind: 'declare'; readonly value: Expr; readonly to: Place }
  | { readonly kind: 'range'; readonly low: Expr; readonly high: Expr; readonly to: Place; readonly step: Expr }
  | { readonly kind: 'loop'; readonly from: Expr; readonly bound: Expr; readonly next: Expr; readonly to: Place; readonly step: Expr }
  | { readonly kind: 'if'; readonly cond: Cond; readonly to: Place; readonly value: Expr }
  | { readonly kind: 'switch'; readonly on: Expr; readonly to: Place; readonly value: Expr };

/** What a call does to the values that it gets, and what it returns. */
interface Callee {
  readonly params: readonly { readonly name: string; readonly direction: 'in' | 'out' | 'inout' }[];
  readonly text: string;
  readonly statement?: true;
  run(args: number[], memory: Memory): number;
}
const byte = (n: number): number => ((n % 256) + 256) % 256;
const inout = (name: string) => ({ name, direction: 'inout' as const });
const out = (name: string) => ({ name, direction: 'out' as const });
const given = (name: string) => ({ name, direction: 'in' as const });

export const functions = {
  bump: {
    params: [inout('z')],
    text: 'bit<8> bump(inout bit<8> z) { z = z + 1; return z ^ 0x55; }',
    run: (a) => {
      a[0] = byte(at(a, 0) + 1);
      return at(a, 0) ^ 0x55;
    },
  },
  swap: {
    params: [inout('p'), inout('q')],
    text: 'bit<8> swap(inout bit<8> p, inout bit<8> q) { bit<8> t = p; p = q + 1; q = t; return p; }',
    run: (a) => {
      [a[0], a[1]] = [byte(at(a, 1) + 1), at(a, 0)];
      return at(a, 0);
    },
  },
  put: {
    params: [given('v'), out('o'), inout('p')],
    text: 'bit<8> put(in bit<8> v, out bit<8> o, inout bit<8> p) { o = v; p = p + v; return v + 3; }',
    run: (a) => {
      a[1] = at(a, 0);
      a[2] = byte(at(a, 2) + at(a, 0));
      return byte(at(a, 0) + 3);
    },
  },
  mix: {
    params: [inout('q'), given('p'), given('r')],
    text: 'bit<8> mix(inout bit<8> q, in bit<8> p, in bit<8> r) { q = q - p; return r ^ q; }',
    run: (a) => {
      a[0] = byte(at(a, 0) - at(a, 1));
      return at(a, 2) ^ at(a, 0);
    },
  },
  pure: {
    params: [given('p'), given('r')],
    text: 'bit<8> pure(in bit<8> p, in bit<8> r) { return p + r; }',
    run: (a) => byte(at(a, 0) + at(a, 1)),
  },
  act: {
    params: [inout('p'), given('v')],
    text: 'action act(inout bit<8> p, in bit<8> v) { m = m + v; p = p ^ h.d.a; }',
    statement: true,
    run: (a, memory) => {
      memory.m = byte(at(memory, 'm') + at(a, 1));
      a[0] = at(a, 0) ^ at(memory, 'h.d.a');
      return 0;
    },
  },
  'sub.apply': {
    params: [inout('p'), given('v'), out('o')],
    text: 'control Sub(inout bit<8> p, in bit<8> v, out bit<8> o) { apply { o = p; p = p + v; } }',
    statement: true,
    run: (a) => {
      a[2] = at(a, 0);
      a[0] = byte(at(a, 0) + at(a, 1));
      return 0;
    },
  },
} satisfies Record<string, Callee>;
export const callee = (name: keyof typeof functions): Callee => functions[name];

// ── what it means ──

export type Memory = Record<string, number>;
export const at = (of: Memory | readonly number[], key: string | number): number => {
  const found = (of as Memory)[key];
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
};

export class Meaning {
  constructor(readonly memory: Memory) {}

  value(e: Expr): number {
    switch (e.kind) {
      case 'number':
        return e.value;
      case 'read':
        return at(this.memory, this.place(e.place));
      case 'binary': {
        const left = this.value(e.left);
        const right = this.value(e.right);
        return byte(e.op === '+' ? left + right : e.op === '-' ? left - right : e.op === '^' ? left ^ right : left | right);
      }
      case 'halves': {
        const left = this.value(e.left);
        return ((left & 15) << 4) | (this.value(e.right) & 15);
      }
      case 'part': {
        const of = this.value(e.of);
        return (of >> (this.value(e.low) & 3)) & 15;
      }
      case 'call':
        return this.call(e.call);
      case 'mux':
        return this.cond(e.cond) ? this.value(e.yes) : this.value(e.no);
      case 'hit':
        return this.apply() ? 1 : 0;
    }
  }
  cond(c: Cond): boolean {
    switch (c.kind) {
      case 'less': {
        const left = this.value(c.left);
        return left < this.value(c.right);
      }
      case 'both':
        return this.cond(c.left) && this.cond(c.right);
      case 'either':
        return this.cond(c.left) || this.cond(c.right);
      case 'applied':
        return this.apply();
    }
  }
  /** The table: even `h.d.b` hits. */
  apply(): boolean {
    const { memory } = this;
    const hit = at(memory, 'h.d.b') % 2 === 0;
    if (hit) memory['h.d.a'] = byte(at(memory, 'h.d.a') + 7);
    else memory.m = at(memory, 'm') ^ at(memory, 'h.d.b');
    memory['h.d.b'] = byte(at(memory, 'h.d.b') + 1);
    return hit;
  }
  /** The name of the place in the memory. */
  place(p: Place): string {
    return p.kind === 'name' ? p.name : `h.s[${this.value(p.index) & 1}].v`;
  }
  call(call: Call): number {
    const { params, run } = callee(call.name);
    const args: number[] = [];
    const back: (() => void)[] = [];
    for (const { i, direction, value, place } of argumentsOf(call)) {
      if (value) args[i] = this.value(value);
      if (!place) continue;
      const name = this.place(place);
      args[i] = direction === 'out' ? 0 : at(this.memory, name);
      back.push(() => {
        this.memory[name] = at(args, i);
      });
    }
    expect(args).toHaveLength(params.length);
    const result = run(args, this.memory);
    for (const copy of back) copy();
    return result;
  }
  run(s: Stmt): void {
    const { memory } = this;
    switch (s.kind) {
      case 'assign': {
        const to = this.place(s.to);
        const old = at(memory, to);
        const value = this.value(s.value);
        memory[to] = byte(s.op === '+' ? old + value : s.op === '^' ? old ^ value : value);
        return;
      }
      case 'slice': {
        const to = this.place(s.to);
        this.store(to, 4, at(memory, to), s);
        return;
      }
      case 'moved': {
        const to = this.place(s.to);
        this.store(to, this.value(s.low) & 3, undefined, s);
        return;
      }
      case 'call':
        this.call(s.call);
        return;
      case 'pair': {
        const first = this.value(s.swapped ? s.q : s.p);
        const second = this.value(s.swapped ? s.p : s.q);
        memory.x = s.swapped ? second : first;
        memory.y = s.swapped ? first : second;
        return;
      }
      case 'declare': {
        const value = this.value(s.value);
        memory[this.place(s.to)] = value;
        return;
      }
      case 'range': {
        const low = this.value(s.low) & 3;
        const high = this.value(s.high) & 3;
        for (let i = low; i <= high; i++) this.run({ kind: 'assign', to: s.to, op: '+', value: s.step });
        return;
      }
      case 'loop':
        for (let i = this.value(s.from) & 1; i < (this.value(s.bound) & 3); i += 1 + (this.value(s.next) & 1)) {
          if (i === 1) continue;
          this.run({ kind: 'assign', to: s.to, op: '+', value: s.step });
        }
        return;
      case 'if':
        if (this.cond(s.cond)) this.run({ kind: 'assign', to: s.to, op: '', value: s.value });
        return;
      case 'switch':
        if ((this.value(s.on) & 3) < 2) this.run({ kind: 'assign', to: s.to, op: '', value: s.value });
        else this.run({ kind: 'assign', to: s.to, op: '^', value: s.value });
    }
  }
  /** Four bits from `low` on. */
  store(to: string, low: number, before: number | undefined, { op, value: e }: { readonly op: '' | '^'; readonly value: Expr }): void {
    const old = ((before ?? at(this.memory, to)) >> low) & 15;
    const value = this.value(e) & 15;
    const now = op === '^' ? old ^ value : value;
    this.memory[to] = (at(this.memory, to) & ~(15 << low) & 255) | (now << low);
  }
}

/** In the order in which the call has them; `i`: the number of the parameter. */
function argumentsOf({ name, named, places, values }: Call) {
  const [restPlaces, restValues] = [[...places], [...values]];
  const args = callee(name).params.map(({ name: param, direction }, i) =>
    direction === 'in'
      ? { i, param, direction, value: restValues.shift(), place: undefined }
      : { i, param, direction, value: undefined, place: restPlaces.shift() },
  );
  return named ? args.reverse() : args;
}

// ── as P4 ──

const showPlace = (p: Place): string => (p.kind === 'name' ? p.name : `h.s[${show(p.index)} & 1].v`);
const showCall = (call: Call): string =>
  `${call.name}(${argumentsOf(call)
    .map(({ param, value, place }) => `${call.named ? `${param} = ` : ''}${value ? show(value) : place ? showPlace(place) : ''}`)
    .join(', ')})`;

export function show(e: Expr): string {
  switch (e.kind) {
    case 'number':
      return `8w${e.value}`;
    case 'read':
      return showPlace(e.place);
    case 'binary':
      return `(${show(e.left)} ${e.op} ${show(e.right)})`;
    case 'halves':
      return `((${show(e.left)})[3:0] ++ (${show(e.right)})[3:0])`;
    case 'part':
      return `(4w0 ++ (${show(e.of)})[(${show(e.low)} & 3)+:4])`;
    case 'call':
      return showCall(e.call);
    case 'mux':
      return `(${showCond(e.cond)} ? ${show(e.yes)} : ${show(e.no)})`;
    case 'hit':
      return '(bit<8>)(bit<1>)t.apply().hit';
  }
}
function showCond(c: Cond): string {
  switch (c.kind) {
    case 'less':
      return `(${show(c.left)} < ${show(c.right)})`;
    case 'both':
      return `(${showCond(c.left)} && ${showCond(c.right)})`;
    case 'either':
      return `(${showCond(c.left)} || ${showCond(c.right)})`;
    case 'applied':
      return '!t.apply().miss';
  }
}
export function showStmt(s: Stmt): string {
  switch (s.kind) {
    case 'assign':
      return `${showPlace(s.to)} ${s.op}= ${show(s.value)};`;
    case 'slice':
      return `${showPlace(s.to)}[7:4] ${s.op}= (${show(s.value)})[3:0];`;
    case 'moved':
      return `${showPlace(s.to)}[(${show(s.low)} & 3)+:4] ${s.op}= (${show(s.value)})[3:0];`;
    case 'call':
      return `${showCall(s.call)};`;
    case 'pair': {
      const fields = s.swapped ? `q = ${show(s.q)}, p = ${show(s.p)}` : `p = ${show(s.p)}, q = ${show(s.q)}`;
      return `{ pair_t both = { ${fields} }; x = both.p; y = both.q; }`;
    }
    case 'declare':
      return `{ bit<8> v = ${show(s.value)}; ${showPlace(s.to)} = v; }`;
    case 'range':
      return `for (bit<8> i in (${show(s.low)} & 3) .. (${show(s.high)} & 3)) { ${showPlace(s.to)} += ${show(s.step)}; }`;
    case 'loop':
      return `for (bit<8> i = ${show(s.from)} & 1; i < (${show(s.bound)} & 3); i = i + 1 + (${show(s.next)} & 1)) { if (i == 1) { continue; } ${showPlace(s.to)} += ${show(s.step)}; }`;
    case 'if':
      return `if ${showCond(s.cond)} { ${showPlace(s.to)} = ${show(s.value)}; }`.replace(/^if !/, 'if (!').replace('miss {', 'miss) {');
    case 'switch':
      return `switch (${show(s.on)} & 3) { 0: 1: { ${showPlace(s.to)} = ${show(s.value)}; } default: { ${showPlace(s.to)} ^= ${show(s.value)}; } }`;
  }
}
