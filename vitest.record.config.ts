import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run record`: asks p4c-bm2-ss and simple_switch_grpc, and writes test/recordings. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/support/record.ts', 'test/interop/**/record.ts', 'test/frontend/cpp/record.ts'] },
});
