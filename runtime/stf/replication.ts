/** Multicast groups and clone sessions as BMv2's command line makes them: nodes have handles, counted from 0. */
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { SwitchByName } from '../client/by-name.js';
import type { Replica } from '../client/replication.js';

export class Copies {
  readonly #sw: SwitchByName;
  readonly #nodes: (readonly Replica[])[] = [];
  /** The nodes of each group. */
  readonly #groups = new Map<number, number[]>();
  /** The groups that sessions copy to. */
  readonly #sessions = new Map<number, number>();

  constructor(sw: SwitchByName) {
    this.#sw = sw;
  }

  /** False when the command is not about copies. */
  async command(command: string, args: readonly number[], loc: Loc): Promise<boolean> {
    const [first = 0, ...more] = args;
    switch (command) {
      case 'mc_mgrp_create':
        this.#groups.set(first, []);
        await this.#update(first);
        return true;
      case 'mc_node_create':
        this.#nodes.push(more.map((port) => ({ port, instance: first })));
        return true;
      case 'mc_node_update': {
        const instance = this.#node(first, loc)[0]?.instance ?? 0;
        this.#nodes[first] = more.map((port) => ({ port, instance }));
        for (const [group, nodes] of this.#groups) if (nodes.includes(first)) await this.#update(group);
        return true;
      }
      case 'mc_node_associate': {
        const [node = 0] = more;
        this.#node(node, loc);
        const nodes = this.#groups.get(first) ?? fail('stf-unknown', { what: 'multicast group', number: first }, { loc });
        nodes.push(node);
        await this.#update(first);
        return true;
      }
      case 'mirroring_add':
        this.#sessions.delete(first);
        await this.#sw.cloneSession(first).set(more.map((port) => ({ port })));
        return true;
      case 'mirroring_add_mc':
        this.#sessions.set(first, more[0] ?? 0);
        await this.#update(more[0] ?? 0);
        return true;
      case 'mirroring_delete':
        this.#sessions.delete(first);
        await this.#sw.cloneSession(first).delete();
        return true;
      case 'mirroring_get':
        return true;
      default:
        return false;
    }
  }

  async #update(group: number): Promise<void> {
    const replicas = (this.#groups.get(group) ?? []).flatMap((node) => this.#nodes[node] ?? []);
    await this.#sw.multicast(group).set(replicas);
    for (const [session, copied] of this.#sessions) if (copied === group) await this.#sw.cloneSession(session).set(replicas);
  }

  #node(handle: number, loc: Loc): readonly Replica[] {
    return this.#nodes[handle] ?? fail('stf-unknown', { what: 'node', number: handle }, { loc });
  }
}
