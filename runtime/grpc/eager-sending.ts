/** Streams that send more than one message in a turn of the event loop. */
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Messages of a stream that HTTP/2 may have at a time. */
const mostUnderWay = 64;

/** For a server: its bidirectional streams send eagerly. */
export const eagerSending: ServerInterceptor = (method, call) =>
  method.requestStream && method.responseStream ? new EagerCall(call) : new ServerInterceptingCall(call);

/**
 * gRPC hands a message to HTTP/2 when the one before has left, which takes a turn of the event loop each: a switch that is
 * busy with packets would send a few hundred a second. Here HTTP/2 has several, and sends them together.
 */
class EagerCall extends ServerInterceptingCall {
  #underWay = 0;
  /** Asks for the next message. */
  #next: (() => void) | undefined;

  override sendMessage(message: unknown, sent: () => void): void {
    this.#underWay++;
    super.sendMessage(message, () => {
      this.#underWay--;
      const next = this.#next;
      this.#next = undefined;
      next?.();
    });
    if (this.#underWay < mostUnderWay) sent();
    else this.#next = sent;
  }
}
