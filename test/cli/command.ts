/** Runs the built `p4ts` command, as users do: in a process of its own, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const main = join(root, 'dist/cli/main.js');

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
const built = statSync(main, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (['cli', 'compiler', 'runtime', 'targets'].some((folder) => newest(folder) > built)) {
  throw new Error('dist is missing or older than the sources: npm run build');
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const { FORCE_COLOR: _, ...plainEnvironment } = process.env;

export const start = (args: readonly string[], cwd: string): ChildProcess =>
  spawn(process.execPath, args, { cwd, stdio: 'pipe', env: { ...plainEnvironment, NO_COLOR: '1' } });

/** Runs Node to its end. */
export function node(args: readonly string[], cwd: string): Promise<Finished> {
  const child = start(args, cwd);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
}

export const p4ts = (args: readonly string[], cwd: string): Promise<Finished> => node([main, ...args], cwd);

/** As npm would: what is at `target` becomes the package `name` of the folder. */
export function installLink(folder: string, name: string, target: string): void {
  const link = join(folder, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link);
}

/** The pipeline of a hub: port 1 to 2, everything else dropped; `name` is its export as well. */
export const hub = (name: string, body = 'c.if(std.ingressPort.eq(1), () => c.forward(2));'): string => `
export const ${name} = pipeline('${name}', {
  headers: { ethernet: Ethernet },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    void hdr;
    ctl.apply((c) => {
      ${body}
    });
    return {};
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet);
  },
});
`;
export const prelude = `import { bit, header, mac, pipeline } from 'p4ts';
const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
`;
