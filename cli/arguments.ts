/** Values of options, checked while the command line is read: a wrong one is wrong usage. */
import { InvalidArgumentError, Option } from 'commander';

/** A whole number, in decimal or as 0x…. */
export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
    return value;
  };

/** Ports have 9 bits, and 511 means drop. */
const portNumber = wholeNumber(0, 510);

export const pipelineOption = (): Option => new Option('--pipeline <name>', 'which pipeline, where the file exports several');
export const cpuPortOption = (): Option =>
  new Option('--cpu-port <n>', 'port to and from the controller').default(510).argParser(portNumber);
export const entriesOption = (): Option => new Option('--entries <file>', 'table entries to install first, as text');
export const portOption = (): Option => new Option('--port <n>', 'port at which the packets arrive').default(1).argParser(portNumber);
export const jsonOption = (what: string): Option => new Option('--json', `${what} as JSON on stdout`);
export const fileArgument = ['<file>', 'the pipeline: a .ts, .mts, .js or .mjs file that exports it'] as const;
