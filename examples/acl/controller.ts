/** The controller: puts lists into the tables, brings them up to date without touching what stays, and shows their hits. */
import type { Table, Entry as TableEntry } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import type { EntryOptions, Switch, TableHandle } from 'p4ts/runtime';
import type { Entry, Lists } from './language.js';
import { acl, dropReasons, monitorSession } from './pipeline.js';

const { ports, attach, list4, list6, permit, permitLog, deny, denyLog, drops } = acl.ingress;

export type Acl = Switch<typeof acl>;

/** What comes in at `port` is judged by `list`, and leaves through `out`. */
export interface Attachment {
  readonly port: number;
  readonly out: number;
  readonly list: string;
}
export interface Monitor {
  readonly port: number;
  /** Copies are cut to so many bytes; whole where it is not said. BMv2 cannot cut. */
  readonly bytes?: number;
}
export interface Changes {
  readonly inserted: number;
  /** Entries that do something else now; they go on counting. */
  readonly modified: number;
  readonly deleted: number;
}
export interface Hits {
  readonly list: string;
  readonly entry: Entry;
  readonly packets: bigint;
  readonly bytes: bigint;
}
export interface AclController {
  /**
   * Replaces the lists; entries that stay keep their hits.
   * @throws Error when a list that is attached is not there; nothing is written then
   */
  update(lists: Lists): Promise<Changes>;
  /** The entries of all lists in order, with what they matched in both versions of IP. */
  hits(): Promise<readonly Hits[]>;
  drops(): Promise<readonly { readonly reason: string; readonly packets: bigint; readonly bytes: bigint }[]>;
}

/** Attaches the ports and the monitor. Lists are empty at first, and an empty list denies everything. */
export async function control(sw: Acl, attachments: readonly Attachment[], monitor: Monitor): Promise<AclController> {
  const ids = new Map([...new Set(attachments.map((a) => a.list))].map((name, index) => [name, index + 1]));
  await sw.cloneSession(monitorSession).set([{ port: monitor.port }], monitor.bytes ? { truncateBytes: monitor.bytes } : {});
  for (const { port, out, list } of attachments) {
    await sw.table(ports).insert({ match: { port }, action: attach({ list: ids.get(list) ?? 0, out }) });
  }
  const [table4, table6] = [sw.table(list4), sw.table(list6)];
  let rows4: ReturnType<typeof entry4>[] = [];
  let rows6: ReturnType<typeof entry6>[] = [];
  let current: Lists = new Map();

  return {
    async update(lists) {
      for (const name of ids.keys()) if (!lists.has(name)) throw new Error(`there is no list ${name}`);
      const entriesOf = (version: 4 | 6) =>
        [...ids].flatMap(([name, id]) =>
          (lists.get(name) ?? []).flatMap((entry) => (entry.versions.includes(version) ? [[id, entry] as const] : [])),
        );
      const wanted4 = entriesOf(4).map(([id, entry]) => entry4(id, entry));
      const wanted6 = entriesOf(6).map(([id, entry]) => entry6(id, entry));
      const [in4, in6] = [await replace(table4, rows4, wanted4), await replace(table6, rows6, wanted6)];
      [rows4, rows6, current] = [wanted4, wanted6, lists];
      return {
        inserted: in4.inserted + in6.inserted,
        modified: in4.modified + in6.modified,
        deleted: in4.deleted + in6.deleted,
      };
    },

    async hits() {
      const counted = new Map<string, { packets: bigint; bytes: bigint }>();
      for (const table of [table4, table6]) {
        for await (const { match, priority, counter } of (table as typeof table4).entries()) {
          const key = `${match.list} ${priority}`;
          const { packets = 0n, bytes = 0n } = counted.get(key) ?? {};
          counted.set(key, { packets: packets + (counter?.packets ?? 0n), bytes: bytes + (counter?.bytes ?? 0n) });
        }
      }
      return [...ids].flatMap(([list, id]) =>
        (current.get(list) ?? []).map((entry) => ({
          list,
          entry,
          ...(counted.get(`${id} ${priorityOf(entry)}`) ?? { packets: 0n, bytes: 0n }),
        })),
      );
    },

    async drops() {
      const cells = await sw.counter(drops).read();
      return cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell }));
    },
  };
}

type Row<K, A extends string> = TableEntry<K, A, 'direct'> & EntryOptions;

/**
 * Changes the action of entries that stay, inserts what is new, then deletes what is not wanted any more: at no time is a
 * packet judged by fewer entries than one of the two versions has.
 */
async function replace<K, A extends string>(
  table: TableHandle<K, A, 'direct'>,
  before: readonly Row<K, A>[],
  wanted: readonly Row<K, A>[],
): Promise<Changes> {
  const keyOf = (row: Row<K, A>): string => textOf([row.match, row.priority]);
  const have = new Map(before.map((row) => [keyOf(row), textOf(row.action)]));
  const want = new Set(wanted.map(keyOf));
  const fresh = wanted.filter((row) => !have.has(keyOf(row)));
  const changed = wanted.filter((row) => have.has(keyOf(row)) && have.get(keyOf(row)) !== textOf(row.action));
  const gone = before.filter((row) => !want.has(keyOf(row)));
  await table.modify(...changed);
  await table.insert(...fresh);
  await table.delete(...gone);
  return { inserted: fresh.length, modified: changed.length, deleted: gone.length };
}

const textOf = (value: unknown): string => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));

type TableEntryOf<T> = T extends Table<infer K, infer A, any> ? TableEntry<K, A, 'direct'> : never;

/** The first entry of a list has the highest priority. */
const priorityOf = (entry: Entry): number => 65536 - entry.number;

function entry4(list: number, entry: Entry): TableEntryOf<typeof list4> {
  const protocol = entry.protocol === 'icmp' ? IpProtocol.icmp : protocolOf(entry);
  const src = entry.src && {
    value: entry.src.address as `${number}.${number}.${number}.${number}`,
    mask: Number(maskOf(entry.src.length, 32)),
  };
  const dst = entry.dst && {
    value: entry.dst.address as `${number}.${number}.${number}.${number}`,
    mask: Number(maskOf(entry.dst.length, 32)),
  };
  return {
    match: { list, ...(protocol === undefined ? {} : { protocol }), ...(src ? { src } : {}), ...(dst ? { dst } : {}), ...restOf(entry) },
    priority: priorityOf(entry),
    action: actionOf(entry),
  };
}

function entry6(list: number, entry: Entry): TableEntryOf<typeof list6> {
  const protocol = entry.protocol === 'icmp' ? IpProtocol.icmpv6 : protocolOf(entry);
  const src = entry.src && { value: entry.src.address as `${string}:${string}`, mask: maskOf(entry.src.length, 128) };
  const dst = entry.dst && { value: entry.dst.address as `${string}:${string}`, mask: maskOf(entry.dst.length, 128) };
  return {
    match: { list, ...(protocol === undefined ? {} : { protocol }), ...(src ? { src } : {}), ...(dst ? { dst } : {}), ...restOf(entry) },
    priority: priorityOf(entry),
    action: actionOf(entry),
  };
}

const protocolOf = ({ protocol }: Entry): number | undefined =>
  protocol === 'tcp' || protocol === 'udp' ? IpProtocol[protocol] : (protocol as number | undefined);

const restOf = ({ srcPort, dstPort, established, icmpType }: Entry) => ({
  ...(srcPort || dstPort || icmpType !== undefined ? { transport: true } : {}),
  ...(srcPort ? { srcPort } : {}),
  ...(dstPort ? { dstPort } : {}),
  ...(established ? { established: true } : {}),
  ...(icmpType === undefined ? {} : { icmp: { value: icmpType << 8, mask: 0xff00 } }),
});

const actionOf = ({ action, log }: Entry) => (action === 'permit' ? (log ? permitLog() : permit()) : log ? denyLog() : deny());

const maskOf = (length: number, width: number): bigint => ((1n << BigInt(length)) - 1n) << BigInt(width - length);
