#!/usr/bin/env node
/** The `p4ts` command. Only the command that is asked for is loaded, with what it needs of p4ts. */
import './closed-pipe.js';
import { Command } from 'commander';
import { reportFailure } from './report.js';
import { ownPackage } from './version.js';

interface CommandModule {
  /** Adds the command's arguments, help and action. */
  define(command: Command): void;
}
const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<CommandModule> }>> = {
  init: { summary: 'make a new project that runs at once', load: () => import('./commands/init.js') },
  check: { summary: 'report the mistakes in a pipeline', load: () => import('./commands/check.js') },
  compile: { summary: 'write the files that a target needs', load: () => import('./commands/compile.js') },
  fix: { summary: 'rewrite the old forms in a P4 program as v1model has them today', load: () => import('./commands/fix.js') },
  types: { summary: 'write the TypeScript types of a program in P4', load: () => import('./commands/types.js') },
  trace: { summary: 'show what a pipeline does to packets', load: () => import('./commands/trace.js') },
  stf: { summary: 'run tests written in STF', load: () => import('./commands/stf.js') },
  entries: { summary: 'compare the entries of a running switch with a file, and change them', load: () => import('./commands/entries.js') },
  shell: { summary: 'control a running switch by hand', load: () => import('./commands/shell.js') },
  switch: { summary: 'run a pipeline in a switch, controlled over P4Runtime', load: () => import('./commands/switch.js') },
};

const program = new Command('p4ts')
  .description('P4 pipelines written in TypeScript: compiled to P4-16, traced packet by packet, run in a switch of their own.')
  .version(ownPackage().version, '-V, --version')
  .exitOverride()
  .addHelpText(
    'after',
    `
Begin with:
  $ p4ts init my-router                  makes a project that runs at once
  $ p4ts check pipeline.ts               reports the mistakes in a pipeline
  $ p4ts trace pipeline.ts --in x.pcap   shows what the pipeline does to each packet

Each command has examples in its own help: p4ts COMMAND --help.
Exit status: 0 success, 1 the program or its input is wrong, 2 wrong usage.`,
  );

let status: string | number;
try {
  const asked = process.argv.slice(2).find((argument) => Object.hasOwn(commands, argument));
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).summary(summary);
    if (name === asked) (await load()).define(command);
  }
  await program.parseAsync();
  // A command that told already what failed says so with the exit code.
  status = process.exitCode ?? 0;
} catch (error) {
  status = reportFailure(error);
}
// A pipe is written to asynchronously on some systems; users' files may have left timers and sockets behind.
process.stdout.write('', () => process.exit(status));
