/** Switches and their controllers, wherever JavaScript runs. */
export type { BatchOptions, BatchStep } from './client/batch.js';
export type { CounterHandle } from './client/counter.js';
export {
  cloneSession,
  counterCells,
  type Desired,
  defaultAction,
  meterCells,
  multicastGroup,
  profileGroup,
  profileMember,
  rawEntities,
  registerCells,
  tableEntries,
  tableKeys,
  valueSetMembers,
} from './client/desired.js';
export { type Change, type Difference, type DifferencePaint, formatDifference } from './client/difference.js';
export type { DigestList, DigestOptions } from './client/digest.js';
export type { IfPrimaryExists } from './client/election.js';
export { argsOf, type CounterValue, type ReadAction } from './client/entry.js';
export { type Failure, P4RuntimeError } from './client/errors.js';
export type { MeterHandle, MeterInput, MeterRates } from './client/meter.js';
export type { GroupHandle, GroupMember, MemberHandle, ProfileHandle } from './client/profile.js';
export type { PipelineStep, Push } from './client/push.js';
export type { Stream } from './client/queue.js';
export type { CellOut, CellVal, RegisterHandle } from './client/register.js';
export type {
  CloneSession,
  CloneSessionHandle,
  CloneSessionOptions,
  MulticastHandle,
  Replica,
  ReplicaTarget,
} from './client/replication.js';
export type { RoleObject, RoleOptions } from './client/role.js';
export type { AllOutcomes, Outcome, SendAllOptions } from './client/send-all.js';
export type { SendOptions } from './client/send-options.js';
export type { SwitchEvent } from './client/session-events.js';
export { type SentPacket, type SimulatedSwitch, type SimulateOptions, simulate } from './client/simulate.js';
export type { RawSwitch, ReconcileOptions, Scope, Switch } from './client/switch.js';
export type { TableHandle } from './client/table.js';
export type { ServerTraits, Target, TargetConfig } from './client/target.js';
export type { AnyPipeline, EntryKeyOf, EntryOf, EntryOptions, EntryRead, EntryReadOf, IdleEntry, ReadMatch } from './client/types.js';
export type { ValueSetHandle } from './client/value-set.js';
export type { DataPlane, OutputPacket, Transit } from './data-plane/messages.js';
export { formatTraceMatch, formatTraceValue, renderTrace } from './data-plane/render-trace.js';
export { type RenderTreeOptions, renderTree } from './data-plane/render-tree.js';
export { type SummaryOptions, summarizeTrace } from './data-plane/summarize-trace.js';
export type * from './data-plane/trace.js';
export { allEvents } from './data-plane/trace.js';
export { createDataPlane, type InterpreterOptions } from './interpreter/index.js';
export type { CallOptions } from './p4runtime/transport.js';
export { type CapturedPacket, formatPcap, type PacketToWrite, parsePcap } from './pcap/index.js';
export { type Clock, ManualClock, systemClock } from './switch/clock.js';
export {
  createSwitch,
  defaultCpuPort,
  type OutputListener,
  type PacketOptions,
  type PacketResult,
  type SwitchCore,
  type SwitchOptions,
  type SwitchStatistics,
  type TreeOptions,
} from './switch/core.js';
