/** A switch in the same process, as a client reaches it. */
import type { WriteRequest } from '../p4runtime/messages.js';
import type { StreamHandlers, Transport } from '../p4runtime/transport.js';
import type { SwitchCore } from './core.js';

/** Closing the transport leaves the switch running. */
export function localTransport(core: SwitchCore): Transport {
  return {
    pack: (update) => update,
    // Nothing else is packed here.
    write: (request) => core.write(request as WriteRequest),
    read: (request) => core.read(request),
    setPipeline: (request) => core.setPipeline(request),
    getPipeline: (request) => core.getPipeline(request),
    capabilities: (request) => core.capabilities(request),
    openStream: (handlers: StreamHandlers) => core.openStream(handlers),
    close: async () => undefined,
  };
}
