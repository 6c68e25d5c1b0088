/** Where servers of this process listen. */
import type { AddressInfo, Server } from 'node:net';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';

/**
 * Lets the server listen at HOST:PORT; port 0 takes a free one. Returns the address with the port that is in use.
 * @throws DiagnosticError address-in-use, address-not-usable
 */
export function listen(server: Server, address: string): Promise<string> {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new DiagnosticError([diagnostic('address-not-usable', { address, why })]));
    if (host === undefined || Number(port) > 65535) return refuse('it must be HOST:PORT, with a port from 0 to 65535');
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new DiagnosticError([diagnostic('address-in-use', { address })]));
      else refuse(error.message);
    });
    server.listen({ host, port: Number(port) }, () => {
      const { port: used } = server.address() as AddressInfo;
      resolve(`${address.slice(0, address.lastIndexOf(':'))}:${used}`);
    });
  });
}
