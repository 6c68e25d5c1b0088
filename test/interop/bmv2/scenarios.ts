/** All scenarios: what the files of the folder `scenarios` export. */
import { readdirSync } from 'node:fs';
import type { Scenario } from './scenario.js';

const folder = new URL('./scenarios/', import.meta.url);

export async function loadScenarios(): Promise<readonly Scenario[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<Record<string, Scenario>>));
  return modules.flatMap((module) => Object.values(module));
}
