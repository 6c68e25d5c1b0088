/**
 * The interpreter does what BMv2 does. Everywhere it is compared with recordings of BMv2; with P4TS_LIVE=1, which needs
 * p4c-bm2-ss and simple_switch_grpc, with BMv2 itself.
 */
import { describe, expect, test } from 'vitest';
import { startBmv2 } from './bmv2.js';
import type { Device } from './device.js';
import { startEmbedded } from './embedded.js';
import { recordedSteps } from './recording.js';
import { type Outcome, run, type StepOutcome } from './run.js';
import type { Scenario } from './scenario.js';
import { loadScenarios } from './scenarios.js';

const live = process.env.P4TS_LIVE === '1';

describe.each((await loadScenarios()).map((s) => [s.name, s] as const))('%s', (_, scenario) => {
  test('as BMv2 was recorded', async () => {
    const ours = await runOn(startEmbedded(), scenario);
    compare(scenario, ours, recordedSteps(scenario, ours));
  });

  test.runIf(live)('as BMv2 does now', async () => {
    compare(scenario, await runOn(startEmbedded(), scenario), (await runOn(await startBmv2(), scenario)).steps);
  });
});

async function runOn(device: Device, scenario: Scenario): Promise<Outcome> {
  try {
    return await run(scenario, device);
  } finally {
    await device.close();
  }
}

function compare(scenario: Scenario, ours: Outcome, theirs: readonly StepOutcome[]): void {
  for (const [index, { differs }] of scenario.steps.entries()) {
    const about = `step ${index + 1}${differs ? `, where BMv2 should differ: ${differs}` : ''}\n${ours.traces[index] ?? ''}`;
    if (differs) expect(ours.steps[index], about).not.toEqual(theirs[index]);
    else expect(ours.steps[index], about).toEqual(theirs[index]);
  }
}
