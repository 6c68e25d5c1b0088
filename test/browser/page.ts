/** A page's own code: what browser.test.ts bundles, and runs where there is nothing of Node. */
import { addFile, checkP4, compile, loadP4, packetFromHex, parsePcap, renderDiagnostics, simulate } from 'p4ts/browser';
import { install } from '../../examples/router/controller.js';
import { parseNetwork } from '../../examples/router/network.js';
import { router } from '../../examples/router/pipeline.js';

export * from 'p4ts/browser';
export { router };

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** What the router makes of captured packets, with the entries that its controller installs. */
export async function route(network: string, captures: readonly Uint8Array[]): Promise<readonly string[]> {
  const sw = await simulate(router);
  await install(sw, parseNetwork(network));
  const sent: string[] = [];
  for (const [i, capture] of captures.entries()) {
    for (const { bytes } of parsePcap(new Uint8Array(capture), `port ${i + 1}`)) {
      const { outputs, toController, trace } = await sw.sendTraced(i + 1, bytes);
      for (const { port, packet } of [...outputs, ...toController]) sent.push(`${port} ${hex(packet)}`);
      sent.push(`${trace.events.length} events`);
    }
  }
  await sw.close();
  return sent;
}

export const compiledRouter = (): Readonly<Record<string, string | Uint8Array>> => compile(router).files;

/** A program in P4 in two files that are texts: what it makes of a packet, and what it is printed as. */
export async function runP4(files: Readonly<Record<string, string>>, packet: string): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) addFile(path, text);
  const program = await loadP4('main.p4', { includePaths: ['include'] });
  const sw = await simulate(program);
  const outputs = await sw.send(1, packetFromHex(packet));
  await sw.close();
  return [...outputs.map((o) => `${o.port} ${hex(o.packet)}`), compile(program).files['.p4'] as string];
}

export async function mistakesIn(text: string): Promise<string> {
  addFile('wrong.p4', text);
  return renderDiagnostics(await checkP4('wrong.p4'));
}
