import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run record`: writes the goldens of test/cases, and asks p4c-bm2-ss, simple_switch_grpc and cpp, whose answers are in test/recordings. */
export default defineConfig({
  ...base,
  test: { ...base.test, update: true, include: ['test/cases/**/*.test.ts', 'test/interop/**/record.ts', 'test/frontend/cpp/record.ts'] },
});
