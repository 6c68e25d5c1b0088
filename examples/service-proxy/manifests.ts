/**
 * Reads Kubernetes manifests: Services (core/v1), EndpointSlices (discovery.k8s.io/v1) and Nodes (core/v1), alone, many to
 * a file, or in a List as kubectl prints it. Other kinds are passed over, and so is what is not IPv4.
 */
import type { Ipv4Address, MacAddress } from 'p4ts';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { ManifestError, type Mistake, Reader } from './reader.js';

export { ManifestError } from './reader.js';

export type Ipv4Prefix = `${Ipv4Address}/${number}`;
export type Protocol = 'TCP' | 'UDP';

export interface Port {
  /** Empty where there is only one. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
}
export interface Service {
  /** With its namespace: `default/web`. */
  readonly name: string;
  /** Cluster, external and load balancer addresses; none for a headless service. */
  readonly addresses: readonly Ipv4Address[];
  readonly ports: readonly Port[];
  /** `sessionAffinity: ClientIP`. */
  readonly sticky: boolean;
}
export interface Endpoint {
  readonly address: Ipv4Address;
  /** New flows go to it; one that drains keeps those that it has. */
  readonly state: 'ready' | 'draining';
}
export interface EndpointSlice {
  /** The service that it belongs to, with its namespace. */
  readonly service: string;
  readonly ports: readonly Port[];
  readonly endpoints: readonly Endpoint[];
}
/** A node of the cluster, and where the switch reaches it, by its annotations. */
export interface Node {
  readonly name: string;
  readonly pods: Ipv4Prefix;
  readonly port: number;
  readonly mac: MacAddress;
}
export interface Cluster {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
}
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** Annotations of a Node: the port of the switch that it is attached to, and its MAC address. */
export const annotations = { port: 'p4ts.example/switch-port', mac: 'p4ts.example/mac' } as const;

/** @throws ManifestError with every mistake in the files */
export function parseManifests(files: readonly ManifestFile[]): Cluster {
  const mistakes: Mistake[] = [];
  const cluster = { services: [] as Service[], slices: [] as EndpointSlice[], nodes: [] as Node[] };
  for (const { name, text } of files) {
    const lines = new LineCounter();
    for (const document of parseAllDocuments(text, { lineCounter: lines })) {
      const wrong = (error: Error, line = 1) => mistakes.push({ file: name, line, message: error.message.split('\n')[0] ?? '' });
      for (const error of document.errors) wrong(error, error.linePos?.[0].line);
      if (document.errors.length > 0 || document.contents === null) continue;
      const value = contentsOf(document);
      if (value instanceof ReferenceError) {
        wrong(value);
        continue;
      }
      const manifest = new Reader({ file: name, document, lines, mistakes }, value);
      const all = manifest.at('kind').value === 'List' ? manifest.at('items').items() : [manifest];
      for (const one of all) readManifest(one, cluster);
    }
  }
  if (mistakes.length > 0) throw new ManifestError(mistakes);
  return cluster;
}

/** A ReferenceError for aliases of aliases that would grow too large. */
function contentsOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function readManifest(manifest: Reader, cluster: { services: Service[]; slices: EndpointSlice[]; nodes: Node[] }): void {
  switch (manifest.at('kind').text()) {
    case 'Service':
      cluster.services.push(readService(manifest));
      break;
    case 'EndpointSlice':
      if (manifest.at('addressType').text() === 'IPv4') cluster.slices.push(readSlice(manifest));
      break;
    case 'Node':
      cluster.nodes.push(readNode(manifest));
      break;
  }
}

const namespaceOf = (manifest: Reader) => manifest.at('metadata', 'namespace').text('default');

function readService(manifest: Reader): Service {
  const spec = manifest.at('spec');
  const addresses = [
    ...(spec.at('clusterIPs').value === undefined ? [spec.at('clusterIP')] : spec.at('clusterIPs').items()),
    ...spec.at('externalIPs').items(),
    ...manifest
      .at('status', 'loadBalancer', 'ingress')
      .items()
      .map((ingress) => ingress.at('ip')),
  ];
  return {
    name: `${namespaceOf(manifest)}/${manifest.at('metadata', 'name').text()}`,
    addresses: [...new Set(addresses.flatMap((address) => ipv4(address)))],
    ports: spec.at('ports').items().map(readPort),
    sticky: spec.at('sessionAffinity').oneOf(['None', 'ClientIP'], 'None') === 'ClientIP',
  };
}

/** None for `None`, for an address that is not given yet, and for IPv6. */
function ipv4(address: Reader): Ipv4Address[] {
  const text = address.text('None');
  return text === 'None' || text === '' || text.includes(':') ? [] : [address.ipv4()];
}

function readSlice(manifest: Reader): EndpointSlice {
  const endpoints = manifest
    .at('endpoints')
    .items()
    .flatMap((endpoint): Endpoint[] => {
      const condition = (name: string, otherwise: boolean) => endpoint.at('conditions', name).bool(otherwise);
      const ready = condition('ready', true);
      // A pod that ends still serves for a while; it is ready no longer.
      if (!ready && !condition('serving', ready)) return [];
      // KEP-1669: all addresses of an endpoint are the same pod; consumers take the first.
      return [{ address: endpoint.at('addresses', 0).ipv4(), state: ready ? 'ready' : 'draining' }];
    });
  return {
    service: `${namespaceOf(manifest)}/${manifest.at('metadata', 'labels', 'kubernetes.io/service-name').text()}`,
    ports: manifest.at('ports').items().map(readPort),
    endpoints,
  };
}

function readPort(port: Reader): Port {
  return {
    name: port.at('name').text(''),
    protocol: port.at('protocol').oneOf(['TCP', 'UDP'], 'TCP'),
    port: port.at('port').integer(1, 65535),
  };
}

function readNode(manifest: Reader): Node {
  const annotation = (name: string) => manifest.at('metadata', 'annotations', name);
  return {
    name: manifest.at('metadata', 'name').text(),
    pods: manifest.at('spec', 'podCIDR').ipv4Prefix(),
    port: annotation(annotations.port).integer(0, 511),
    mac: annotation(annotations.mac).mac(),
  };
}
