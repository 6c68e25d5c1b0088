/** The log of `p4ts switch` on stderr: text for people on a terminal, a JSON object a line for machines. */
import pc from 'picocolors';
import { type Logger, pino } from 'pino';
import { colourOnStderr, toStderr } from './report.js';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export function createLog(level: LogLevel): Logger {
  const options = {
    base: null,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (name: string) => ({ level: name }) },
  };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(options, { write: (line: string) => toStderr(logText(line, colourOnStderr)) });
}

/** `12:34:56.789 info  call  method=Write code=OK`, of a line of the log in JSON. Times are UTC. */
export function logText(line: string, colour: boolean): string {
  const { level, time, msg, ...about } = JSON.parse(line) as { level: string; time: string; msg: string };
  const colours = pc.createColors(colour);
  const paint = { error: colours.red, warn: colours.yellow }[level] ?? colours.cyan;
  const fields = Object.entries(about).map(([name, value]) => {
    const text = String(value);
    return `${colours.dim(`${name}=`)}${/[\s"]/.test(text) ? JSON.stringify(text) : text}`;
  });
  return [`${colours.dim(time.slice(11, 23))} ${paint(level.padEnd(5))} ${msg}`, ...fields].join('  ');
}
