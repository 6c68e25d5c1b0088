/**
 * Makes the tables of a switch what they should be, with as few writes as possible. What is there is read from the
 * switch, so that a controller that starts anew goes on where the last one stopped.
 */
import { isDeepStrictEqual } from 'node:util';
import type { EntryKey } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import type { EntryRead, Switch, TableHandle } from 'p4ts/runtime';
import { shareOut } from './buckets.js';
import { type Desired, type Frontend, type Target, textOf } from './desired.js';
import { buckets, serviceProxy } from './pipeline.js';

const { balance, stick, choose, translate, via, noService, ...tables } = serviceProxy.ingress;
const protocols = { TCP: IpProtocol.tcp, UDP: IpProtocol.udp } as const;

export type ServiceProxy = Switch<typeof serviceProxy>;

/** One entry that is written. */
export interface Change {
  readonly kind: 'insert' | 'modify' | 'delete';
  readonly table: 'routes' | 'backends' | 'addresses' | 'buckets' | 'frontends';
  /** For people: `default/web:http, bucket 3 → 10.1.1.5:8080`. */
  readonly text: string;
}
export interface Plan {
  readonly changes: readonly Change[];
  apply(): Promise<void>;
}

/** What has to be written so that the switch is as desired. */
export async function plan(sw: ServiceProxy, desired: Desired): Promise<Plan> {
  const handles = {
    routes: sw.table(tables.routes),
    backends: sw.table(tables.backends),
    addresses: sw.table(tables.addresses),
    buckets: sw.table(tables.buckets),
    frontends: sw.table(tables.frontends),
  };
  const actual = {
    routes: await all(handles.routes),
    backends: await all(handles.backends),
    addresses: await all(handles.addresses),
    buckets: await all(handles.buckets),
    frontends: await all(handles.frontends),
  };

  // Frontends and back ends are numbers to the pipeline. They keep the ones they have, and none is given anew in the
  // plan that takes it away: packets on their way never meet half of each.
  const backendIds = new Numbers(actual.backends.map(({ match, action }) => [match.backend, textOf(action.args as unknown as Target)]));
  const frontendIds = new Numbers(
    actual.frontends.map(({ match, action }) => [action.args.frontend as number, keyOf(match)]),
    actual.addresses.map(({ match }) => match.frontend),
  );
  const numberOf = (frontend: Frontend) => frontendIds.of(keyOf({ ...frontend, protocol: protocols[frontend.protocol] }));
  const chosen = (frontend: number): (number | undefined)[] => {
    const current: (number | undefined)[] = new Array(buckets).fill(undefined);
    for (const { match, action } of actual.buckets) {
      if (match.frontend === frontend) current[match.bucket] = action.args.backend as number;
    }
    return current;
  };
  const names = new Map(desired.frontends.map((frontend) => [numberOf(frontend), frontend.name]));
  const nameOf = (id: number) => names.get(id) ?? `frontend ${id}`;
  const backendText = (id: unknown) => backendIds.keyOf(id as number) ?? `back end ${id}`;
  const targetText = (args: Readonly<Record<string, unknown>>) => textOf(args as unknown as Target);

  const parts = [
    difference(
      'routes',
      handles.routes,
      actual.routes,
      [
        ...desired.routes.map(({ dst, port, mac }) => ({ match: { dst }, action: via({ port, dstMac: mac }) })),
        ...desired.addresses.map((address) => ({ match: { dst: `${address}/32` as const }, action: noService() })),
      ],
      ({ match, action }) => `${match.dst} → ${action.call === 'via' ? `port ${action.args.port}` : 'services only'}`,
    ),
    difference(
      'backends',
      handles.backends,
      actual.backends,
      desired.backends.map((target) => ({
        match: { backend: backendIds.of(textOf(target)) },
        action: translate({ address: target.address, port: target.port }),
      })),
      ({ action }) => targetText(action.args),
    ),
    difference(
      'addresses',
      handles.addresses,
      actual.addresses,
      desired.frontends.map((frontend) => ({
        match: { frontend: numberOf(frontend) },
        action: translate({ address: frontend.address, port: frontend.port }),
      })),
      ({ match, action }) => `${nameOf(match.frontend)} ← ${targetText(action.args)}`,
    ),
    difference(
      'buckets',
      handles.buckets,
      actual.buckets,
      desired.frontends.flatMap((frontend) => {
        const id = numberOf(frontend);
        const shares = shareOut(
          chosen(id),
          frontend.backends.map((target) => backendIds.of(textOf(target))),
        );
        return shares.flatMap((backend, bucket) =>
          backend === undefined ? [] : [{ match: { frontend: id, bucket }, action: choose({ backend }) }],
        );
      }),
      ({ match, action }) => `${nameOf(match.frontend)}, bucket ${match.bucket} → ${backendText(action.args.backend)}`,
    ),
    difference(
      'frontends',
      handles.frontends,
      actual.frontends,
      desired.frontends.map((frontend) => {
        const { address, port, protocol, sticky } = frontend;
        const id = { frontend: numberOf(frontend) };
        return { match: { address, protocol: protocols[protocol], port }, action: sticky ? stick(id) : balance(id) };
      }),
      ({ match, action }) => `${keyOf(match)} → ${nameOf(action.args.frontend as number)}${action.call === 'stick' ? ', by client' : ''}`,
    ),
  ];

  return {
    changes: parts.flatMap((part) => part.changes),
    // What is pointed at is there before what points at it, and goes after it.
    apply: async () => {
      for (const part of parts) await part.write();
      for (const part of parts.toReversed()) await part.clear();
    },
  };
}

/** The changes of one table. */
interface Part {
  readonly changes: readonly Change[];
  write(): Promise<void>;
  clear(): Promise<void>;
}

function difference<K, A extends string>(
  table: Change['table'],
  handle: TableHandle<K, A, 'direct'>,
  have: readonly EntryRead<K, A>[],
  want: readonly Parameters<TableHandle<K, A, 'direct'>['insert']>[number][],
  text: (entry: Pick<EntryRead<K, A>, 'match' | 'action'>) => string,
): Part {
  type Written = Parameters<typeof text>[0];
  const before = new Map(have.map((entry) => [keyText(entry), entry]));
  const after = new Set(want.map(keyText));
  const inserted = want.filter((entry) => !before.has(keyText(entry)));
  const modified = want.filter((entry) => {
    const old = before.get(keyText(entry))?.action;
    const { call, args } = entry.action;
    return old !== undefined && !isDeepStrictEqual({ call: old.call, args: old.args }, { call, args });
  });
  const deleted = have.filter((entry) => !after.has(keyText(entry)));
  const changes = (kind: Change['kind'], entries: readonly unknown[]): Change[] =>
    entries.map((entry) => ({ kind, table, text: text(entry as Written) }));
  return {
    changes: [...changes('insert', inserted), ...changes('modify', modified), ...changes('delete', deleted)],
    write: async () => {
      if (inserted.length > 0) await handle.insert(...inserted);
      if (modified.length > 0) await handle.modify(...modified);
    },
    clear: async () => {
      if (deleted.length > 0) await handle.delete(...(deleted as unknown as EntryKey<K>[]));
    },
  };
}

/** The same for entries that the switch takes for the same. */
const keyText = ({ match }: { readonly match: object }): string => JSON.stringify(Object.entries(match).sort());

const keyOf = ({ address, protocol, port }: { readonly address: string; readonly protocol: number; readonly port: number }): string =>
  `${protocol === protocols.TCP ? 'TCP' : 'UDP'} ${address}:${port}`;

async function all<T>(source: { entries(): AsyncIterable<T> }): Promise<readonly T[]> {
  const entries: T[] = [];
  for await (const entry of source.entries()) entries.push(entry);
  return entries;
}

/** Gives each key a number from 1, which it keeps. */
class Numbers {
  readonly #numbers = new Map<string, number>();
  readonly #keys = new Map<number, string>();
  readonly #taken: Set<number>;

  constructor(known: readonly (readonly [number, string])[], taken: readonly number[] = []) {
    for (const [number, key] of known) this.#set(key, number);
    this.#taken = new Set([...this.#keys.keys(), ...taken]);
  }

  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    let number = 1;
    while (this.#taken.has(number)) number++;
    this.#taken.add(number);
    this.#set(key, number);
    return number;
  }
  keyOf(number: number): string | undefined {
    return this.#keys.get(number);
  }

  #set(key: string, number: number): void {
    this.#numbers.set(key, number);
    this.#keys.set(number, key);
  }
}
