/** P4Runtime over gRPC for a switch of this process. */
import type { SwitchCore } from '../switch/core.js';

export interface ServeOptions {
  /** HOST:PORT; port 0 takes a free one. */
  readonly address?: string;
}
export interface P4RuntimeServer {
  /** With the port that is in use. */
  readonly address: string;
  /** Stops taking calls and ends those that are open. The core stays. */
  close(): Promise<void>;
}

export const defaultAddress = '127.0.0.1:9559';

/**
 * Serves the switch on an address of this machine; whoever can reach it controls the switch.
 * @throws DiagnosticError address-in-use, address-not-usable
 */
export async function serve(core: SwitchCore, { address = defaultAddress }: ServeOptions = {}): Promise<P4RuntimeServer> {
  // Loading gRPC takes a while, which programs that only simulate need not wait for.
  const { startServer } = await import('./grpc-server.js');
  return startServer(core, address);
}
