/** Puts the hooks of hooks.ts in place. */
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ownFolder } from '../compiler/support/node.js';
import type { HookData } from './hooks.js';

/** Lets `import` load users' TypeScript from now on, with the places of its lines kept in stacks. */
export function registerHooks(entry?: string): void {
  const data: HookData = { entry: entry === undefined ? undefined : pathToFileURL(entry).href };
  register(new URL('cli/hooks.js', ownFolder), { data });
  process.setSourceMapsEnabled(true);
}
