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
 * Packets from the CPU port have packet_out in front of what the user's `start` parses.
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
  field,
  name,
  named,
  value,
} from '../../ir/build.js';
import type { SelectCase, StateDecl, Transition } from '../../ir/decl.js';
import type { Stmt } from '../../ir/stmt.js';
import type { FieldDecl, StructDecl } from '../../ir/types.js';
import { update } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import { fresh } from '../names.js';
import { type Context, headerOf, metaOf, standardField } from './context.js';
import { markToDrop } from './decisions.js';

export interface LoweredParser {
  readonly states: readonly StateDecl[];
  /** The metadata, with the flag for rejected packets where there is one. */
  readonly metadata: StructDecl;
  /** What drops the packets that the parser did not accept, at the start of ingress. */
  readonly guard: readonly Stmt[];
}

export function lowerParser(cx: Context, states: readonly StateDecl[]): LoweredParser {
  const taken = new Set(states.map((state) => state.name));
  const rejection = new Rejection(cx, taken);
  const user = states.map((state) => update(state, { transition: rejection.lower(state.transition) }));
  return {
    states: [...(cx.packetOut ? startWithPacketOut(cx, user, taken) : user), ...rejection.states],
    metadata: rejection.flag ? update(cx.metadata, { fields: [...cx.metadata.fields, rejection.flag] }) : cx.metadata,
    guard: cx.uses.parserError ? [] : guard(cx, rejection.flag),
  };
}

/** Where packets go that the parser does not accept: one state, made when something needs it. */
class Rejection {
  readonly #cx: Context;
  readonly #taken: Set<string>;
  readonly states: StateDecl[] = [];
  flag: FieldDecl | undefined;

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
    if (cx.uses.parserError) return state('no_match', callFunction('verify', [bool(false, loc), errorValue('NoMatch', loc)], loc));
    const flag = fresh('parser_rejected', new Set(cx.metadata.fields.map((f) => f.name)));
    this.flag = { name: flag, type: bitType(1), loc };
    return state('rejected', assign(field(metaOf(cx, loc), flag, bitType(1), loc), bits(1, 1, loc), loc));
  }
}

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
  return [
    {
      kind: 'state',
      name: 'start',
      body: [],
      transition: {
        kind: 'select',
        on: [standardField(cx, 'ingress_port', bitType(9), loc)],
        cases: [
          { keys: [value(name(cx.cpuPort, bitType(9), loc))], next: parsePacketOut, loc },
          { keys: [any], next: userStart, loc },
        ],
        loc,
      },
      loc,
    },
    { kind: 'state', name: parsePacketOut, body: [extract], transition: { kind: 'goto', next: userStart, loc }, loc },
    ...states.map((state) => update(state, { name: renamed(state.name), transition: rename(state.transition) })),
  ];
}

function guard(cx: Context, flag: FieldDecl | undefined): readonly Stmt[] {
  const { loc } = cx.parser;
  const failed = binary('!=', standardField(cx, 'parser_error', errorType, loc), errorValue('NoError', loc), loc);
  const rejected = flag && binary('==', field(metaOf(cx, loc), flag.name, flag.type, loc), bits(1, 1, loc), loc);
  const cond = rejected ? binary('||', failed, rejected, loc) : failed;
  return [{ kind: 'if', cond, then: [markToDrop(cx, loc), { kind: 'return', loc }], loc }];
}
