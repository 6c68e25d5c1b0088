/**
 * What p4c said of the P4 that p4ts wrote. `npm run record` asks p4c-bm2-ss and keeps the answers in test/recordings,
 * beside the P4 itself; the tests compare with them everywhere.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Program } from '../../compiler/ir/index.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { completeP4Info } from '../../compiler/p4info/read.js';
import type { P4cOutput } from '../../targets/bmv2/node.js';

export interface Recording {
  /** The text that p4c compiled without an error. */
  readonly p4: string;
  readonly warnings: readonly string[];
  readonly p4info: P4Info;
  readonly p4infoText: string;
}

const path = (name: string, suffix: string): string => fileURLToPath(new URL(`../recordings/${name}${suffix}`, import.meta.url));

export function readRecording(name: string): Recording {
  if (!existsSync(path(name, '.p4')))
    throw new Error(`there is no recording of ${name}: run "npm run record" where p4c-bm2-ss is installed`);
  const { warnings, p4info } = JSON.parse(readFileSync(path(name, '.json'), 'utf8')) as { warnings: string[]; p4info: object };
  return {
    p4: readFileSync(path(name, '.p4'), 'utf8'),
    warnings,
    p4info: completeP4Info(p4info),
    p4infoText: readFileSync(path(name, '.p4info.txtpb'), 'utf8'),
  };
}

export function writeRecording(name: string, p4: string, { warnings, p4info, p4infoText }: P4cOutput): void {
  mkdirSync(fileURLToPath(new URL('../recordings', import.meta.url)), { recursive: true });
  writeFileSync(path(name, '.p4'), p4);
  writeFileSync(path(name, '.p4info.txtpb'), p4infoText);
  writeFileSync(path(name, '.json'), `${JSON.stringify({ warnings, p4info }, bytesAsBase64, 2)}\n`);
}

/** protobuf's JSON writes bytes in base64. */
function bytesAsBase64(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}

/** The program without the user's comments: they are documentation in our P4Info, and p4c knows nothing of them. */
export function withoutComments(program: Program): Program {
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(strip);
    return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (key === 'doc' ? [] : [[key, strip(inner)]])));
  };
  return strip(program) as Program;
}
