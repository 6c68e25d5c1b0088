/** p4ts/runtime: switches and their controllers. */
export { type ConnectOptions, connect } from './client/connect.js';
export type { CounterValue, ReadAction } from './client/entry.js';
export { type Failure, P4RuntimeError } from './client/errors.js';
export type { Push } from './client/push.js';
export { type SentPacket, type SimulatedSwitch, type SimulateOptions, simulate } from './client/simulate.js';
export type { CounterHandle, DigestList, MulticastHandle, RegisterHandle, Replica, Switch, ValueSetHandle } from './client/switch.js';
export type { TableHandle } from './client/table.js';
export type { Target, TargetConfig } from './client/target.js';
export type { EntryRead } from './client/types.js';
export type * from './interpreter/index.js';
export { allEvents, createDataPlane, formatTraceMatch, formatTraceValue, renderTrace, summarizeTrace } from './interpreter/index.js';
export { defaultAddress, type P4RuntimeServer, type ServeOptions, serve } from './p4runtime/serve.js';
export { type CapturedPacket, formatPcap, type PacketToWrite, parsePcap, readPcap, writePcap } from './pcap/index.js';
export { createSwitch, defaultCpuPort, type PacketResult, type SwitchCore, type SwitchOptions } from './switch/core.js';
export type { DataPlane, OutputPacket } from './switch/messages.js';
