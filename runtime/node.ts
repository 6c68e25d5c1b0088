/**
 * Switches and their controllers.
 * @module p4ts/runtime
 */
import '../compiler/support/node.js';

export { type ConnectOptions, connect } from './grpc/connect.js';
export { connectAll, type Switches, type SwitchToConnect } from './grpc/connect-all.js';
export { defaultAddress, type P4RuntimeServer, type ServeOptions, type ServerObserver, type ServerTls, serve } from './grpc/serve.js';
export type { TlsOptions } from './grpc/transport.js';
export * from './index.js';
export { readPcap, writePcap } from './pcap/node.js';
