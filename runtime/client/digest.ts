/** Digests that the pipeline of a switch reports. */
import type { DigestSchema } from '../../compiler/control/schema.js';
import type { ControllerFields } from '../../compiler/dsl/surface.js';
import type { Outs } from '../../compiler/dsl/values.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { DigestConfig, DigestList as Message } from '../p4runtime/messages.js';
import { decodeParts } from './data.js';
import { P4RuntimeError } from './errors.js';
import { mapped, type Stream } from './queue.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import { toInt64 } from './values.js';

/** What the pipeline reported with `c.digest`; the switch waits for `ack` before it reports the same again. */
export interface DigestList<F extends ControllerFields> {
  readonly entries: readonly Outs<F>[];
  /** Tells the switch that the list was received. */
  ack(): Promise<void>;
}
/** When the switch sends lists of a digest. */
export interface DigestOptions {
  /** The switch collects what is reported for so long; it does not where it is not said. */
  readonly maxTimeoutNs?: number | bigint;
  /** It sends a list of so many at once; where it is not said, of one, or of any number where there is a timeout. */
  readonly maxListSize?: number;
  /** It reports the same again after that time even without an acknowledgement; 1 s where it is not said, 0: at once. */
  readonly ackTimeoutNs?: number | bigint;
}

const defaultAckTimeoutNs = 1_000_000_000n;

/** Asks the switch for the digest, now; the iteration ends with an error when it refuses. */
export function digestLists<F extends ControllerFields>(
  digest: DigestSchema,
  options: DigestOptions,
  session: Session,
  { write, signal }: Requests,
): Stream<DigestList<F>> {
  const at = `digest ${digest.name}`;
  const loc = captureLocation();
  const { maxTimeoutNs = 0n, ackTimeoutNs = defaultAckTimeoutNs } = options;
  // Without a timeout each is sent at once (P4Runtime, "DigestEntry"); BMv2 must be told by the size: for 0 it takes 1024.
  const { maxListSize = BigInt(maxTimeoutNs) === 0n ? 1 : 0 } = options;
  const config: DigestConfig = {
    max_timeout_ns: toInt64(maxTimeoutNs, { at: `${at}, maxTimeoutNs`, loc }),
    max_list_size: Number(toInt64(maxListSize, { at: `${at}, maxListSize`, loc })),
    ack_timeout_ns: toInt64(ackTimeoutNs, { at: `${at}, ackTimeoutNs`, loc }),
  };
  const entity = { digest_entry: { digest_id: digest.id, config } };
  const lists = session.digests(digest.id, digest.name);
  const configure = (): Promise<void> =>
    write(`configure ${at}`, { type: 'INSERT', entity }).catch((error: unknown) => {
      // An earlier controller may have configured it.
      if (!(error instanceof P4RuntimeError) || error.code !== 'ALREADY_EXISTS') throw error;
      return write(`configure ${at}`, { type: 'MODIFY', entity });
    });
  const configured = configure();
  session.restoreWith(at, configure);
  // The error reaches the loop that reads the lists.
  configured.catch(() => undefined);
  return mapped(lists, (list) => decodeList<F>(digest, list, session), signal, configured);
}

function decodeList<F extends ControllerFields>(digest: DigestSchema, list: Message, session: Session): DigestList<F> {
  const entries = (list.data ?? []).map((data) => decodeParts(data, digest.data));
  return {
    entries: entries as unknown as Outs<F>[],
    ack: async () => session.send({ digest_ack: { digest_id: digest.id, list_id: list.list_id ?? 0n } }),
  };
}
