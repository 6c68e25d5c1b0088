/**
 * The UPF's controller: turns the rules of sessions into entries, as they are and as they change, keeps downlink packets
 * of users that are not reached, answers GTP-U's own messages, and reads what was used.
 */
import { build, header, type Ipv4Address, ipv6, type MacAddress, type Val } from 'p4ts';
import { EtherType, GtpuMessage } from 'p4ts/headers';
import { P4RuntimeError, type Switch } from 'p4ts/runtime';
import { ethernetFrame } from '../packets.js';
import { answer } from '../router/answers.js';
import { cellsPerUrr, dropReasons, lastN3Port, maxRules, overheads, reasons, upf } from './pipeline.js';
import type { Sdf } from './sdf.js';
import type { Far, Pdr, Session, Tunnel } from './sessions.js';
import { echoResponse, errorIndication, gtpuPacket, indicatedTeid, readMessage } from './signalling.js';

const pipe = upf.ingress;

export type Upf = Switch<typeof upf>;

export interface Interface {
  readonly port: number;
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
  /** Of the router that it sends to. */
  readonly nextHop: MacAddress;
}
export interface Site {
  readonly n3: Interface;
  readonly n6: Interface;
}
export type Event =
  /** The first packet that is kept is a downlink data report to the SMF. */
  | { readonly what: 'kept' | 'no room'; readonly seid: number; readonly far: number; readonly packets: number }
  | { readonly what: 'released'; readonly seid: number; readonly far: number; readonly packets: number }
  | { readonly what: 'end marker'; readonly seid: number; readonly tunnel: Tunnel }
  | { readonly what: 'unknown tunnel'; readonly teid: number; readonly from: Ipv4Address }
  | { readonly what: 'error indication'; readonly teid: number; readonly from: Ipv4Address }
  | { readonly what: 'answered'; readonly with: string };

export interface Usage {
  readonly seid: number;
  readonly urr: number;
  readonly uplink: Volume;
  readonly downlink: Volume;
}
/** Of users' packets, without what is around them. */
export interface Volume {
  readonly packets: bigint;
  readonly bytes: bigint;
}
export interface UpfController {
  /** @throws RangeError when the rules of its kind are used up */
  establish(session: Session): Promise<void>;
  /** Gives a FAR of a session something else to do; what was kept is sent, unless it is kept still. */
  update(seid: number, far: Far): Promise<void>;
  /** All that the session sends through tunnels goes to another; each old one gets an end marker (TS 23.502 §4.9.1). */
  handover(seid: number, to: { readonly gnb: Ipv4Address; readonly teid: number }): Promise<void>;
  release(seid: number): Promise<void>;
  usage(): Promise<readonly Usage[]>;
  /** Serves until the switch is closed. */
  serve(): Promise<void>;
}

/** Packets that are kept for one FAR. */
const maxKept = 16;
const hops = { n3: 1, n6: 2 } as const;

/**
 * Installs the interfaces. `told` hears of what an SMF would be told, and of answers.
 *
 * @throws RangeError for a port on the wrong side
 */
export async function control(sw: Upf, { n3, n6 }: Site, told: (event: Event) => void = () => {}): Promise<UpfController> {
  const sessions = new Map<number, Installed>();
  /** By FAR: the packets that wait. */
  const kept = new Map<number, Uint8Array[]>();
  const numbers = { session: new Numbers(), far: new Numbers(), qer: new Numbers(), urr: new Numbers() };

  if (n3.port > lastN3Port || n6.port <= lastN3Port) throw new RangeError(`ports up to ${lastN3Port} are on N3, the others on N6`);
  await sw
    .table(pipe.interfaces)
    .insert(
      { match: { port: n3.port, mac: n3.mac }, action: pipe.access() },
      { match: { port: n6.port, mac: n6.mac }, action: pipe.core() },
    );
  await sw.table(pipe.addresses).insert({ match: { address: n3.address }, action: pipe.own() });
  for (const [id, { port, mac, nextHop }] of [[hops.n3, n3] as const, [hops.n6, n6] as const]) {
    await sw.table(pipe.nextHops).insert({ match: { id }, action: pipe.via({ port, srcMac: mac, dstMac: nextHop }) });
  }

  function action(far: Far) {
    switch (far.apply) {
      case 'core':
        return pipe.toCore({ nextHop: hops.n6 });
      case 'drop':
        return pipe.discard();
      case 'buffer':
        return pipe.buffer();
      case 'access': {
        const { gnb, teid, dscp } = far.tunnel;
        return pipe.toAccess({ nextHop: hops.n3, src: n3.address, dst: gnb, teid, dscp });
      }
    }
  }
  const pdrMatch = ({ id }: Installed, { source, qfi, sdf, precedence }: Pdr) => ({
    match: { session: id, uplink: source === 'access', ...(qfi === undefined || source === 'core' ? {} : { qfi }), ...filter(sdf) },
    priority: 65536 - precedence,
  });
  const users = ({ user, prefix }: Session) => [
    `::ffff:${user}/128` as const,
    ...(prefix ? [prefix as `${string}:${string}/${number}`] : []),
  ];

  async function establish(session: Session): Promise<void> {
    const numbered = (of: Numbers, ids: readonly number[]) => new Map(ids.map((id) => [id, of.take()]));
    const one: Installed = {
      session,
      id: numbers.session.take(),
      fars: numbered(
        numbers.far,
        session.fars.map((f) => f.id),
      ),
      qers: numbered(
        numbers.qer,
        session.qers.map((q) => q.id),
      ),
      urrs: numbered(numbers.urr, session.urrs),
      current: new Map(session.fars.map((f) => [f.id, f])),
    };
    sessions.set(session.seid, one);
    for (const qer of session.qers) {
      const id = one.qers.get(qer.id) ?? 0;
      const { qfi, uplinkClosed, downlinkClosed } = qer;
      await sw.table(pipe.qers).insert({ match: { id }, action: pipe.qos({ qfi, uplinkClosed, downlinkClosed }) });
      await sw.meter(pipe.mbr).set(2 * id, rates(qer.downlink));
      await sw.meter(pipe.mbr).set(2 * id + 1, rates(qer.uplink));
    }
    for (const far of session.fars) await sw.table(pipe.fars).insert({ match: { id: one.fars.get(far.id) ?? 0 }, action: action(far) });
    for (const pdr of session.pdrs) {
      const given = { far: one.fars.get(pdr.far) ?? 0, qer: one.qers.get(pdr.qer) ?? 0, urr: one.urrs.get(pdr.urr) ?? 0 };
      await sw.table(pipe.pdrs).insert({ ...pdrMatch(one, pdr), action: pipe.rules(given) });
    }
    for (const urr of one.urrs.values()) {
      for (const cell of overheads.keys()) await sw.counter(pipe.usage).set(cellsPerUrr * urr + cell, { packets: 0n, bytes: 0n });
    }
    const own = { session: one.id };
    for (const address of users(session)) await sw.table(pipe.users).insert({ match: { address }, action: pipe.owner(own) });
    await sw.table(pipe.tunnels).insert({ match: { address: n3.address, teid: session.teid }, action: pipe.session(own) });
  }

  async function release(seid: number): Promise<void> {
    const one = known(seid);
    // Packets first find no session, so that none meets half of it.
    await sw.table(pipe.tunnels).delete({ match: { address: n3.address, teid: one.session.teid } });
    for (const address of users(one.session)) await sw.table(pipe.users).delete({ match: { address } });
    for (const pdr of one.session.pdrs) await sw.table(pipe.pdrs).delete(pdrMatch(one, pdr));
    for (const id of one.fars.values()) {
      await sw.table(pipe.fars).delete({ match: { id } });
      kept.delete(id);
      numbers.far.give(id);
    }
    for (const id of one.qers.values()) {
      await sw.table(pipe.qers).delete({ match: { id } });
      numbers.qer.give(id);
    }
    for (const id of one.urrs.values()) numbers.urr.give(id);
    numbers.session.give(one.id);
    sessions.delete(seid);
  }

  async function update(seid: number, far: Far): Promise<void> {
    const one = known(seid);
    const id = one.fars.get(far.id);
    if (id === undefined) throw new RangeError(`session ${seid} has no FAR ${far.id}`);
    await sw.table(pipe.fars).modify({ match: { id }, action: action(far) });
    one.current.set(far.id, far);
    if (far.apply === 'buffer') return;
    const waiting = kept.get(id) ?? [];
    kept.delete(id);
    for (const payload of waiting) await sw.packetOut(payload, { port: n6.port, again: 1 });
    if (waiting.length > 0) told({ what: 'released', seid, far: far.id, packets: waiting.length });
  }

  async function handover(seid: number, to: { readonly gnb: Ipv4Address; readonly teid: number }): Promise<void> {
    const one = known(seid);
    const old = new Map<string, Tunnel>();
    for (const far of one.current.values()) {
      if (far.apply !== 'access') continue;
      await update(seid, { ...far, tunnel: { ...far.tunnel, ...to } });
      old.set(`${far.tunnel.gnb} ${far.tunnel.teid}`, far.tunnel);
    }
    // Nothing comes after them: the entries are changed.
    for (const tunnel of old.values()) {
      const marker = gtpuPacket({ src: n3.address, dst: tunnel.gnb }, { type: GtpuMessage.endMarker, teid: tunnel.teid });
      await sw.packetOut(ethernetFrame(n3.nextHop, n3.mac, EtherType.ipv4, marker), { port: n3.port, again: 0 });
      told({ what: 'end marker', seid, tunnel });
    }
  }

  const known = (seid: number): Installed => {
    const one = sessions.get(seid);
    if (!one) throw new RangeError(`there is no session ${seid}`);
    return one;
  };

  function keep(far: number, payload: Uint8Array): void {
    const waiting = kept.get(far) ?? [];
    const room = waiting.length < maxKept;
    if (room) kept.set(far, [...waiting, payload]);
    for (const { session, fars } of sessions.values()) {
      for (const [id, number] of fars) {
        if (number !== far) continue;
        told({ what: room ? 'kept' : 'no room', seid: session.seid, far: id, packets: kept.get(far)?.length ?? 0 });
      }
    }
  }

  async function serve(): Promise<void> {
    for await (const { payload, ingressPort, reason, far } of sw.packetIns()) {
      if (reason === reasons.downlinkData) keep(far, payload);
      else await reply(payload, ingressPort, reason);
    }
  }
  async function reply(payload: Uint8Array, port: number, reason: number): Promise<void> {
    const send = (bytes: Uint8Array) => sw.packetOut(bytes, { port, again: 0 });
    const message = readMessage(payload);
    if (reason === reasons.unknownTunnel && message) {
      await send(errorIndication(message));
      told({ what: 'unknown tunnel', teid: message.teid, from: message.from.address });
    } else if (reason === reasons.signalling && message?.type === GtpuMessage.echoRequest) {
      await send(echoResponse(message));
      told({ what: 'answered', with: `GTP-U echo response to ${message.from.address}` });
    } else if (reason === reasons.signalling && message?.type === GtpuMessage.errorIndication) {
      const teid = indicatedTeid(message);
      if (teid !== undefined) told({ what: 'error indication', teid, from: message.from.address });
    } else if (reason === reasons.arp || reason === reasons.own) {
      const on = port === n3.port ? n3 : n6;
      const answered = answer(payload, { port, vlan: 0, mac: on.mac, ipv4: [on.address], ipv6: [] }, false);
      if (!answered) return;
      await send(answered.bytes);
      told({ what: 'answered', with: answered.what });
    }
  }

  async function usage(): Promise<readonly Usage[]> {
    const cells = await sw.counter(pipe.usage).read();
    const volume = (urr: number, kinds: readonly number[]): Volume => {
      let [packets, bytes] = [0n, 0n];
      for (const kind of kinds) {
        const cell = cells[cellsPerUrr * urr + kind] ?? { packets: 0n, bytes: 0n };
        packets += cell.packets;
        bytes += cell.bytes - cell.packets * BigInt(overheads[kind] ?? 0);
      }
      return { packets, bytes };
    };
    return [...sessions.values()].flatMap(({ session, urrs }) =>
      [...urrs].map(([urr, number]) => ({ seid: session.seid, urr, uplink: volume(number, [1, 2, 3]), downlink: volume(number, [0, 4]) })),
    );
  }

  return {
    establish,
    update,
    handover,
    release,
    usage,
    async serve() {
      try {
        await serve();
      } catch (error) {
        // The switch was closed in the middle of an answer.
        if (!(error instanceof P4RuntimeError && error.code === 'CANCELLED')) throw error;
      }
    },
  };
}

/** A session in the tables: the numbers there of its rules, which are unique in the session only. */
interface Installed {
  readonly session: Session;
  readonly id: number;
  readonly fars: ReadonlyMap<number, number>;
  readonly qers: ReadonlyMap<number, number>;
  readonly urrs: ReadonlyMap<number, number>;
  /** The FARs as they are now. */
  readonly current: Map<number, Far>;
}

/** Numbers from 1, the lowest that is free. */
class Numbers {
  readonly #free: number[] = [];
  #next = 1;
  take(): number {
    if (this.#free.length === 0 && this.#next >= maxRules) throw new RangeError(`there is room for ${maxRules - 1} rules of a kind`);
    return this.#free.pop() ?? this.#next++;
  }
  give(number: number): void {
    this.#free.push(number);
    this.#free.sort((a, b) => b - a);
  }
}

/** The keys of a filter. */
function filter({ protocol, remote, remotePort, userPort }: Sdf) {
  const mapped = remote && !remote.address.includes(':');
  const length = remote ? remote.length + (mapped ? 96 : 0) : 0;
  const mask = (1n << 128n) - (1n << BigInt(128 - length));
  return {
    ...(remote && length > 0 ? { remote: { value: numberOf(mapped ? `::ffff:${remote.address}` : remote.address) & mask, mask } } : {}),
    ...(protocol === undefined ? {} : { protocol }),
    ...(remotePort ? { remotePort } : {}),
    ...(userPort ? { userPort } : {}),
  };
}

const Address = header('address_t', { address: ipv6 });
const numberOf = (address: string) => BigInt(`0x${Buffer.from(build(Address, { address: address as Val<typeof ipv6> })).toString('hex')}`);

/** Above 0 kbit/s a limit; the burst is what 100 ms bring, and three full packets at least. */
function rates(kilobits: number) {
  if (kilobits === 0) return undefined;
  const [rate, burst] = [kilobits * 125, Math.max(Math.floor(kilobits * 12.5), 4500)];
  return { cir: rate, cburst: burst, pir: rate, pburst: burst };
}

/** What was dropped, by reason. */
export async function drops(sw: Upf) {
  const cells = await sw.counter(pipe.drops).read();
  return cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell }));
}
