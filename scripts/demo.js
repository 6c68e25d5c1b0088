/** Runs an example's demo: the router's, or that of the example named. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ensureBuilt } from './built.js';

const [name = 'router', ...rest] = process.argv.slice(2);
const demos = readdirSync('examples').filter((example) => existsSync(`examples/${example}/demo.ts`));
if (!demos.includes(name)) {
  console.error(`There is no example ${name}. There are: ${demos.join(', ')}.`);
  process.exit(2);
}
ensureBuilt();
const { status } = spawnSync(process.execPath, ['--import', './dist/cli/register.js', `examples/${name}/demo.ts`, ...rest], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
