/** `p4ts entries`: what a file says and what a running switch has. */
import { type Command, Option } from 'commander';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import { formatDifference } from '../../runtime/client/difference.js';
import { P4RuntimeError } from '../../runtime/client/errors.js';
import type { EntityScope } from '../../runtime/client/reconcile.js';
import type { DumpFormat } from '../../runtime/entries/dump.js';
import { readEntityFile } from '../../runtime/entries/entities.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { jsonOption, type SwitchOptions, switchOptions } from '../arguments.js';
import { reportOf } from '../difference-json.js';
import { openSwitch } from '../open-switch.js';
import { differencePaint, printJson } from '../report.js';

interface ApplyOptions extends SwitchOptions {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly table?: readonly string[];
}

interface DumpOptions extends SwitchOptions {
  readonly format: DumpFormat;
  readonly table?: readonly string[];
}

export function define(command: Command): void {
  command
    .description(
      "Compares a file of entries with what a running P4Runtime switch has, and changes the switch. Files are in p4ts's text language, JSON, YAML, or as the p4lang tutorials' sX-runtime.json.",
    )
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts entries dump --grpc 127.0.0.1:9559 --format yaml > s1.yaml
  $ p4ts entries diff s1.yaml --grpc 127.0.0.1:9559
  $ p4ts entries apply s1-runtime.json --grpc 127.0.0.1:50051
  $ p4ts entries apply s1.yaml --replace --table ingress.routes
  $ p4ts entries apply s1.yaml --json | jq -r '.changes[] | select(.refused) | .place.line'

With --json, apply and diff print {"changes": [{"kind", "entity", "before", "place", "refused"}], "unchanged"}: "place" is where
the file has it, "refused" why the switch does not. Where the switch refuses everything there is "error" instead, and where
the file or the command line is wrong, {"diagnostics"}.`,
    );
  const table = (): Option => new Option('--table <name...>', 'only these tables, with their profiles');
  const apply = command
    .command('apply')
    .summary('write the entries of the file to the switch')
    .description('Inserts and modifies the entries that differ. With --replace, it also deletes the entries that are not in the file.')
    .argument('<entries>', 'the file')
    .option('--replace', 'delete the entries that are not in the file')
    .option('--dry-run', 'only print the difference')
    .addOption(jsonOption('what was changed and what was refused,'))
    .addOption(table())
    .action((file: string, options: ApplyOptions) => run(file, options));
  const diff = command
    .command('diff')
    .summary('print the difference between the file and the switch')
    .description('Prints what apply --replace would change. The exit status is 1 if there is a difference.')
    .argument('<entries>', 'the file')
    .addOption(jsonOption('what differs,'))
    .addOption(table())
    .action((file: string, options: ApplyOptions) => run(file, { ...options, replace: true, dryRun: true }, true));
  const dump = command
    .command('dump')
    .summary('print the entries of the switch')
    .description(
      'Prints the entries, profiles, multicast groups, clone sessions, meters and value sets of the switch, to be applied again.',
    )
    .addOption(new Option('--format <format>', 'format of the output').choices(['text', 'json', 'yaml']).default('text'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addOption(table())
    .action(runDump);
  for (const sub of [apply, diff, dump]) for (const option of switchOptions()) sub.addOption(option);
}

async function run(file: string, options: ApplyOptions, tellsByStatus = false): Promise<void> {
  try {
    await compareAndWrite(file, options, tellsByStatus);
  } catch (error) {
    if (options.json && error instanceof DiagnosticError) printJson({ diagnostics: error.diagnostics });
    throw error;
  }
}

async function compareAndWrite(file: string, options: ApplyOptions, tellsByStatus: boolean): Promise<void> {
  const sw = await openSwitch(options, !options.dryRun);
  try {
    const read = await readEntityFile(sw.schema, file);
    const desired = read.map((e) => e.entity);
    const difference = await sw.compare(desired, scopeOf(sw, options.table), options.replace ?? false);
    if (tellsByStatus && difference.changes.length > 0) process.exitCode = 1;
    if (!options.json) process.stdout.write(`${formatDifference(difference, differencePaint)}\n`);
    try {
      if (!options.dryRun) await sw.carryOut(difference);
      if (options.json) printJson(reportOf(difference, read));
    } catch (error) {
      if (options.json && error instanceof P4RuntimeError) printJson(reportOf(difference, read, error));
      throw error;
    }
  } finally {
    await sw.close();
  }
}

async function runDump(options: DumpOptions): Promise<void> {
  const sw = await openSwitch(options, false);
  try {
    const entities: Entity[] = [];
    for await (const entity of sw.entities(scopeOf(sw, options.table))) entities.push(entity);
    if (!options.table) entities.push(...(await sw.settings()));
    const { dumpEntities } = await import('../../runtime/entries/dump.js');
    process.stdout.write(dumpEntities(entities, sw.schema, options.format));
  } finally {
    await sw.close();
  }
}

const scopeOf = (sw: AnySwitch, tables: readonly string[] | undefined): EntityScope =>
  tables ? { tables: new Set(tables.map((name) => sw.schema.tables.find(name).id)) } : {};
