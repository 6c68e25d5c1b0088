/** Values of options, checked while the command line is read: a wrong one is wrong usage. */
import { InvalidArgumentError, Option } from 'commander';
import { defaultAddress } from '../runtime/grpc/serve.js';

/** A whole number, in decimal or as 0x…. */
export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
    return value;
  };

/** Of the embedded switch. */
const cpuPortNumber = wholeNumber(0, 510);

/** Which pipeline a file is to give, and for P4 how it is read. */
export interface SourceOptions {
  readonly pipeline?: string;
  readonly include?: readonly string[];
  readonly define?: Readonly<Record<string, string>>;
}

export const pipelineOption = (): Option => new Option('--pipeline <name>', 'name of the pipeline, if the file exports several');
export const includeOption = (): Option =>
  new Option('-I, --include <dir>', 'for P4: folder of included files; can be repeated').argParser(
    (dir: string, before: readonly string[] = []) => [...before, dir],
  );
export const defineOption = (): Option =>
  new Option('-D, --define <name[=text]>', 'for P4: define a macro; can be repeated').argParser(
    (given: string, before: Readonly<Record<string, string>> = {}) => {
      const [, name, text = '1'] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(given) ?? [];
      if (name === undefined) throw new InvalidArgumentError('Give NAME or NAME=TEXT.');
      return { ...before, [name]: text };
    },
  );
export const cpuPortOption = (): Option =>
  new Option('--cpu-port <n>', 'CPU port: the port to and from the controller').default(510).argParser(cpuPortNumber);
export const entriesOption = (): Option =>
  new Option('--entries <file>', 'file of entries to install before the first packet: text, .json or .yaml');
export const portOption = (): Option =>
  new Option('--port <n>', 'port at which the packets arrive').default(1).argParser(wholeNumber(0, 0xffff_ffff));
export const jsonOption = (what: string): Option => new Option('--json', `${what} as JSON on stdout`);
export const fileArgument = [
  '<file>',
  'the pipeline: a .ts, .mts, .js or .mjs file that exports it, or a program in P4, by any other name',
] as const;

/** What is needed to reach a switch that runs already. */
export interface SwitchOptions {
  readonly grpc: string;
  readonly deviceId: number;
  readonly electionId?: string;
  readonly role?: string;
  readonly takeOver?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly tls?: boolean;
  readonly serverName?: string;
}

const electionNumber = (text: string): string => {
  if (!/^[1-9]\d{0,38}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return text;
};

export const switchOptions = (): readonly Option[] => [
  new Option('--grpc <host:port>', 'address of the P4Runtime switch').default(defaultAddress),
  new Option('--device-id <n>', 'P4Runtime device id of the switch').default(1).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
  new Option('--election-id <n>', 'election id: the controller with the highest one writes (default: a free one)').argParser(
    electionNumber,
  ),
  new Option('--role <name>', 'P4Runtime role of this controller (default: the role that can write everything)'),
  new Option('--take-over', 'become the primary with an election id above that of the present primary'),
  new Option('--tls', 'use TLS; without --ca, trust the certificate authorities that Node.js trusts'),
  new Option('--ca <file>', "PEM file of the certificate authority that signed the switch's certificate"),
  new Option('--cert <file>', "PEM file of this controller's certificate, for mutual TLS; needs --key"),
  new Option('--key <file>', 'PEM file of the private key of --cert'),
  new Option('--server-name <name>', "name in the switch's certificate, if it differs from the host of --grpc"),
];
