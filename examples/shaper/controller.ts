/** The controller of the shaper: contracts become entries and meters, counters become a bill. */
import type { Switch } from 'p4ts/runtime';
import { cellsPerTenant, colors, shaper } from './pipeline.js';

const { links, to, tenants, tenant, rates, usage, marking, remark, slowDown, discard } = shaper.ingress;
const { queues, markFrom } = shaper.egress;

export type Shaper = Switch<typeof shaper>;
export interface Contract {
  /** 1 to 255. */
  readonly id: number;
  readonly name: string;
  readonly port: number;
  readonly prefix: `${number}.${number}.${number}.${number}/${number}`;
  /** Assured forwarding class, 1 to 4. */
  readonly class: number;
  /** Bytes per second. */
  readonly committed: number;
  readonly peak: number;
  /** Bytes at once. */
  readonly burst: number;
}

/** RFC 2597 §6: the code point of a class and a drop precedence of 1 to 3. */
export const assured = (cls: number, precedence: number): number => 8 * cls + 2 * precedence;

/** Packets that come in through one port of a wire leave through the other. */
export async function install(sw: Shaper, wires: readonly (readonly [number, number])[], contracts: readonly Contract[]): Promise<void> {
  for (const [a, b] of wires) {
    await sw.table(links).insert({ match: { port: a }, action: to({ port: b }) }, { match: { port: b }, action: to({ port: a }) });
  }
  for (let cls = 1; cls <= 4; cls++) {
    await sw
      .table(marking)
      .insert(
        { match: { class: cls, color: colors.green }, action: remark({ dscp: assured(cls, 1) }) },
        { match: { class: cls, color: colors.yellow }, action: slowDown({ dscp: assured(cls, 2) }) },
        { match: { class: cls, color: colors.red }, action: discard() },
      );
  }
  for (const { id, port, prefix, class: cls, ...contract } of contracts) {
    await setRates(sw, id, contract);
    await sw.table(tenants).insert({ match: { port, src: prefix }, action: tenant({ id, class: cls }) });
  }
}

/** A contract that changes: from now on, with a full burst. */
export async function setRates(sw: Shaper, id: number, { committed, peak, burst }: Pick<Contract, 'committed' | 'peak' | 'burst'>) {
  await sw.meter(rates).set(id, { cir: committed, cburst: burst, pir: peak, pburst: 2 * burst });
}

/** Packets in a queue of this length tell their receivers of congestion. */
export async function markQueue(sw: Shaper, port: number, depth: number): Promise<void> {
  await sw.table(queues).insert({ match: { port }, action: markFrom({ depth }) });
}

export interface Usage {
  readonly green: { readonly packets: bigint; readonly bytes: bigint };
  readonly yellow: { readonly packets: bigint; readonly bytes: bigint };
  readonly red: { readonly packets: bigint; readonly bytes: bigint };
}

/** What a tenant sent since the beginning; tenant 0 is everybody without a contract. */
export async function usageOf(sw: Shaper, id: number): Promise<Usage> {
  const [green, yellow, red] = await Promise.all(
    [colors.green, colors.yellow, colors.red].map((color) => sw.counter(usage).read(id * cellsPerTenant + color)),
  );
  return { green, yellow, red } as Usage;
}
