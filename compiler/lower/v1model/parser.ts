/**
 * The parser in v1model's terms. BMv2 has no reject, accepts where no case of a select matches, and runs ingress
 * whatever the parser met; so:
 *
 * | portable                 | program reads std.parserError      | program does not read it                          |
 * |--------------------------|------------------------------------|---------------------------------------------------|
 * | parser error             | ingress decides                    | ingress drops: parser_error is not NoError        |
 * | select without a match   | verify(false, error.NoMatch)       | a state sets meta.parser_rejected; ingress drops  |
 * | transition to `reject`   | verify(false, error.NoMatch)       | a state sets meta.parser_rejected; ingress drops  |
 *
 * Packets from the CPU port have packet_out in front of what the user's `start` parses, also when they are resubmitted.
 */
import {
  any,
  assign,
  binary,
  bits,
  bitType,
  bool,
  callFunction,
  callMethod,
  errorType,
  errorValue,
  name,
  named,
  value,
} from '../../ir/build.js';
import type { ParserDecl, SelectCase, StateDecl, Transition } from '../../ir/decl.js';
import type { KeySet } from '../../ir/expr.js';
import { fresh } from '../../ir/fresh-names.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import type { FieldDecl } from '../../ir/types.js';
import { update } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import { type Context, fromController, headerOf, metaField, standardField } from './context.js';
import { markToDrop } from './decisions.js';

/** The states of the parser or of one that runs inside it, which are rewritten already. */
export function lowerStates(cx: Context, parser: ParserDecl, states: readonly StateDecl[]): readonly StateDecl[] {
  const taken = new Set(states.map((state) => state.name));
  const rejection = new Rejection(cx, taken);
  const user = states.map((state) => update(state, { transition: rejection.lower(state.transition) }));
  return [...(parser === cx.parser ? startWithPacketOut(cx, user, taken) : user), ...rejection.states];
}

/**
 * Where packets go that a parser does not accept: one state, made when something needs it. From a subparser the parser
 * around it goes on, to no effect.
 */
class Rejection {
  readonly #cx: Context;
  readonly #taken: Set<string>;
  readonly states: StateDecl[] = [];

  constructor(cx: Context, taken: Set<string>) {
    this.#cx = cx;
    this.#taken = taken;
  }

  lower(transition: Transition): Transition {
    if (transition.kind === 'goto')
      return transition.next === 'reject' ? update(transition, { next: this.#state(transition.loc) }) : transition;
    const cases = transition.cases.map((c) => (c.next === 'reject' ? update(c, { next: this.#state(c.loc) }) : c));
    if (!cases.some((c) => c.keys.every((key) => key.kind === 'any'))) {
      const { loc } = transition;
      cases.push({ keys: transition.on.map(() => any), next: this.#state(loc), loc } satisfies SelectCase);
    }
    return update(transition, { cases });
  }

  #state(loc: Loc): string {
    const [known] = this.states;
    if (known) return known.name;
    const cx = this.#cx;
    const state = (wanted: string, stmt: Stmt): string => {
      const text = fresh(wanted, this.#taken);
      this.states.push({ kind: 'state', name: text, body: [stmt], transition: { kind: 'goto', next: 'accept', loc }, loc });
      return text;
    };
    if (cx.readsParserError) return state('no_match', callFunction('verify', [bool(false, loc), errorValue('NoMatch', loc)], loc));
    return state('rejected', assign(metaField(cx, rejected(cx, loc), loc), bits(1, 1, loc), loc));
  }
}

const rejected = (cx: Context, loc: Loc): FieldDecl => cx.added.flag('parser_rejected', bitType(1), loc);

function startWithPacketOut(cx: Context, states: readonly StateDecl[], taken: Set<string>): readonly StateDecl[] {
  const { packetOut } = cx;
  const start = states.find((state) => state.name === 'start');
  if (!packetOut || !start) return states;
  const userStart = fresh('start_of_packet', taken);
  const parsePacketOut = fresh('parse_packet_out', taken);
  const { loc } = packetOut.field;
  const renamed = (next: string): string => (next === 'start' ? userStart : next);
  const rename = (transition: Transition): Transition =>
    transition.kind === 'goto'
      ? update(transition, { next: renamed(transition.next) })
      : update(transition, { cases: transition.cases.map((c) => update(c, { next: renamed(c.next) })) });
  const extract = callMethod(name(cx.names.packet, named('packet_in'), loc), 'extract', [headerOf(cx, packetOut, loc)], loc);
  const port = standardField(cx, 'ingress_port', bitType(9), loc);
  const isCpu = value(name(cx.cpuPort, bitType(9), loc));
  const resubmitted = cx.calls.has('resubmit') ? metaField(cx, fromController(cx, loc), loc) : undefined;
  const to = (next: string, ...keys: KeySet[]): SelectCase => ({ keys, next, loc });
  return [
    {
      kind: 'state',
      name: 'start',
      body: [],
      transition: {
        kind: 'select',
        on: resubmitted ? [port, resubmitted] : [port],
        cases: resubmitted
          ? [to(parsePacketOut, isCpu, any), to(parsePacketOut, any, value(bits(1, 1, loc))), to(userStart, any, any)]
          : [to(parsePacketOut, isCpu), to(userStart, any)],
        loc,
      },
      loc,
    },
    {
      kind: 'state',
      name: parsePacketOut,
      body: [extract, ...(resubmitted ? [assign(resubmitted, bits(1, 1, loc), loc)] : [])],
      transition: { kind: 'goto', next: userStart, loc },
      loc,
    },
    ...states.map((state) => update(state, { name: renamed(state.name), transition: rename(state.transition) })),
  ];
}

/** What drops the packets that the parser did not accept, at the start of ingress. */
export function parserGuard(cx: Context): Block {
  if (cx.readsParserError) return [];
  const { loc } = cx.parser;
  const failed = binary('!=', standardField(cx, 'parser_error', errorType, loc), errorValue('NoError', loc), loc);
  const cond = cx.added.hasFlag('parser_rejected')
    ? binary('||', failed, binary('==', metaField(cx, rejected(cx, loc), loc), bits(1, 1, loc), loc), loc)
    : failed;
  return [{ kind: 'if', cond, then: [markToDrop(cx, loc), { kind: 'return', loc }], loc }];
}
