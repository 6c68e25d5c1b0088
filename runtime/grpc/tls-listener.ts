/** The sockets of a server: as they come, or once their TLS is set up. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import type { ServerObserver, ServerTls } from './serve.js';

/**
 * Where gRPC set up TLS itself, it would say of no handshake that failed.
 * @throws DiagnosticError address-not-usable, for a certificate or key that cannot be used
 */
export function listenerOf(
  address: string,
  tls: ServerTls | undefined,
  observer: ServerObserver,
  accept: (socket: Socket) => void,
): Server {
  if (!tls) return createServer(accept);
  const { cert, key, clientCa } = tls;
  const mutual = clientCa ? { ca: clientCa, requestCert: true, rejectUnauthorized: true } : {};
  const server = tlsServer(address, { cert, key, ...mutual, ALPNProtocols: ['h2'] });
  const handshaking = new Set<string>();
  const failed = (peer: string, why: string): void => {
    if (handshaking.delete(peer)) observer.handshakeFailed(peer, why);
  };
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    handshaking.add(peer);
    // What TLS has to say comes first.
    socket.once('close', () => setImmediate(failed, peer, 'it ended the connection'));
  });
  // A socket that TLS has ended knows its peer only if it was asked before: this is when it can be. The keys go nowhere.
  server.on('keylog', (_line, socket) => void peerOf(socket));
  server.on('secureConnection', (socket: TLSSocket) => {
    handshaking.delete(peerOf(socket));
    accept(socket);
  });
  server.on('tlsClientError', (error: OpenSslError, socket: TLSSocket) => failed(peerOf(socket), reasonOf(error, socket)));
  return server;
}

function tlsServer(address: string, options: TlsOptions): Server {
  try {
    return createTlsServer(options);
  } catch (error) {
    const why = `its certificate or key cannot be used: ${error instanceof Error ? error.message : error}`;
    throw new DiagnosticError([diagnostic('address-not-usable', { address, why })]);
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string =>
  remoteAddress?.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;

interface OpenSslError extends NodeJS.ErrnoException {
  /** What OpenSSL says, without its file and line. */
  readonly reason?: string;
}

const withoutTls: ReadonlySet<string | undefined> = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_HTTP_REQUEST']);

function reasonOf({ code, reason, message }: OpenSslError, { authorizationError: refused }: TLSSocket): string {
  if (refused) return `its certificate is not accepted: ${refused}`;
  if (withoutTls.has(code)) return `${reason}: it does not speak TLS`;
  return reason ?? message;
}
