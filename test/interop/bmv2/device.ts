/** A switch that scenarios run on: the embedded one, or BMv2's. */
import type { Target } from '../../../runtime/client/target.js';
import type { OutputPacket } from '../../../runtime/data-plane/messages.js';
import type { Transport } from '../../../runtime/p4runtime/transport.js';

/** A packet arrives at a port. */
export type Inject = (port: number, bytes: Uint8Array) => Promise<void>;

export interface Device {
  readonly address: string;
  readonly target: Target;
  transport(): Transport;
  /** Everything that leaves the data ports because of what `cause` does. */
  observe(cause: (inject: Inject) => Promise<void>): Promise<Observed>;
  /** A primary with election id 1 that arbitrates with these ids, in order, gets one answer to each and stays primary. */
  readonly barrierIds: readonly bigint[];
  close(): Promise<void>;
}
export interface Observed {
  readonly outputs: readonly OutputPacket[];
  /** For people: what the packet did in the switch. */
  readonly trace?: string;
}
