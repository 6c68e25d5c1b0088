/** A transport that is listened in to: what the controller writes, and when all messages of its stream are through. */
import type { StreamMessageResponse, WriteRequest } from '../../../runtime/p4runtime/messages.js';
import type { ClientStream, Transport } from '../../../runtime/p4runtime/transport.js';

export interface Tap {
  readonly transport: Transport;
  readonly writes: readonly WriteRequest[];
  /** Packet-ins that have come until now. */
  readonly packetIns: number;
  /** When it is over, the switch has handled what was sent on the stream, and what it had sent before has come. */
  barrier(): Promise<void>;
}

/** `barrierIds`: see Device. */
export function tap(transport: Transport, barrierIds: readonly bigint[]): Tap {
  const writes: WriteRequest[] = [];
  let packetIns = 0;
  let stream: ClientStream | undefined;
  let answered: (() => void) | undefined;
  const receive = (message: StreamMessageResponse): boolean => {
    if (message.packet) packetIns++;
    if (!message.arbitration || !answered) return true;
    answered();
    return false;
  };
  return {
    writes,
    get packetIns() {
      return packetIns;
    },
    async barrier() {
      for (const low of barrierIds) {
        await new Promise<void>((resolve) => {
          answered = resolve;
          stream?.send({ arbitration: { device_id: 1n, election_id: { high: 0n, low } } });
        });
      }
      answered = undefined;
    },
    transport: {
      ...transport,
      pack: (update) => update,
      write: (request) => {
        writes.push(request as WriteRequest);
        return transport.write(request);
      },
      openStream: (handlers) => {
        stream = transport.openStream({
          ...handlers,
          message: (message) => {
            if (receive(message)) handlers.message(message);
          },
        });
        return stream;
      },
    },
  };
}
