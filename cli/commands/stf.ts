/** `p4ts stf`: tests in p4c's language of tests. */
import type { Command } from 'commander';
import pc from 'picocolors';
import { DiagnosticError, renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { readStf, runStf, type StfFailure, type StfReport } from '../../runtime/stf/index.js';
import { defineOption, fileArgument, includeOption, jsonOption, pipelineOption, type SourceOptions } from '../arguments.js';
import { loadPipeline } from '../load.js';
import { progressOf } from '../progress.js';
import { colourOnStdout, printJson, reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .description(
      'Runs tests written in STF, the test language of p4c: each on a new switch, with the trace of the packet that a failure is about.',
    )
    .argument(...fileArgument)
    .argument('<tests...>', 'files of STF')
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .addOption(jsonOption('the results, traces included,'))
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts stf router.ts router.stf
  $ p4ts stf router.ts tests/*.stf --json | jq -r '.tests[] | select(.failures != []) | .file'

Statements, one a line:
  add routes hdr.ipv4.dst:0x0a000100/24 forward(port:2)   an entry; 0x0a** is a prefix, or a mask in ternary keys
  add acl 10 src:0x0a****** drop()                        with a priority: the higher one wins
  setdefault routes drop()
  packet 1 ffffffffffff 020000000011 0800                 arrives at port 1
  expect 2 ffffffffffff ************ 0800 $               leaves port 2: * is any digit, $ says that nothing follows
  no_packet                                               the packet before must be dropped
  check_counter ingress.drops(3) packets == 1
  mc_mgrp_create, mc_node_create, mirroring_add, register_write, meter_set_rates, … as BMv2's command line has them`,
    )
    .action(stf);
}

interface Result extends StfReport {
  readonly file: string;
}

async function stf(file: string, tests: readonly string[], options: Options): Promise<void> {
  const { handle, descriptor } = await loadPipeline(file, options);
  reportDiagnostics(descriptor.diagnostics);
  const results: Result[] = [];
  const progress = progressOf('stf', tests.length);
  for (const test of tests) {
    progress.at(results.length, test);
    const result = { file: test, ...(await run(handle, test)) };
    results.push(result);
    if (options.json) continue;
    progress.hide();
    process.stdout.write(render(result));
  }
  progress.hide();
  const failed = results.filter((result) => result.failures.length > 0).length;
  if (options.json) printJson({ tests: results });
  else if (tests.length > 1) process.stdout.write(`\n${tests.length - failed} of ${tests.length} tests passed\n`);
  if (failed > 0) process.exitCode = 1;
}

/** What cannot be read is a test that fails; the next one is run. */
async function run(pipeline: Parameters<typeof runStf>[0], file: string): Promise<StfReport> {
  try {
    return await runStf(pipeline, await readStf(file));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { packets: 0, expected: 0, failures: error.diagnostics.map((diagnostic) => ({ diagnostic })), shown: [] };
  }
}

const colours = pc.createColors(colourOnStdout);

function render({ file, packets, expected, failures, shown }: Result): string {
  const mark = failures.length === 0 ? colours.green('✓') : colours.red('✗');
  const counts = `${packets} ${packets === 1 ? 'packet' : 'packets'} sent, ${expected} expected`;
  const told =
    failures.length === 0 ? '' : `\n${indented(renderDiagnostics(failures.map((failure) => failure.diagnostic)))}\n${traces(failures)}`;
  return `${mark} ${file}  ${colours.dim(counts)}\n${shown.map((line) => `  ${line}\n`).join('')}${told}`;
}

/** Each trace once: several failures can be about one packet. */
function traces(failures: readonly StfFailure[]): string {
  const all = new Set(failures.flatMap(({ trace }) => trace ?? []));
  return [...all].map((trace) => `\n${indented(renderTrace(trace, { color: colourOnStdout }))}\n`).join('');
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
