/** The process at the other end: the embedded switch, or gRPC alone. Its parent tells it what to do. */
import { createDataPlane, createSwitch, type DataPlane, serve } from 'p4ts/runtime';
import { bareServer } from './bare.js';
import { packet } from './pipeline.js';

export type PeerKind = 'switch' | 'bare';
/** How much memory the process takes; so many packets to the controller, made by the interpreter or beforehand; so many came. */
export type PeerRequest =
  | { readonly memory: true }
  | { readonly packetIns: number; readonly interpreted: boolean }
  | { readonly received: number };
export interface PeerReply {
  readonly address?: string;
  /** Now, after a garbage collection, and at most until now. */
  readonly residentBytes?: number;
  readonly mostResidentBytes?: number;
}

/** A network interface gives packets in bursts, too. */
const burst = 64;
/** What is more than so many ahead of the controller, a switch would drop: this is to measure what it can take. */
const mostAhead = 512;
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function embeddedSwitch() {
  const interpreter = createDataPlane();
  const processed = () => interpreter.request('packet', { port: 1, bytes: packet });
  let kept: Awaited<ReturnType<typeof processed>> | undefined;
  const dataPlane: DataPlane = {
    request: async (kind, request) => (kind === 'packet' && kept ? (kept as never) : interpreter.request(kind, request)),
    close: () => interpreter.close(),
  };
  const core = createSwitch({ dataPlane });
  const { address } = await serve(core, { address: '127.0.0.1:0' });
  return {
    address,
    packetIn: () => core.processPacket(1, packet),
    prepare: async (interpreted: boolean) => {
      kept = interpreted ? undefined : await processed();
    },
  };
}

const peer =
  (process.argv[2] as PeerKind) === 'bare' ? { ...(await bareServer()), prepare: async () => undefined } : await embeddedSwitch();
const reply = (message: PeerReply): void => void process.send?.(message);
let received = 0;

async function sendPacketIns(count: number, interpreted: boolean): Promise<void> {
  received = 0;
  await peer.prepare(interpreted);
  for (let sent = 0; sent < count; ) {
    for (const end = Math.min(count, sent + burst); sent < end; sent++) await peer.packetIn();
    do await pause();
    while (sent - received > mostAhead);
  }
}

process.on('disconnect', () => process.exit());
process.on('message', async (request: PeerRequest) => {
  if ('received' in request) received = request.received;
  else if ('packetIns' in request) await sendPacketIns(request.packetIns, request.interpreted);
  else {
    globalThis.gc?.();
    reply({ residentBytes: process.memoryUsage.rss(), mostResidentBytes: process.resourceUsage().maxRSS * 1024 });
  }
});
reply({ address: peer.address });
