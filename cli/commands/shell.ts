/** `p4ts shell`: a running switch, controlled by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import { type SwitchOptions, switchOptions } from '../arguments.js';
import { openSwitch } from '../open-switch.js';
import { toStdout } from '../report.js';
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
  $ p4ts shell --grpc 192.0.2.1:9559 --ca authority.pem --server-name leaf1
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

/** The switch may have come back with another pipeline: names are completed from that pipeline. */
async function followPipeline(sw: AnySwitch): Promise<void> {
  for await (const { kind } of sw.session.events()) {
    // Why it fails, the next line says.
    if (kind === 'reconnected') await sw.refresh().catch(() => undefined);
  }
}

async function shell(options: SwitchOptions): Promise<void> {
  const sw = await openSwitch(options, false, true);
  void followPipeline(sw);
  const isTerminal = process.stdin.isTTY === true;
  const historyFile = process.env.P4TS_HISTORY ?? join(homedir(), '.p4ts_history');
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: isTerminal,
    prompt: isTerminal ? 'p4ts> ' : '',
    completer: (line: string) => complete(line, sw.schema),
    history: isTerminal && existsSync(historyFile) ? readFileSync(historyFile, 'utf8').split('\n').filter(Boolean) : [],
    historySize: maxHistory,
    removeHistoryDuplicates: true,
  });
  lines.on('history', (history) => {
    if (isTerminal) remember(historyFile, history);
  });
  let running: AbortController | undefined;
  lines.on('SIGINT', () => {
    process.stdout.write('^C\n');
    if (running) {
      running.abort();
      return;
    }
    // As shells do: what was typed is forgotten, on both sides of the cursor.
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    lines.prompt();
  });
  if (isTerminal) {
    const { address, isPrimary } = sw.session;
    process.stdout.write(
      `${address}, ${sw.schema.tables.size} tables${isPrimary ? '' : '; another controller is the primary'}\nhelp lists what can be typed\n`,
    );
  }
  try {
    lines.prompt();
    for await (const line of lines) {
      if (/^\s*(quit|exit)\s*$/.test(line)) break;
      running = new AbortController();
      for await (const text of runLine(line, sw, running.signal)) await print(`${text}\n`);
      running = undefined;
      lines.prompt();
    }
  } finally {
    lines.close();
    await sw.close();
  }
}

const turnMs = 10;
let turned = 0;

/** Waits for whoever reads it; a terminal takes all at once, and what is typed meanwhile has to be heard. */
async function print(text: string): Promise<void> {
  await toStdout(text);
  if (performance.now() - turned < turnMs) return;
  await setImmediate();
  turned = performance.now();
}
