/** `p4ts compile`: a target's files. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { compile } from '../../compiler/compile.js';
import { toJson } from '../../compiler/ir/json.js';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { writeUserFiles } from '../../compiler/support/node.js';
import { cpuPortOption, defineOption, fileArgument, includeOption, jsonOption, pipelineOption, type SourceOptions } from '../arguments.js';
import { loadPipeline } from '../load.js';
import { printJson, reportDiagnostics } from '../report.js';
import { findTarget, targetOption } from '../targets.js';

interface Options extends SourceOptions {
  readonly target: string;
  readonly out: string;
  readonly cpuPort: number;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .description(
      'Compiles a pipeline. For bmv2 it writes NAME.json, which simple_switch loads, NAME.p4, NAME.p4info.txtpb and NAME.p4info.bin, and NAME.p4ts.json, the device configuration with which any P4Runtime controller sets the pipeline of `p4ts switch`. All of the files are written, or none.',
    )
    .argument(...fileArgument)
    .addOption(targetOption('for what').default('bmv2'))
    .option('-o, --out <dir>', 'folder for the files, made where it is missing', '.')
    .addOption(cpuPortOption())
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .addOption(jsonOption('the names of the files, and the warnings,'))
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts compile router.ts
  $ p4ts compile router.ts --target bmv2 -o build
  $ python3 -m p4runtime_sh --config build/router.p4info.txtpb,build/router.p4ts.json`,
    )
    .action(compileFile);
}

async function compileFile(file: string, options: Options): Promise<void> {
  const target = findTarget(options.target);
  const { descriptor } = await loadPipeline(file, options);
  const { name } = descriptor.ir;
  const diagnostics = new Diagnostics();
  diagnostics.add(...descriptor.diagnostics);
  diagnostics.throwIfErrors();

  const { compiled, diagnostics: found } = compile(descriptor.ir, target, { cpuPort: options.cpuPort });
  diagnostics.add(...found);
  diagnostics.throwIfErrors();
  const emitted = compiled?.files ?? [];

  const device = { suffix: '.p4ts.json', contents: toJson(descriptor.ir) };
  const outputs = [...emitted, device];
  const files = outputs.map(({ suffix, contents }) => ({ path: join(options.out, `${name}${suffix}`), content: contents }));
  writeUserFiles(files);
  if (options.json) return printJson({ files: files.map((f) => f.path), diagnostics: diagnostics.list });
  reportDiagnostics(diagnostics.list);
  process.stdout.write(files.map(({ path }) => `wrote ${path}\n`).join(''));
}
