/** P4Runtime over gRPC for a switch of this process. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import type { CodeName } from '../p4runtime/status.js';
import type { SwitchCore } from '../switch/core.js';

/** PEM files' contents. */
export interface ServerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Clients have to show a certificate that this authority signed. */
  readonly clientCa?: Buffer;
}
/** What is told of calls, for logs and metrics. */
export interface ServerObserver {
  /** A call is over. `why`: what the controller was told, unless the code is OK. */
  call(method: string, code: CodeName, seconds: number, why?: string): void;
  /** A message of that kind, such as `packet`, that its controller did not read in time. */
  messageDropped(kind: string): void;
  /** A connection from HOST:PORT on which TLS was not set up. */
  handshakeFailed(peer: string, why: string): void;
}
/** Where a P4Runtime server listens. */
export interface ServeOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly address?: string;
  /** Without it, whoever can reach the address controls the switch. */
  readonly tls?: ServerTls;
  readonly observer?: Partial<ServerObserver>;
}
/** A P4Runtime server that is listening. */
export interface P4RuntimeServer {
  /** With the port that is in use. */
  readonly address: string;
  /** Stops taking calls and ends those that are open. The core stays. */
  close(): Promise<void>;
}

/** Where switches listen, and controllers look for them, where nothing else is said. */
export const defaultAddress = '127.0.0.1:9559';

/**
 * Serves the switch on an address of this machine, with the health and reflection services of gRPC.
 * @throws DiagnosticError address-in-use, address-not-usable
 */
export async function serve(core: SwitchCore, options: ServeOptions = {}): Promise<P4RuntimeServer> {
  const wanted = { kind: 'object?', parts: { address: 'text?', tls: 'object?', observer: 'object?' } } as const;
  expectArguments('serve', { core: { kind: 'object', parts: { openStream: 'function' } }, options: wanted }, [core, options]);
  const { address = defaultAddress, ...others } = options;
  // Loading gRPC takes a while, which programs that only simulate need not wait for.
  const { startServer } = await import('./server.js');
  return startServer(core, address, others);
}
