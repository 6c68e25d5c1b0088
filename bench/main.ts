/** `npm run bench`: all that is measured, or the parts that are named. */
import { cpus, totalmem } from 'node:os';
import { Argument, program } from 'commander';
import { compileRates } from './compile.js';
import { p4RuntimeRates } from './p4runtime/index.js';
import { packetRates } from './packets.js';

/** In this order: compiling is measured while this process is small, as one with a large heap takes long to start another. */
const parts = { compile: compileRates, packets: packetRates, p4runtime: p4RuntimeRates };
type Part = keyof typeof parts;

program
  .name('npm run bench --')
  .description('Measures p4ts on this machine: medians, after one run that does not count.')
  .addArgument(new Argument('[parts...]', 'what to measure').choices(Object.keys(parts)).default(Object.keys(parts)))
  .action(async (named: readonly Part[]) => {
    const [cpu] = cpus();
    const memory = (totalmem() / 2 ** 30).toFixed(0);
    console.log(
      `${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB; ${process.platform} ${process.arch}; Node.js ${process.version}`,
    );
    for (const part of Object.keys(parts) as Part[]) if (named.includes(part)) console.log(`\n${await parts[part]()}`);
  });
await program.parseAsync();
