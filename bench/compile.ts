/** The time from the start of a process to P4 on disk, for the router. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { columns, type Measured, measure, table } from './measure.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['pipeline', 'headers'].map((name) => join(root, 'examples/router', `${name}.ts`));

const compileRuns = 15;

/** As text, for people. p4c is not on the PATH, so that it does not run. */
export async function compileRates(): Promise<string> {
  // Within the package, where `p4ts` is the package itself.
  const folder = join(root, 'out/bench');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const source of sources) {
    const { code } = transformSync(readFileSync(source, 'utf8'), { loader: 'ts' });
    writeFileSync(join(folder, `${basename(source, '.ts')}.js`), code);
  }
  const compile = (file: string) => timeOf([join(root, 'dist/cli/main.js'), 'compile', file, '--out', folder]);
  const rows = [
    ['from the start of the process to P4 on disk', 'ms', 'least', 'most'],
    ['router from JavaScript', ...columns(await compile(join(folder, 'pipeline.js')))],
    ['router from TypeScript', ...columns(await compile(sources[0] as string))],
    ['Node.js alone', ...columns(await timeOf(['-e', '0']))],
  ];
  return `${table(rows)}\n${compileRuns} runs.`;
}

const timeOf = (args: readonly string[]): Promise<Measured> =>
  measure(compileRuns, async () => {
    const start = performance.now();
    // Its output goes nowhere: to read it is work of this process, which is not to be measured.
    const [status] = await once(spawn(process.execPath, args, { env: { PATH: dirname(process.execPath) }, stdio: 'ignore' }), 'exit');
    if (status !== 0) throw new Error(`node ${args.join(' ')} failed with ${status}`);
    return performance.now() - start;
  });
