/** `p4ts types`: a program in P4 as a module of TypeScript. */
import { basename, dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { recordedAndValidated } from '../../compiler/analysis/validate.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import { Diagnostics, fail } from '../../compiler/support/diagnostics.js';
import { isModuleFile } from '../../compiler/support/file-kinds.js';
import { writeUserFiles } from '../../compiler/support/node.js';
import { defineOption, includeOption, type SourceOptions } from '../arguments.js';
import { loadPipeline } from '../load.js';
import { reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      'Writes NAME.p4.ts beside NAME.p4: a module that loads the program and has the types of its tables, keys, actions and parameters, so that tsc checks what a controller does with them.',
    )
    .argument('<file>', 'the program: a .p4 file')
    .option('-o, --out <file>', 'the file to write; - for stdout')
    .addOption(includeOption())
    .addOption(defineOption())
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts types router.p4

and then, in a controller:
  import { connect } from 'p4ts/runtime';
  import { router } from './router.p4.js';
  await using sw = await connect(router, { address: '127.0.0.1:9559' });
  await sw.table(router.tables['MyIngress.ipv4_lpm']).insert({
    match: { 'hdr.ipv4.dstAddr': '10.0.1.1/32' },
    action: router.actions['MyIngress.ipv4_forward']({ dstAddr: '08:00:00:00:01:11', port: 1 }),
  });`,
    )
    .action(types);
}

async function types(file: string, options: Options): Promise<void> {
  if (isModuleFile(file)) fail('no-p4-file', { file });
  const { descriptor } = await loadPipeline(file, options);
  const diagnostics = new Diagnostics();
  diagnostics.add(...recordedAndValidated(descriptor.diagnostics, descriptor.ir));
  diagnostics.throwIfErrors();
  reportDiagnostics(diagnostics.list);
  const out = options.out ?? join(dirname(file), `${basename(file)}.ts`);
  const seenFrom = (path: string): string => {
    const found = relative(options.out === '-' ? '.' : dirname(out), path).replaceAll('\\', '/');
    return found.startsWith('.') ? found : `./${found}`;
  };
  const module = typesModule(descriptor.ir, {
    file: seenFrom(file),
    includePaths: (options.include ?? []).map((folder) => `${seenFrom(folder)}/`),
    defines: options.define ?? {},
  });
  if (options.out === '-') process.stdout.write(module);
  else {
    writeUserFiles([{ path: out, content: module }]);
    process.stdout.write(`wrote ${out}\n`);
  }
}
