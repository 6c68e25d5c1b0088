/**
 * data.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { BitType, BoolType, Digest, EnumType, HeaderType, IntType, NamesType, Register, StackType, StructType, TupleType, UnionType } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Data {
  readonly tables: {};
  readonly actions: {};
  readonly counters: {};
  readonly meters: {};
  readonly registers: {
    /** data.p4:29 */
    readonly 'Work.frames': Register<HeaderType<{
      kind: EnumType<'Kind', 'payload' | 'probe'>;
      port: BitType<8, 'num'>
    }>>;
    /** data.p4:30 */
    readonly 'Work.unions': Register<UnionType<{
      frame: HeaderType<{ kind: EnumType<'Kind', 'payload' | 'probe'>; port: BitType<8, 'num'> }>;
      long: HeaderType<{ length: BitType<16, 'num'>; offset: IntType<8> }>
    }>>;
    /** data.p4:31 */
    readonly 'Work.stacks': Register<StackType<
      { kind: EnumType<'Kind', 'payload' | 'probe'>; port: BitType<8, 'num'> },
      2
    >>;
    /** data.p4:32 */
    readonly 'Work.records': Register<{
      frame: HeaderType<{ kind: EnumType<'Kind', 'payload' | 'probe'>; port: BitType<8, 'num'> }>;
      inner: StructType<{ high: BitType<4, 'num'>; low: BitType<4, 'num'> }>;
      phase: NamesType<'idle' | 'running'>;
      reason: NamesType<
        'NoError'
          | 'PacketTooShort'
          | 'NoMatch'
          | 'StackOutOfBounds'
          | 'HeaderTooShort'
          | 'ParserTimeout'
          | 'ParserInvalidArgument'
          | 'Refused'
      >;
      known: BoolType;
      pair: TupleType<[BitType<8, 'num'>, NamesType<'idle' | 'running'>]>
    }>;
    /** data.p4:33 */
    readonly 'Work.pairs': Register<TupleType<[BitType<8, 'num'>, NamesType<'idle' | 'running'>]>>;
    /** data.p4:34 */
    readonly 'Work.phases': Register<NamesType<'idle' | 'running'>>;
    /** data.p4:35 */
    readonly 'Work.reasons': Register<NamesType<
      'NoError'
        | 'PacketTooShort'
        | 'NoMatch'
        | 'StackOutOfBounds'
        | 'HeaderTooShort'
        | 'ParserTimeout'
        | 'ParserInvalidArgument'
        | 'Refused'
    >>;
  };
  readonly digests: {
    readonly 'told_t': Digest<{
      frame: HeaderType<{ kind: EnumType<'Kind', 'payload' | 'probe'>; port: BitType<8, 'num'> }>;
      inner: StructType<{ high: BitType<4, 'num'>; low: BitType<4, 'num'> }>;
      phase: NamesType<'idle' | 'running'>;
      reason: NamesType<
        'NoError'
          | 'PacketTooShort'
          | 'NoMatch'
          | 'StackOutOfBounds'
          | 'HeaderTooShort'
          | 'ParserTimeout'
          | 'ParserInvalidArgument'
          | 'Refused'
      >;
      known: BoolType;
      pair: TupleType<[BitType<8, 'num'>, NamesType<'idle' | 'running'>]>
    }>;
    readonly 'digest_0': Digest<{
      '0': EnumType<'Kind', 'payload' | 'probe'>;
      '1': BitType<4, 'num'>
    }>;
    readonly 'frame_t': Digest<{
      kind: EnumType<'Kind', 'payload' | 'probe'>;
      port: BitType<8, 'num'>
    }>;
    readonly 'digest_1': Digest<{ value: BitType<8, 'num'> }>;
  };
  readonly profiles: {};
  readonly valueSets: {};
  readonly packetIn: {};
  readonly packetOut: {};
}

export const data = await loadP4<Data>(new URL('./data.p4', import.meta.url));
