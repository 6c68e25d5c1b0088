/** Types of what controllers read and write, derived from the pipeline; nothing here exists at run time. */
import type { ActionCall, BitType, Fields, Key, LpmVal, Out, Pipeline, Val } from '../../compiler/dsl/surface.js';
import type { CounterValue, ReadAction } from './entry.js';

export type AnyPipeline = Pipeline<any, any, any, any, any>;
export type PacketInOf<P> = P extends Pipeline<any, any, infer PI extends Fields, any, any> ? PI : never;
export type PacketOutOf<P> = P extends Pipeline<any, any, any, infer PO extends Fields, any> ? PO : never;

/** A value as it is read, which can also be written. */
export type ReadVal<T> = T extends BitType<any, 'mac' | 'ipv4' | 'ipv6'> ? Extract<Val<T>, string> : Out<T>;
type ReadMatchVal<M, T> = M extends 'lpm'
  ? T extends BitType<any, 'ipv4' | 'ipv6'>
    ? LpmVal<T>
    : { readonly value: ReadVal<T>; readonly prefix: number }
  : M extends 'ternary'
    ? ReadVal<T> | { readonly value: ReadVal<T>; readonly mask: ReadVal<T> }
    : M extends 'range'
      ? { readonly low: ReadVal<T>; readonly high: ReadVal<T> }
      : ReadVal<T>;
type Omittable = 'ternary' | 'range' | 'optional';
/** Keys that match everything are absent, unless they are lpm. */
export type ReadMatch<K> = {
  readonly [N in keyof K as K[N] extends Key<'exact' | 'lpm', any> ? N : never]: K[N] extends Key<infer M, infer T>
    ? ReadMatchVal<M, T>
    : never;
} & {
  readonly [N in keyof K as K[N] extends Key<Omittable, any> ? N : never]?: K[N] extends Key<infer M, infer T> ? ReadMatchVal<M, T> : never;
};
type HasOmittable<K> = true extends { [N in keyof K]: K[N] extends Key<Omittable, any> ? true : never }[keyof K] ? true : false;

/** An entry as it is read: what was written, and its counter where the table has one. */
export type EntryRead<K, A extends string> = {
  readonly match: ReadMatch<K>;
  readonly action: ReadAction & ActionCall<A>;
  readonly counter?: CounterValue;
} & (HasOmittable<K> extends true ? { readonly priority: number } : { readonly priority?: never });
