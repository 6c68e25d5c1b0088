/** Run by `npm run record`: writes what simple_switch_grpc does in each scenario, and what it says to our client. */
import { test } from 'vitest';
import { startBmv2 } from './bmv2.js';
import { conversations } from './conversations.js';
import { live } from './place.js';
import { writeRecording } from './recording.js';
import { run } from './run.js';
import { loadScenarios } from './scenarios.js';

test.each((await loadScenarios()).map((s) => [s.name, s] as const))('BMv2: %s', async (_, scenario) => {
  const device = await startBmv2();
  try {
    writeRecording(scenario, await run(scenario, device));
  } finally {
    await device.close();
  }
});

test.each(conversations.map((c) => [c.name, c] as const))('the client and BMv2: %s', (_, conversation) => live(conversation, true));
