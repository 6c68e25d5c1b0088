/** The time from the start of a process to P4 on disk, for the router. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { type Measured, measure } from './measure.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['pipeline', 'headers'].map((name) => join(root, 'examples/router', `${name}.ts`));
const run = promisify(execFile);

/** In milliseconds, for the pipeline in JavaScript and in TypeScript. p4c is not on the PATH, so that it does not run. */
export async function compileTimes(): Promise<{ readonly js: Measured; readonly ts: Measured }> {
  // Within the package, where `p4ts` is the package itself.
  const folder = join(root, 'out/bench');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const source of sources) {
    const { code } = transformSync(readFileSync(source, 'utf8'), { loader: 'ts' });
    writeFileSync(join(folder, `${basename(source, '.ts')}.js`), code);
  }
  const compile = (file: string) => async (): Promise<number> => {
    const start = performance.now();
    await run(process.execPath, [join(root, 'dist/cli/main.js'), 'compile', file, '--out', folder], {
      env: { PATH: dirname(process.execPath) },
    });
    return performance.now() - start;
  };
  return { js: await measure(compile(join(folder, 'pipeline.js'))), ts: await measure(compile(sources[0] as string)) };
}
