/** A switch in the same process, as a client reaches it. */
import type { StreamHandlers, Transport } from '../p4runtime/transport.js';
import type { SwitchCore } from './core.js';

/** Closing the transport leaves the switch running. */
export function localTransport(core: SwitchCore): Transport {
  return {
    write: (request) => core.write(request),
    read: async function* (request) {
      for await (const response of core.read(request)) yield* response.entities ?? [];
    },
    setPipeline: (request) => core.setPipeline(request),
    getPipeline: (request) => core.getPipeline(request),
    capabilities: (request) => core.capabilities(request),
    openStream: (handlers: StreamHandlers) => core.openStream(handlers),
    close: async () => undefined,
  };
}
