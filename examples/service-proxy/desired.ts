/** What the manifests ask for, in the terms of the switch. */
import type { Ipv4Address, MacAddress } from 'p4ts';
import type { Cluster, EndpointSlice, Ipv4Prefix, Protocol, Service } from './manifests.js';

export interface Target {
  readonly address: Ipv4Address;
  readonly port: number;
}
/** A virtual address and port. */
export interface Frontend extends Target {
  /** `default/web:http` */
  readonly name: string;
  readonly protocol: Protocol;
  readonly sticky: boolean;
  /** Where new flows go. */
  readonly backends: readonly Target[];
}
export interface Route {
  readonly dst: Ipv4Prefix;
  readonly port: number;
  readonly mac: MacAddress;
}
export interface Desired {
  readonly frontends: readonly Frontend[];
  /** All that have flows, those included that get no new ones. */
  readonly backends: readonly Target[];
  readonly routes: readonly Route[];
  /** Virtual addresses: what is not for a port of theirs goes nowhere, least of all back to the uplink. */
  readonly addresses: readonly Ipv4Address[];
}

export const textOf = ({ address, port }: Target): string => `${address}:${port}`;

/** `uplink` is where everything goes that is on no node. */
export function desiredState({ services, slices, nodes }: Cluster, uplink: Omit<Route, 'dst'>): Desired {
  const frontends = new Map<string, Frontend>();
  const backends = new Map<string, Target>();
  for (const service of services) {
    for (const { name, protocol, port } of service.ports) {
      const { ready, draining } = targetsOf(service, name, protocol, slices);
      for (const target of [...ready, ...draining]) backends.set(textOf(target), target);
      for (const address of service.addresses) {
        frontends.set(`${protocol} ${address}:${port}`, {
          name: name === '' ? service.name : `${service.name}:${name}`,
          address,
          port,
          protocol,
          sticky: service.sticky,
          // Where all pods of a service end, they serve until they have ended, as with kube-proxy (KEP-1669).
          backends: ready.length > 0 ? ready : draining,
        });
      }
    }
  }
  const routes = [...nodes.map(({ pods, port, mac }) => ({ dst: pods, port, mac })), { dst: '0.0.0.0/0' as Ipv4Prefix, ...uplink }];
  const addresses = [...new Set(services.flatMap((service) => service.addresses))];
  return { frontends: [...frontends.values()], backends: [...backends.values()], routes, addresses };
}

/** The back ends of one port of a service: its slices call the port the same. */
function targetsOf(service: Service, name: string, protocol: Protocol, slices: readonly EndpointSlice[]) {
  const ready = new Map<string, Target>();
  const draining = new Map<string, Target>();
  for (const slice of slices.filter((s) => s.service === service.name)) {
    for (const { port } of slice.ports.filter((p) => p.name === name && p.protocol === protocol)) {
      for (const { address, state } of slice.endpoints) {
        const target = { address, port };
        (state === 'ready' ? ready : draining).set(textOf(target), target);
      }
    }
  }
  // For a while a pod can be in two slices; the one that has it ready is right.
  for (const key of ready.keys()) draining.delete(key);
  return { ready: [...ready.values()], draining: [...draining.values()] };
}
