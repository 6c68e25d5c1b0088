/** `p4ts shell`: a running switch, controlled by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import type { SwitchEvent } from '../../runtime/client/session-events.js';
import { type SwitchOptions, switchOptions } from '../arguments.js';
import { openSwitch } from '../open-switch.js';
import { toStderr, toStdout } from '../report.js';
import { complete } from '../shell/complete.js';
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
  $ p4ts shell < setup.txt               # status 1 when a line failed; stderr says which and why

In it:
  help                                                        what can be typed; help meter: how a command is written
  show routes                                                 the entries of a table
  insert routes dst=10.0.0.0/8 -> forward(port=1)             a new entry
  counter drops 3                                             a cell of a counter
  meter rates 7: cir=125000 cburst=1500 pir=250000 pburst=3000
  packet-out egressPort=1 ffffffffffff 020000000001 0806      a packet with its metadata
  packet-ins                                                  packets to the controller, until Ctrl-C

Of lines that are not typed at a terminal, those that fail are told on stderr with their number, and the rest are carried out.
Lines are remembered in ~/.p4ts_history, unless P4TS_HISTORY names another file.`,
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

/** What happens between lines; `tell` says it. */
async function follow(sw: AnySwitch, tell: (text: string) => void): Promise<void> {
  for await (const event of sw.session.events()) {
    // The switch may have come back with another pipeline: names are completed from that pipeline. Why it fails, the next line says.
    if (event.kind === 'reconnected') await sw.refresh().catch(() => undefined);
    const text = noticeOf(event);
    if (text !== undefined) tell(text);
  }
}

function noticeOf(event: SwitchEvent): string | undefined {
  switch (event.kind) {
    case 'port':
      return `port ${event.port} is ${event.up ? 'up' : 'down'}`;
    case 'primary':
      return 'this controller is the primary';
    case 'backup':
      return event.hasPrimary ? 'another controller is the primary' : 'there is no primary';
    case 'disconnected':
      return 'the switch is away; it is looked for';
    case 'reconnected':
      return 'the switch is there again';
    case 'refused':
      return event.reason instanceof Error ? event.reason.message : String(event.reason);
    default:
      return undefined;
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
    completer: (line: string) => complete(line, sw.schema),
    history: isTerminal && existsSync(historyFile) ? readFileSync(historyFile, 'utf8').split('\n').filter(Boolean) : [],
    historySize: maxHistory,
    removeHistoryDuplicates: true,
  });
  lines.on('history', (history) => {
    if (isTerminal) remember(historyFile, history);
  });
  let running: AbortController | undefined;
  void follow(sw, (text) => {
    if (!isTerminal) return;
    // In place of the prompt, which is drawn again with what was typed.
    process.stdout.write(`\r\u001b[K${text}\n`);
    if (!running) lines.prompt(true);
  });
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
    const { size } = sw.schema.tables;
    process.stdout.write(
      `${address}, ${size} ${size === 1 ? 'table' : 'tables'}${isPrimary ? '' : '; another controller is the primary'}\nhelp lists what can be typed\n`,
    );
  }
  let lineNumber = 0;
  try {
    lines.prompt();
    for await (const line of lines) {
      if (/^\s*(quit|exit)\s*$/.test(line)) break;
      running = new AbortController();
      lineNumber++;
      for await (const { text, isError } of runLine(line, sw, running.signal)) {
        if (isTerminal || !isError) await print(`${text}\n`);
        else {
          toStderr(`line ${lineNumber}: ${text}`);
          process.exitCode = 1;
        }
      }
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
