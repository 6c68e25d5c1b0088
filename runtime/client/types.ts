/** Types of what controllers read and write, derived from the pipeline; nothing here exists at run time. */
import type {
  ActionCall,
  BitType,
  Entry,
  EntryAction,
  EntryKey,
  Expand,
  Fields,
  Impl,
  Key,
  Pipeline,
  Table,
} from '../../compiler/dsl/surface.js';
import type { LpmVal, Out, Vals } from '../../compiler/dsl/values.js';
import type { CounterValue, ReadAction } from './entry.js';
import type { MeterInput, MeterRates } from './meter.js';

/** A pipeline, or a program in P4, with any handles. */
export type AnyPipeline = Pipeline<any, any, any, any, any>;
export type PacketInOf<P> = P extends Pipeline<any, any, infer PI extends Fields, any, any> ? PI : never;
export type PacketOutOf<P> = P extends Pipeline<any, any, any, infer PO extends Fields, any> ? PO : never;

/** The metadata of a packet-out; none if the pipeline declares no `packetOut`. */
export type PacketOutVals<P> = keyof PacketOutOf<P> extends never ? Readonly<Record<string, never>> : Vals<PacketOutOf<P>>;

type ReadMatchVal<M, T> = M extends 'lpm'
  ? T extends BitType<number, 'ipv4' | 'ipv6'>
    ? LpmVal<T>
    : { readonly value: Out<T>; readonly prefix: number }
  : M extends 'ternary'
    ? Out<T> | { readonly value: Out<T>; readonly mask: Out<T> }
    : M extends 'range'
      ? { readonly low: Out<T>; readonly high: Out<T> }
      : Out<T>;
type Omittable = 'ternary' | 'range' | 'optional';
/** What an entry matches, as it is read: keys that match everything are absent, unless they are lpm. */
export type ReadMatch<K> = Expand<
  {
    readonly [N in keyof K as K[N] extends Key<'exact' | 'lpm', unknown> ? N : never]: K[N] extends Key<infer M, infer T>
      ? ReadMatchVal<M, T>
      : never;
  } & {
    readonly [N in keyof K as K[N] extends Key<Omittable, unknown> ? N : never]?: K[N] extends Key<infer M, infer T>
      ? ReadMatchVal<M, T>
      : never;
  }
>;
type HasOmittable<K> = true extends { [N in keyof K]: K[N] extends Key<Omittable, unknown> ? true : never }[keyof K] ? true : false;

type ReadPriority<K> = HasOmittable<K> extends true ? { readonly priority: number } : { readonly priority?: never };

/** The optional parts of an entry. */
export interface EntryOptions {
  /** For a table with a meter; without it, every packet is green. */
  readonly meter?: MeterInput;
  /** For a table with `idleTimeout`: after this time without a hit, the controller gets a notification. */
  readonly idleTimeoutNs?: number | bigint;
  /** The switch stores it and does not interpret it. */
  readonly metadata?: Uint8Array | string;
}
/** An entry as it is read: what was written, and its counter where the table has one. */
export type EntryRead<K, A extends string, I extends Impl = 'direct'> = {
  readonly match: ReadMatch<K>;
  readonly action: I extends 'direct' ? ReadAction & ActionCall<A> : EntryAction<A, I>;
  readonly counter?: CounterValue;
  readonly meter?: MeterRates;
  readonly idleTimeoutNs?: bigint;
  readonly metadata?: Uint8Array;
} & ReadPriority<K>;
/** An entry without a hit for its idle timeout. */
export type IdleEntry<K> = { readonly match: ReadMatch<K>; readonly idleTimeoutNs: bigint } & ReadPriority<K>;

type AnyTable = Table<unknown, string, Impl>;
/** An entry of a table as controllers write it: `EntryOf<typeof routes>`. */
export type EntryOf<T extends AnyTable> = T extends Table<infer K, infer A, infer I> ? Entry<K, A, I> & EntryOptions : never;
/** What identifies an entry of a table, for `get` and `delete`: its match, and its priority where the table has priorities. */
export type EntryKeyOf<T extends AnyTable> = T extends Table<infer K, string, Impl> ? EntryKey<K> : never;
/** An entry of a table as controllers read it. */
export type EntryReadOf<T extends AnyTable> = T extends Table<infer K, infer A, infer I> ? EntryRead<K, A, I> : never;
