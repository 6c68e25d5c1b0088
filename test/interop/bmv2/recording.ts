/** What BMv2 did in each scenario, as `npm run record` found out. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../../compiler/compile.js';
import { DiagnosticError } from '../../../compiler/support/diagnostics.js';
import { bmv2 } from '../../../targets/bmv2/node.js';
import { hash, irOf, type Outcome, type Plain, type StepOutcome } from './run.js';
import type { Scenario } from './scenario.js';

const folder = new URL('../../recordings/bmv2/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(`${name}.json`, folder));

interface Recording {
  /** A hash of the P4 text. */
  readonly p4: string;
  readonly writes: string;
  readonly steps: readonly StepOutcome[];
}

/** The steps, unless BMv2 was asked about another program, other entries or other packets than `ours`. */
export function recordedSteps(scenario: Scenario, ours: Outcome): readonly StepOutcome[] {
  const { name } = scenario;
  const advice = 'run "npm run record" where p4c-bm2-ss and simple_switch_grpc are installed';
  if (!existsSync(path(name))) throw new Error(`there is no recording of ${name}: ${advice}`);
  const recorded = JSON.parse(readFileSync(path(name), 'utf8')) as Recording;
  const stale =
    recorded.p4 !== p4Hash(scenario)
      ? 'another program'
      : recorded.writes !== ours.writes
        ? 'other entries'
        : JSON.stringify(recorded.steps.map((s) => s.step)) !== JSON.stringify(ours.steps.map((s) => s.step))
          ? 'other packets'
          : undefined;
  if (stale) throw new Error(`the recording of ${name} is stale, it is of ${stale}: ${advice}`);
  return recorded.steps;
}

/** One line for each step. */
export function writeRecording(scenario: Scenario, { writes, steps }: Outcome): void {
  mkdirSync(folder, { recursive: true });
  const lines = steps.map((step) => JSON.stringify(step)).join(',\n');
  writeFileSync(path(scenario.name), `{"p4":"${p4Hash(scenario)}","writes":"${writes}","steps":[\n${lines}\n]}\n`);
}

function p4Hash(scenario: Scenario): Plain {
  const { compiled, diagnostics } = compile(irOf(scenario), bmv2);
  const p4 = compiled?.files.find((file) => file.suffix === '.p4')?.contents;
  if (typeof p4 !== 'string') throw new DiagnosticError([...diagnostics]);
  return hash(p4);
}
