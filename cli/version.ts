/** This copy of p4ts. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownFolder } from '../compiler/support/node.js';

export interface OwnPackage {
  readonly name: string;
  readonly version: string;
}

/** The package.json beside the sources, or above dist. */
export function ownPackagePath(): string {
  const places = ['package.json', '../package.json'].map((path) => fileURLToPath(new URL(path, ownFolder)));
  return places.find((place) => existsSync(place)) as string;
}

export const ownPackage = (): OwnPackage => JSON.parse(readFileSync(ownPackagePath(), 'utf8')) as OwnPackage;
