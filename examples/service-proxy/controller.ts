/**
 * The controller of the service proxy: reads Kubernetes manifests, and makes the switch do what they say. It keeps
 * nothing between two runs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IpProtocol } from 'p4ts/headers';
import type { CounterValue } from 'p4ts/runtime';
import { desiredState, type Route } from './desired.js';
import { type ManifestFile, parseManifests } from './manifests.js';
import { dropReasons, serviceProxy } from './pipeline.js';
import { type Change, plan, type ServiceProxy } from './reconcile.js';

/** The manifests in a folder: its .yaml and .yml files, in alphabetical order. */
export function readManifests(folder: string): ManifestFile[] {
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return files.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/**
 * Writes what differs from the manifests, and returns it. `uplink` is where packets go that are for no node.
 *
 * @throws ManifestError when something is wrong with the manifests; then nothing is written
 */
export async function reconcile(sw: ServiceProxy, files: readonly ManifestFile[], uplink: Omit<Route, 'dst'>): Promise<readonly Change[]> {
  const { changes, apply } = await plan(sw, desiredState(parseManifests(files), uplink));
  await apply();
  return changes;
}

export interface Counters {
  readonly frontends: readonly ({ readonly address: string; readonly protocol: 'TCP' | 'UDP'; readonly port: number } & CounterValue)[];
  readonly drops: readonly ({ readonly reason: string } & CounterValue)[];
}

/** Packets and bytes to each virtual address and port, and those dropped. */
export async function counters(sw: ServiceProxy): Promise<Counters> {
  const frontends: Counters['frontends'][number][] = [];
  for await (const { match, counter } of sw.table(serviceProxy.ingress.frontends).entries()) {
    const { address, port, protocol } = match;
    if (counter) frontends.push({ address, port, protocol: protocol === IpProtocol.tcp ? 'TCP' : 'UDP', ...counter });
  }
  const cells = await sw.counter(serviceProxy.ingress.drops).read();
  return { frontends, drops: cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell })) };
}
