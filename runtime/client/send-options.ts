/** What a simulated switch is told of a packet beside its bytes: when it arrives, and what the queues do to it. */
import { plainForm } from '../../compiler/control/data.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { Transit } from '../data-plane/messages.js';
import { takes } from './signatures.js';
import { toBits, toInt64, valueError } from './values.js';

/**
 * A simulated switch has no queues: who sends a packet says what they do to it, and to each copy of it. The names are those of
 * `std`. What is not said is 0. BMv2 counts time in microseconds, so that on v1model the last three decimal digits are lost.
 */
export interface SendOptions {
  /**
   * When the packet arrives, in nanoseconds since the switch started. The time of the switch goes on to it, as `advanceTime`
   * does; it does not go back. Without it, the packet arrives now.
   */
  readonly timestampNs?: number | bigint;
  /** Packets in the queue when the packet enters it: `std.queueDepth`, v1model's `enq_qdepth`. */
  readonly queueDepth?: number;
  /** Packets in the queue when the packet leaves it: `std.dequeueDepth`, v1model's `deq_qdepth`. */
  readonly dequeueDepth?: number;
  /** How long the packet is in the queue: `std.queueDelayNs`, v1model's `deq_timedelta`. */
  readonly queueDelayNs?: number | bigint;
  /** From the timestamp of ingress to that of egress, the delay in the queue included; as long as that where it is not said. */
  readonly residenceNs?: number | bigint;
}

/** v1model has 19 bits for depths, and 32 bits of microseconds for the delay. */
const depthForm = plainForm(19);
export const longestDelayNs = 4_294_967_295_999;

/** @throws DiagnosticError entry-value */
export function toTransit(options: SendOptions, method: string): { readonly timestampNs?: bigint; readonly transit?: Transit } {
  const loc = captureLocation();
  takes.sendOptions([options], loc);
  const place = (name: string) => ({ at: `${method}(), ${name}`, loc });
  const { timestampNs, queueDepth, dequeueDepth, queueDelayNs, residenceNs } = options;
  const depth = (value: number, name: string): number => Number(toBits(value, depthForm, place(name)));
  const delay = queueDelayNs === undefined ? 0n : toInt64(queueDelayNs, place('queueDelayNs'));
  if (delay > longestDelayNs)
    throw valueError(place('queueDelayNs'), `${delay} is more than ${longestDelayNs}, the longest delay of v1model`);
  const residence = residenceNs === undefined ? delay : toInt64(residenceNs, place('residenceNs'));
  if (residence < delay) throw valueError(place('residenceNs'), `${residence} is less than queueDelayNs, ${delay}, which is a part of it`);
  const isSaid = [queueDepth, dequeueDepth, queueDelayNs, residenceNs].some((value) => value !== undefined);
  return {
    ...(timestampNs === undefined ? {} : { timestampNs: toInt64(timestampNs, place('timestampNs')) }),
    ...(isSaid
      ? {
          transit: {
            queueDepth: depth(queueDepth ?? 0, 'queueDepth'),
            dequeueDepth: depth(dequeueDepth ?? 0, 'dequeueDepth'),
            queueDelayNs: delay,
            residenceNs: residence,
          },
        }
      : {}),
  };
}
