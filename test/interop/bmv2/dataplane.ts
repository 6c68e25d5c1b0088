/** The packets of a simple_switch_grpc: what arrives at its ports, and what leaves them because of it. */
import { fileURLToPath } from 'node:url';
import { type Client, type ClientDuplexStream, credentials, loadPackageDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { OutputPacket } from '../../../runtime/data-plane/messages.js';
import type { Inject } from './device.js';

interface Packet {
  readonly device_id: number;
  readonly port: number;
  readonly packet: Uint8Array;
}
type Call = ClientDuplexStream<Packet, Packet>;
interface Service extends Client {
  PacketStream(): Call;
}

export class DataplaneClient {
  readonly #service: Service;

  constructor(address: string) {
    const proto = fileURLToPath(new URL('./dataplane.proto', import.meta.url));
    const root = loadPackageDefinition(loadSync(proto, { keepCase: true, defaults: true })) as never as {
      p4: { bm: { DataplaneInterface: new (...args: unknown[]) => Service } };
    };
    this.#service = new root.p4.bm.DataplaneInterface(address, credentials.createInsecure());
  }

  ready(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#service.waitForReady(Date.now() + timeoutMs, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Everything that leaves because of what `cause` does. No waiting for silence is needed: the switch ends a stream only
   * when it holds no packet any more.
   */
  async observe(cause: (inject: Inject) => Promise<void>): Promise<OutputPacket[]> {
    const stream = await this.#listen();
    await cause(async (port, bytes) => {
      stream.call.write({ device_id: 1, port, packet: bytes });
    });
    stream.call.end();
    const code = await stream.ended;
    if (code !== status.OK) throw new Error(`simple_switch_grpc ended the packet stream with ${status[code]}`);
    return stream.outputs;
  }

  close(): void {
    this.#service.close();
  }

  /**
   * A stream to which the switch already writes. It does not say so itself, but of two streams it refuses one, and then
   * the other one is known to be served.
   */
  async #listen(): Promise<Stream> {
    for (;;) {
      const [first, second] = [this.#open(), this.#open()];
      const { refused, served, code } = await Promise.race([
        first.ended.then((end) => ({ refused: first, served: second, code: end })),
        second.ended.then((end) => ({ refused: second, served: first, code: end })),
      ]);
      if (code === status.RESOURCE_EXHAUSTED) return served;
      refused.call.cancel();
      served.call.cancel();
      await served.ended;
      // The switch listens a moment before its ports are open.
      if (code !== status.UNAVAILABLE) throw new Error(`simple_switch_grpc refuses the packet stream: ${status[code]}`);
    }
  }

  #open(): Stream {
    const call = this.#service.PacketStream();
    const outputs: OutputPacket[] = [];
    call.on('data', ({ port, packet }: Packet) => outputs.push({ port, bytes: new Uint8Array(packet) }));
    call.on('error', () => {});
    const ended = new Promise<status>((resolve) => call.on('status', ({ code }: Pick<ServiceError, 'code'>) => resolve(code)));
    return { call, outputs, ended };
  }
}

interface Stream {
  readonly call: Call;
  readonly outputs: OutputPacket[];
  readonly ended: Promise<status>;
}
