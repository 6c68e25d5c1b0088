/** Records a trace while a packet is processed. */

import type { MatchValue } from '../../compiler/control/match.js';
import type { Expr, Type } from '../../compiler/ir/index.js';
import { printExpr } from '../../compiler/ir/print.js';
import { type Format, formatValue } from '../../compiler/support/values.js';
import type { TraceEvent, TraceMatch, TraceValue } from '../data-plane/trace.js';
import type { Types } from './types.js';
import type { HeaderValue, Value } from './values.js';

type Nested = Extract<TraceEvent, { readonly events: readonly TraceEvent[] }>;
type WithoutEvents<E> = E extends Nested ? Omit<E, 'events'> : never;

export class Tracer {
  readonly events: TraceEvent[] = [];
  #part: TraceEvent[] = this.events;
  #open: OpenEvent[] = [];

  add(event: TraceEvent): void {
    this.#innermost().push(event);
  }

  /** What `run` adds goes inside the event. */
  inside<T>(event: WithoutEvents<Nested>, run: () => T): T {
    const events: TraceEvent[] = [];
    this.add({ ...event, events });
    this.#open.push({ event, events });
    try {
      return run();
    } finally {
      this.#open.pop();
    }
  }

  /**
   * What is added from now on goes into the list that is returned, up to the next split. Events that are open are there once
   * more, as continued, if something goes inside them.
   */
  split(): TraceEvent[] {
    this.#part = [];
    for (const open of this.#open) open.events = undefined;
    return this.#part;
  }

  /** Splits of what `run` adds are its own; `events` gets what comes before the first. */
  apart(run: (events: TraceEvent[]) => void): void {
    const [part, open] = [this.#part, this.#open];
    this.#part = this.#innermost();
    this.#open = [];
    try {
      run(this.#part);
    } finally {
      this.#part = part;
      this.#open = open;
    }
  }

  #innermost(): TraceEvent[] {
    let list = this.#part;
    for (const open of this.#open) {
      if (!open.events) {
        open.events = [];
        list.push({ ...open.event, events: open.events, continued: true });
      }
      list = open.events;
    }
    return list;
  }
}

/** An event that others still go into. */
interface OpenEvent {
  readonly event: WithoutEvents<Nested>;
  /** None after a split. */
  events: TraceEvent[] | undefined;
}

/** Runs `run`, inside an event where there is a trace. */
export function traced<T>(trace: Tracer | undefined, event: () => WithoutEvents<Nested>, run: () => T): T {
  return trace ? trace.inside(event(), run) : run();
}

/** An expression as its author wrote it: literals without the widths and types that printExpr gives them. */
export const exprText = (expr: Expr): string => printExpr(expr).replace(/\b(\d+[ws]|[A-Za-z_]\w*:)(?=\d|-)/g, '');

export function traceValue(value: Value, type: Type, types: Types, format?: Format): TraceValue {
  if (typeof value === 'bigint' && format) return { value: value.toString(), format };
  return { value: valueText(value, type, types) };
}

export const traceFields = (header: HeaderValue, types: Types) =>
  header.decl.fields.map((f) => ({ name: f.name, ...traceValue(header.fields.get(f.name) as Value, f.type, types, f.format) }));

function valueText(value: Value, type: Type, types: Types, format?: Format): string {
  if (typeof value === 'bigint') return format && value >= 0n ? formatValue(value, format) : value.toString();
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'varbit':
      return value.width === 0 ? '(empty)' : `0x${value.bits.toString(16).padStart(value.width >> 2, '0')}`;
    case 'header':
      if (!value.valid) return '(invalid)';
      return fieldsText(value.fields, type, types);
    case 'struct':
    case 'union':
      return fieldsText(value.fields, type, types);
    case 'stack':
    case 'tuple': {
      const t = types.resolve(type);
      const elementType = (i: number): Type =>
        t.kind === 'stack' || t.kind === 'list' ? t.element : t.kind === 'tuple' ? (t.elements[i] as Type) : type;
      return `{ ${value.elements.map((e, i) => valueText(e, elementType(i), types)).join(', ')} }`;
    }
    case 'object':
      return value.type;
  }
}

function fieldsText(fields: ReadonlyMap<string, Value>, type: Type, types: Types): string {
  const texts = [...fields].map(([name, value]) => {
    const field = types.field(type, name);
    return `${name}=${field ? valueText(value, field.type, types, field.format) : ''}`;
  });
  return `{ ${texts.join(', ')} }`;
}

/** How people write the value of an expression: as the field that it reads. */
export function formatOf(expr: Expr, types: Types): Format | undefined {
  if (expr.kind === 'field') return types.field(expr.base.type, expr.name)?.format;
  return expr.kind === 'cast' && types.width(expr.type) === types.width(expr.arg.type) ? formatOf(expr.arg, types) : undefined;
}

export function traceMatch(match: MatchValue): TraceMatch {
  switch (match.kind) {
    case 'any':
      return match;
    case 'exact':
    case 'optional':
      return { kind: match.kind, value: `${match.value}` };
    case 'lpm':
      return { kind: 'lpm', value: `${match.value}`, prefixLength: match.prefixLength };
    case 'ternary':
      return { kind: 'ternary', value: `${match.value}`, mask: `${match.mask}` };
    case 'range':
      return { kind: 'range', low: `${match.low}`, high: `${match.high}` };
  }
}
