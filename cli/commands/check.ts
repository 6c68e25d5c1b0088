/** `p4ts check`: diagnostics only. */
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { recordedAndValidated } from '../../compiler/analysis/validate.js';
import { compile } from '../../compiler/compile.js';
import type { Program } from '../../compiler/ir/program.js';
import { type Diagnostic, DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Code } from '../../compiler/support/messages.js';
import { type Target, takes } from '../../compiler/target.js';
import { defineOption, fileArgument, includeOption, jsonOption, pipelineOption, type SourceOptions } from '../arguments.js';
import { loadPipeline } from '../load.js';
import { printJson, reportDiagnostics } from '../report.js';
import { findTarget, targetOption, targets } from '../targets.js';

/** What is right in P4 and does not run. */
const notRun: ReadonlySet<Code> = new Set<Code>(['p4-architecture', 'not-yet']);

interface Options extends SourceOptions {
  readonly target?: string;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .description('Reports the mistakes in a pipeline or in a program in P4, and what targets refuse of it. It writes no file.')
    .argument(...fileArgument)
    .addOption(targetOption('only what this target refuses; without it, what each refuses that has the architecture of the program'))
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .addOption(jsonOption('the diagnostics'))
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts check router.ts
  $ p4ts check switch.p4 -I p4include -D PORTS=32
  $ p4ts check router.ts --json | jq -r '.diagnostics[].message'

tsc reports mistakes in types: a wrong width, an unknown state, a wrong action. p4ts check reports the others.`,
    )
    .action(check);
}

async function check(file: string, options: Options): Promise<void> {
  try {
    const target = options.target === undefined ? undefined : findTarget(options.target);
    const { descriptor } = await loadPipeline(file, options);
    const diagnostics = new Diagnostics();
    diagnostics.add(...recordedAndValidated(descriptor.diagnostics, descriptor.ir));
    if (!diagnostics.hasErrors) diagnostics.add(...refusals(descriptor.ir, target ? [target] : targetsOf(descriptor.ir)));
    diagnostics.throwIfErrors();
    tellNoErrors(descriptor.ir.name, diagnostics.list, options);
  } catch (error) {
    // What p4ts does not run, it can still check, unless it is asked what a target makes of it.
    if (
      error instanceof DiagnosticError &&
      options.target === undefined &&
      extname(file) === '.p4' &&
      error.diagnostics.every((d) => d.severity === 'warning' || notRun.has(d.code))
    ) {
      const found = error.diagnostics.map((d) => ({ ...d, severity: 'warning' as const }));
      tellNoErrors(basename(file), found, options);
      return;
    }
    if (options.json && error instanceof DiagnosticError) printDiagnostics(error.diagnostics);
    throw error;
  }
}

function tellNoErrors(name: string, warnings: readonly Diagnostic[], { json }: Options): void {
  if (json) printDiagnostics(warnings);
  else {
    reportDiagnostics(warnings);
    process.stdout.write(`${name}: no errors\n`);
  }
}

const targetsOf = (program: Program): readonly Target[] => targets.filter((target) => takes(target, program));

const refusals = (program: Program, asked: readonly Target[]): readonly Diagnostic[] =>
  asked.flatMap((target) => compile(program, target).diagnostics);

const printDiagnostics = (diagnostics: readonly Diagnostic[]): void => printJson({ diagnostics });
