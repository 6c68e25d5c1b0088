/** This copy of p4ts. */
import { existsSync, readFileSync } from 'node:fs';

export interface OwnPackage {
  readonly name: string;
  readonly version: string;
}

/** The package.json above the sources, or above dist. */
export function ownPackage(): OwnPackage {
  const places = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url));
  return JSON.parse(readFileSync(places.find((place) => existsSync(place)) as URL, 'utf8')) as OwnPackage;
}
