/** The roles of a device, each with its own arbitration and rights (P4Runtime, "Client Arbitration and Controller Replication"). */
import type { Entity } from '../p4runtime/messages.js';
import { Arbiter } from './arbitration.js';
import { refuse } from './refusals.js';
import { fullScope, objectOf, type RoleScope } from './role-config.js';
import type { Stream } from './stream.js';

export class Role {
  readonly name: string;
  readonly arbiter: Arbiter<Stream>;
  /** What its last primary said. */
  scope: RoleScope = fullScope;

  constructor(name: string, arbiter: Arbiter<Stream>) {
    this.name = name;
    this.arbiter = arbiter;
  }
}

/** Named roles that a device remembers: for each it has to know the highest election id, for ever. */
const maxRoles = 64;
/** Of one role. */
const maxControllers = 64;

export class Roles {
  readonly #deviceId: bigint;
  readonly #roles = new Map<string, Role>();

  /** With the default role, which is there from the start. */
  constructor(deviceId: bigint) {
    this.#deviceId = deviceId;
    this.keep(this.#make(''));
  }

  #make(name: string): Role {
    return new Role(name, new Arbiter(this.#deviceId, name, maxControllers));
  }

  /** From now on the role is there. */
  keep(role: Role): void {
    this.#roles.set(role.name, role);
  }

  /** @throws Refusal NOT_FOUND for a role that no controller ever had */
  get(name: string | undefined): Role {
    const role = name ?? '';
    return this.#roles.get(role) ?? refuse('no-such-role', { role });
  }

  /** For a controller that asks for the role; a new one is kept once the controller got it. */
  forController(name: string): Role {
    const known = this.#roles.get(name);
    if (known) return known;
    if (this.#roles.size > maxRoles) return refuse('too-many-roles', { limit: maxRoles });
    return this.#make(name);
  }

  /** @throws Refusal INVALID_ARGUMENT when another role has an exclusive right to one of the ids */
  checkExclusive(role: Role, { exclusive }: RoleScope): void {
    for (const other of this.#roles.values()) {
      if (other === role) continue;
      for (const id of exclusive)
        if (other.scope.exclusive.has(id)) refuse('role-config', { why: `id ${id} belongs to role "${other.name}"` });
    }
  }

  /** Whether the role may write the entity. An id that is missing is no matter of rights. */
  mayWrite(role: Role, entity: Entity): boolean {
    const id = objectOf(entity);
    if (id === 0 || (id === undefined && !entity.packet_replication_engine_entry)) return true;
    if (!role.scope.includes(entity)) return false;
    if (role.name === '' || id === undefined) return true;
    return [...this.#roles.values()].every((other) => other === role || !other.scope.exclusive.has(id));
  }

  /** The primaries of the roles to which that applies. */
  primaries(applies: (scope: RoleScope) => boolean): Stream[] {
    return [...this.#roles.values()].flatMap(({ arbiter, scope }) => (arbiter.primary && applies(scope) ? [arbiter.primary] : []));
  }
}
