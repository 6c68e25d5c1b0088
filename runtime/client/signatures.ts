/** The arguments of the functions of `p4ts/runtime`, checked at run time too. Handles are checked where they are used. */
import { type Parameters, signature } from '../../compiler/dsl/arguments.js';

const target: Parameters = { port: 'number', instance: 'integer?' };
const replicas = { kind: 'list', each: { ...target, backups: { kind: 'list?', each: target } } } as const;
const cloneOptions = { kind: 'object?', parts: { truncateBytes: 'integer?', classOfService: 'integer?' } } as const;
const members = { kind: 'list', each: { member: 'number' } } as const;
const batchOptions = { kind: 'object?', parts: { atomicity: [undefined, 'continue', 'rollback', 'dataplane'], emulate: 'flag?' } } as const;
const count = { kind: 'object?', parts: { packets: 'count', bytes: 'count' } } as const;
const objects = { kind: 'list', each: {} } as const;
const key = { match: 'object?', priority: 'number?' } as const;
const keys = { kind: 'list', each: key } as const;
const entries = { kind: 'list', each: { ...key, meter: 'object?', idleTimeoutNs: 'count?', metadata: 'content?' } } as const;
const calls = { signal: 'signal?', timeoutMs: 'number?' } as const;

/** Functions, and methods of a switch. */
export const takes = {
  connect: signature('connect', {
    options: {
      kind: 'object',
      parts: {
        address: 'text',
        deviceId: 'bigint?',
        electionId: 'bigint?',
        ifPrimaryExists: [undefined, 'fail', 'stand-by', 'take-over'],
        reconnect: 'flag?',
        ready: 'function?',
        queueLimit: 'integer?',
        target: { kind: 'object?', parts: { configure: 'function' } },
        push: [undefined, 'if-different', 'always', 'never'],
        ...calls,
      },
    },
  }),
  connectAll: signature('connectAll', { switches: 'switches' }),
  role: signature('connect', {
    role: { kind: 'object', parts: { name: 'text', exclusive: 'list?', shared: 'list?', loadsPipelines: 'flag?' } },
  }),
  tls: signature('connect', {
    tls: { kind: 'object', parts: { ca: 'content?', cert: 'content?', key: 'content?', serverName: 'text?' } },
  }),
  simulate: signature('simulate', { options: { kind: 'object?', parts: { cpuPort: 'integer?' } } }),
  send: signature('send', { port: 'number', packet: 'bytes' }),
  sendTraced: signature('sendTraced', { port: 'number', packet: 'bytes' }),
  sendAll: signature('sendAll', {
    port: 'number',
    packet: 'bytes',
    options: { kind: 'object?', parts: { open: 'list?', limit: 'integer?' } },
  }),
  sendOptions: signature('send', { options: 'object' }),
  setPort: signature('setPort', { port: 'integer', up: 'flag' }),
  onOutput: signature('onOutput', { listener: 'function' }),
  multicast: signature('multicast', { group: 'number' }),
  cloneSession: signature('cloneSession', { session: 'number' }),
  reconcile: signature('reconcile', {
    desired: 'anything',
    options: {
      kind: 'object?',
      parts: { scope: { kind: 'object?', parts: { tables: 'list?', replication: 'flag?', tag: 'text?' } }, dryRun: 'flag?' },
    },
  }),
  batch: signature('batch', { steps: objects, options: batchOptions }),
  pipeline: signature('pipeline', { step: ['verify', 'save', 'commit', 'reconcile'] }),
  rawWrite: signature('raw.write', { updates: { kind: 'list', each: { entity: 'object?' } }, options: batchOptions }),
  rawRead: signature('raw.read', { entities: objects }),
  packetOut: signature('packetOut', { payload: 'bytes', metadata: 'object?' }),
  digests: signature('digests', {
    options: { kind: 'object?', parts: { maxTimeoutNs: 'count?', maxListSize: 'number?', ackTimeoutNs: 'count?' } },
  }),
  with: signature('with', { options: { kind: 'object', parts: calls } }),

  // ── methods of what the switch returns ──
  insert: signature('insert', { entries }),
  modify: signature('modify', { entries }),
  delete: signature('delete', { entries: keys }),
  get: signature('get', { key: { kind: 'object', parts: key } }),
  member: signature('member', { id: 'number' }),
  group: signature('group', { id: 'number' }),
  oneShot: signature('oneShot', { set: objects }),
  groupSet: signature('set', { members }),
  readCell: signature('read', { index: 'number?' }),
  registerRead: signature('read', { index: 'number' }),
  registerWrite: signature('write', { index: 'number' }),
  counterSet: signature('set', { index: 'number?', value: count }),
  meterSet: signature('set', { index: 'number?', rates: 'object?' }),
  valueSetSet: signature('set', { values: 'list' }),
  multicastSet: signature('set', { replicas }),
  cloneSet: signature('set', { replicas, options: cloneOptions }),

  // ── what is desired ──
  tableEntries: signature('tableEntries', { table: 'anything', entries }),
  tableKeys: signature('tableKeys', { table: 'anything', keys }),
  profileMember: signature('profileMember', { profile: 'anything', id: 'number' }),
  profileGroup: signature('profileGroup', { profile: 'anything', id: 'number', members }),
  multicastGroup: signature('multicastGroup', { id: 'number', replicas }),
  desiredSession: signature('cloneSession', { id: 'number', replicas, options: cloneOptions }),
  meterCells: signature('meterCells', { meter: 'anything', cells: 'object' }),
  counterCells: signature('counterCells', { counter: 'anything', cells: 'object' }),
  registerCells: signature('registerCells', { register: 'anything', cells: 'object' }),
  valueSetMembers: signature('valueSetMembers', { set: 'anything', values: 'list' }),
  rawEntities: signature('rawEntities', { entities: objects }),
};
