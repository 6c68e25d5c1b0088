/** `p4ts check`: diagnostics only. */
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { validate } from '../../compiler/passes/index.js';
import { type Diagnostic, DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Code } from '../../compiler/support/messages.js';
import { defineOption, fileArgument, includeOption, jsonOption, pipelineOption, type SourceOptions } from '../arguments.js';
import { loadPipeline } from '../load.js';
import { printJson, reportDiagnostics } from '../report.js';

/** What is right in P4 and does not run. */
const notRun: ReadonlySet<Code> = new Set<Code>(['p4-architecture', 'not-yet']);

interface Options extends SourceOptions {
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .description(
      'Records and validates a pipeline, or parses and checks a program in P4, and says what is wrong with it. Nothing is written.',
    )
    .argument(...fileArgument)
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

tsc finds what types can tell: a width mismatch, an unknown state, a wrong action. This finds the rest.`,
    )
    .action(check);
}

async function check(file: string, options: Options): Promise<void> {
  try {
    const { descriptor } = await loadPipeline(file, options);
    const diagnostics = new Diagnostics();
    diagnostics.add(...descriptor.diagnostics);
    if (!diagnostics.hasErrors) diagnostics.add(...validate(descriptor.ir));
    diagnostics.throwIfErrors();
    if (options.json) printDiagnostics(diagnostics.list);
    else {
      reportDiagnostics(diagnostics.list);
      process.stdout.write(`${descriptor.ir.name}: no errors\n`);
    }
  } catch (error) {
    // What p4ts does not run, it can still check.
    if (
      error instanceof DiagnosticError &&
      extname(file) === '.p4' &&
      error.diagnostics.every((d) => d.severity === 'warning' || notRun.has(d.code))
    ) {
      const found = error.diagnostics.map((d) => ({ ...d, severity: 'warning' as const }));
      if (options.json) printDiagnostics(found);
      else {
        reportDiagnostics(found);
        process.stdout.write(`${basename(file)}: no errors\n`);
      }
      return;
    }
    if (options.json && error instanceof DiagnosticError) printDiagnostics(error.diagnostics);
    throw error;
  }
}

const printDiagnostics = (diagnostics: readonly Diagnostic[]): void => printJson({ diagnostics });
