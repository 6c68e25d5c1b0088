/** `connectAll`: one controller of several switches. */
import { type Diagnostic, DiagnosticError } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import { takes } from '../client/signatures.js';
import type { Switch } from '../client/switch.js';
import type { AnyPipeline } from '../client/types.js';
import { type ConnectOptions, connectTo } from './connect.js';

/** A switch of `connectAll`: its pipeline, and the options of `connect`. */
export type SwitchToConnect<P extends AnyPipeline = AnyPipeline> = ConnectOptions<P> & { readonly pipeline: P };
/** Switches by the names that the controller gives them. */
export interface Switches<P extends Readonly<Record<string, AnyPipeline>>> {
  readonly switches: { readonly [N in keyof P]: Switch<P[N]> };
  /** Ends all sessions. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Connects to several switches at a time: `connectAll({ leaf1: { pipeline, address }, spine1: … })`. What the switches refuse says
 * the name of the switch. When one cannot be reached or refuses its pipeline, the sessions with the others end.
 * @throws DiagnosticError, P4RuntimeError as `connect`; an AggregateError where several switches fail for several reasons
 */
export async function connectAll<const P extends Readonly<Record<string, AnyPipeline>>>(
  switches: {
    readonly [N in keyof P]: SwitchToConnect<P[N]>;
  },
): Promise<Switches<P>> {
  const loc = captureLocation();
  takes.connectAll([switches], loc);
  const named = Object.entries(switches as Readonly<Record<string, SwitchToConnect>>);
  const connecting = named.map(async ([name, { pipeline, ...options }]) => connectTo(pipeline, options, 'connectAll()', loc, name));
  const opened = await Promise.allSettled(connecting);
  const open = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => void (await Promise.all(open.map((sw) => sw.close())));
  const failures = opened.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failures.length > 0) {
    await close();
    throw together(failures);
  }
  const byName = Object.fromEntries(named.map(([name], i) => [name, open[i]])) as Switches<P>['switches'];
  return { switches: byName, close, [Symbol.asyncDispose]: close };
}

/** Several switches with the same pipeline have the same mistakes of it. */
function together(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0];
  if (failures.every((error) => error instanceof DiagnosticError)) {
    const found = new Map<string, Diagnostic>();
    for (const { diagnostics } of failures) for (const one of diagnostics) found.set(JSON.stringify([one.code, one.message, one.loc]), one);
    return new DiagnosticError([...found.values()]);
  }
  const reasons = failures.map((error) => (error instanceof Error ? error.message.trim() : String(error)));
  return new AggregateError(failures, reasons.join('\n'));
}
