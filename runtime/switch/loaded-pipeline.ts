/** A pipeline with what the control plane has written to it. */

import type { DataPlane } from '../data-plane/messages.js';
import type { Clock } from './clock.js';
import { Digests } from './digests.js';
import { IdleTimeouts } from './idle-timeouts.js';
import type { Lock } from './lock.js';
import type { Pipeline } from './pipeline-config.js';
import type { Roles } from './roles.js';
import { Store } from './store.js';

export interface Loaded extends Pipeline {
  readonly store: Store;
  readonly digests: Digests;
  readonly idleTimeouts: IdleTimeouts;
  /** Requests go to this pipeline, whether it runs or is saved. */
  readonly dataPlane: DataPlane;
}

export interface LoadContext {
  readonly clock: Clock;
  readonly lock: Lock;
  readonly roles: Roles;
}

export function newLoaded(pipeline: Pipeline, dataPlane: DataPlane, { clock, lock, roles }: LoadContext): Loaded {
  const { schema } = pipeline;
  const store = new Store(schema, clock.now());
  return {
    ...pipeline,
    store,
    dataPlane,
    digests: new Digests({
      schema,
      clock,
      journal: store.journal,
      primaries: (digest_id) => roles.primaries((scope) => scope.includes({ digest_entry: { digest_id } })),
    }),
    idleTimeouts: new IdleTimeouts({
      clock,
      store,
      dataPlane,
      lock,
      notify: (table_id, idle_timeout_notification) => {
        for (const primary of roles.primaries((scope) => scope.includes({ table_entry: { table_id } })))
          primary.respond({ idle_timeout_notification });
      },
    }),
  };
}
