/** `p4ts shell`: a running switch, controlled by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type SwitchOptions, switchOptions } from '../arguments.js';
import { openSwitch } from '../open-switch.js';
import { complete } from '../shell/lines.js';
import { runLine } from '../shell/run.js';

const maxHistory = 1000;

export function define(command: Command): void {
  command
    .description('Controls a running P4Runtime switch by hand: its tables, actions and fields complete with the Tab key.')
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts shell --grpc 127.0.0.1:9559
  $ echo 'insert routes dst=10.0.0.0/8 -> forward(port=1)' | p4ts shell

In it, help lists what can be typed. Lines are remembered in ~/.p4ts_history, unless P4TS_HISTORY names another file.`,
    )
    .action(shell);
  for (const option of switchOptions()) command.addOption(option);
}

/** Where the file cannot be written, as in a container, the session goes on without. */
function remember(file: string, history: readonly string[]): void {
  try {
    writeFileSync(file, `${history.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

async function shell(options: SwitchOptions): Promise<void> {
  const sw = await openSwitch(options, false, true);
  const isTerminal = process.stdin.isTTY === true;
  const historyFile = process.env.P4TS_HISTORY ?? join(homedir(), '.p4ts_history');
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: isTerminal,
    prompt: isTerminal ? 'p4ts> ' : '',
    completer: (line: string) => complete(line, sw.catalog),
    history: isTerminal && existsSync(historyFile) ? readFileSync(historyFile, 'utf8').split('\n').filter(Boolean) : [],
    historySize: maxHistory,
    removeHistoryDuplicates: true,
  });
  lines.on('history', (history) => {
    if (isTerminal) remember(historyFile, history);
  });
  lines.on('SIGINT', () => {
    // As shells do: what was typed is forgotten.
    process.stdout.write('^C\n');
    lines.write(null, { ctrl: true, name: 'u' });
    lines.prompt();
  });
  if (isTerminal) {
    const { address, isPrimary } = sw.session;
    process.stdout.write(
      `${address}, ${sw.catalog.tables.length} tables${isPrimary ? '' : '; another controller is the primary'}\nhelp lists what can be typed\n`,
    );
  }
  try {
    lines.prompt();
    for await (const line of lines) {
      const output = await runLine(line, sw);
      if (output === 'quit') break;
      if (output !== '') process.stdout.write(`${output}\n`);
      lines.prompt();
    }
  } finally {
    lines.close();
    await sw.close();
  }
}
