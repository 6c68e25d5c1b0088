/** The targets that pipelines are compiled for. */
import { Option } from 'commander';
import { fail } from '../compiler/support/diagnostics.js';
import { didYouMean } from '../compiler/support/messages/message.js';
import { nearest } from '../compiler/support/suggest.js';
import type { Target } from '../compiler/target.js';
import { bmv2 } from '../targets/bmv2/node.js';

export const targets: readonly Target[] = [bmv2];

const names = targets.map((target) => target.name);

export const targetOption = (what: string): Option => new Option('-t, --target <name>', `${what}: one of ${names.join(', ')}`);

export function findTarget(name: string): Target {
  const target = targets.find((t) => t.name === name);
  return target ?? fail('unknown-target', { name, known: names.join(', '), suggestion: didYouMean(nearest(name, names)) });
}
