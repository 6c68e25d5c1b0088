/** The embedded switch as a device of scenarios. */
import { embeddedTarget } from '../../../runtime/client/target.js';
import type { OutputPacket } from '../../../runtime/data-plane/messages.js';
import { renderTrace } from '../../../runtime/data-plane/render-trace.js';
import { createDataPlane } from '../../../runtime/interpreter/index.js';
import { createSwitch } from '../../../runtime/switch/core.js';
import { localTransport } from '../../../runtime/switch/local-transport.js';
import type { Device } from './device.js';

export function startEmbedded(): Device {
  const core = createSwitch({ dataPlane: createDataPlane() });
  return {
    address: 'the embedded switch',
    target: embeddedTarget,
    transport: () => localTransport(core),
    barrierIds: [1n],
    async observe(cause) {
      const outputs: OutputPacket[] = [];
      const traces: string[] = [];
      const stop = core.onOutput((output) => outputs.push(output));
      await cause(async (port, bytes) => {
        const { trace } = await core.processPacket(port, bytes, { trace: true });
        if (trace) traces.push(renderTrace(trace));
      });
      stop();
      return { outputs, trace: traces.join('\n') };
    },
    close: () => core.close(),
  };
}
