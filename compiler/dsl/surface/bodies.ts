/** Bodies: `c` is where statements exist. */
import type { argumentsOf, handleOf, structOf } from './brands.js';
import type { AnyNewType, BitType, DataType, Fields } from './data-types.js';
import type {
  Bool,
  BoolRef,
  EnumExpr,
  EnumRef,
  Expr,
  ExprOf,
  Exprs,
  HashData,
  NewExpr,
  NewRef,
  Operand,
  OperandOf,
  Operands,
  Ref,
  SignedExpr,
  SignedRef,
  TextFor,
} from './expressions.js';
import type { AnyStackView } from './headers.js';
import type {
  KeysReferredBy,
  KeysReferTo,
  ParamsReferTo,
  RestrictedEntry,
  RestrictedKeys,
  RestrictedParams,
  Restriction,
} from './restrictions.js';
import type { Refused } from './shown.js';
import type { Cell, CellExpr, CellOperand, Counter, Digest, DirectMeter, Meter, NoOther, Register, Unit } from './state.js';
import type { Block, Statements, Synchronous } from './statements.js';
import type {
  Action,
  ActionCall,
  ActionProfile,
  ActionRef,
  AnyAction,
  Entry,
  Hit,
  Impl,
  Keys,
  Params,
  ParamViews,
  Table,
} from './tables.js';

/** Cases by the action that a table ran. Nothing runs where no case fits. */
export interface Switch<A extends string> {
  /** Runs when the table ran this action, or one of a list, by an entry or by its default. */
  case(action: ActionRef<A> | readonly ActionRef<A>[], body: Block): Switch<A>;
  /** Runs when the table ran another action; the last case. */
  default(body: Block): void;
}
/** Cases by what `c.switch` is on: the action that ran, or a value. */
export type SwitchOn<S> =
  S extends Hit<infer A> ? Switch<A> : ValueSwitch<S extends EnumExpr<infer N> ? EnumExpr<N> : number | bigint | TextFor<S>>;
/** Cases by value. Nothing runs where no case fits. */
export interface ValueSwitch<V> {
  /** Runs for this value, or for each of a list. */
  case(value: V | readonly V[], body: Block): ValueSwitch<V>;
  /** Runs for every other value; the last case. */
  default(body: Block): void;
}
/** A control of its own, with its own names: `c.apply` runs it. */
export type SubControl<R> = R & AnySubControl;
/** A control that `ctl.control` made. */
export interface AnySubControl {
  readonly [structOf]: 'control';
}
/** A function of the program: `c.invoke` calls it. */
export interface Func<P extends Fields, T extends DataType> {
  readonly functionName: string;
  readonly [handleOf]: { readonly params: P; readonly returns: T };
}
/** Hash algorithms of v1model. crc16 is that of ARC (0x8005, reflected), crc32 that of Ethernet. */
export type HashAlgorithm = 'crc16' | 'crc32' | 'csum16' | 'xor16' | 'identity' | 'crc16_custom' | 'crc32_custom';
/** Metadata that survives when a packet starts again. */
export interface Keep {
  readonly keep?: readonly (Ref<number> | SignedRef<number> | EnumRef<string> | NewRef<AnyNewType> | BoolRef)[];
}
/** Names a target: `bmv2` and `tofino` are such tags, for `c.on`. */
export interface TargetTag<T> {
  readonly target: string;
  readonly [handleOf]?: T;
}
/** What follows on `c.on`. */
export interface Otherwise {
  /** Recorded for the other targets. */
  otherwise(f: Block): void;
}
/** The statements that every block of a control has. */
export interface Body extends Statements {
  /** Makes room for `count` invalid headers at the front. */
  push(stack: AnyStackView, count: number): void;
  /** Removes `count` headers from the front. */
  pop(stack: AnyStackView, count: number): void;
  /**
   * Looks the packet up in a table and runs the action; a packet passes a table once. Or runs a control of its own, made by
   * `ctl.control`.
   */
  apply<T extends Table<unknown, string, Impl> | AnySubControl>(applied: T): T extends Table<unknown, infer A, Impl> ? Hit<A> : void;
  /**
   * Cases by the action that ran, where it follows directly on `c.apply`; or by a value, where the first case that has it is
   * taken: the bits of a number or of a type of its own, the members of an enum.
   */
  switch<S extends Hit<string> | Expr<number> | EnumExpr<string> | NewExpr<AnyNewType>>(on: S): SwitchOn<S>;
  /** Runs an action, with a value for each parameter. */
  call<A extends AnyAction>(action: A, ...args: A[typeof argumentsOf]): void;
  /** Calls a function made by `ctl.function`. The result is computed here, once. */
  invoke<P extends Fields, T extends DataType>(f: Func<P, T>, args: Operands<P>): ExprOf<T>;
  /** Ends the block. */
  exit(): void;
  /** Ends the action, or the apply block of a control. */
  return(): void;
  /** Counts the packet in cell `index`, from 0; nothing is counted beyond the size. */
  count(counter: Counter, index: number | bigint | Expr<32>): void;
  /** The colour of cell `index`, by RFC 2698, colour-blind; green where no rates are configured. */
  meter(meter: Meter, index: number | bigint | Expr<32>): EnumExpr<'MeterColor'>;
  /** The colour of the entry that the meter's table hit. */
  meter(meter: DirectMeter): EnumExpr<'MeterColor'>;
  /** `base` + hash modulo `max`; the data are packed without gaps. Without `max`, the hash as wide as `type`. */
  hash<W extends number>(
    algorithm: HashAlgorithm,
    type: BitType<W>,
    over: readonly HashData[],
    range?: { readonly base?: Operand<W>; readonly max: number | bigint },
  ): Expr<W>;
  /** Between `low` and `high`, both included. */
  random<W extends number>(type: BitType<W>, low: Operand<W>, high: Operand<W>): Expr<W>;
  /** Adapts a ones' complement checksum to fields that change, without the rest of the data (RFC 1624). */
  updateChecksumBy<const C extends readonly Expr<number>[]>(
    field: Ref<16>,
    changes: { readonly [I in keyof C]: readonly [old: C[I], now: Operand<number> | TextFor<C[I]>] },
  ): void;
  /** For debugging: `{}` in the text stand for the values. */
  log(text: string, ...values: (Expr<number> | SignedExpr<number> | Bool)[]): void;
  /** For debugging: BMv2 stops when it does not hold. */
  assert(cond: Bool): void;
  /** For debugging: what is true of every packet, for tools that verify programs. BMv2 stops when it is not. */
  assume(cond: Bool): void;
  /** One atomic read-modify-write. Without `next` it only reads; without `result` it only writes. */
  update<C, const N extends CellOperand<C>, R extends Operand<number> | NewExpr<AnyNewType> | undefined = undefined>(
    register: Register<C>,
    index: number | bigint | Expr<32>,
    f: (cell: CellExpr<C>) => { readonly next?: N & NoOther<C, N>; readonly result?: R },
  ): R extends NewExpr<infer T> ? NewExpr<T> : R extends Expr<infer W> ? Expr<W> : void;
  /** Recorded for that target only; the others get what `otherwise` records, or nothing. */
  on<T>(target: TargetTag<T>, f: (intrinsics: T) => Synchronous): Otherwise;
}
/** Where the packet goes. forward, drop, multicast, toController: the last one wins; a packet with none is dropped. */
export interface IngressBody<PI extends Fields = {}> extends Body {
  /** Sends the packet to a port. */
  forward(port: number | bigint | Expr<9>): void;
  /** Drops the packet when ingress ends; the statements that follow still run. */
  drop(): void;
  /** Sends a copy to each replica of a multicast group; none for a group that does not exist. */
  multicast(group: number | bigint | Expr<16>): void;
  /** Sends the packet to the controller, with the metadata that the pipeline declares as `packetIn`. */
  toController(metadata: keyof PI extends never ? Refused<'the pipeline declares no packetIn'> : Operands<PI>): void;
  /**
   * Which queue of its port the packet waits in: 0, where nothing is said, to 7, which goes first. BMv2 drops packets of a
   * priority that it has no queue for: start it with `--priority-queues 8`.
   */
  setPriority(priority: number | bigint | Expr<3>): void;
  /** The packet starts again at the parser as it leaves; egress does not run. */
  recirculate(options?: Keep): void;
  /** Ends ingress; the packet as it arrived starts again at the parser. */
  resubmit(options?: Keep): never;
  /** A copy of the packet as it arrived goes to the session, whatever becomes of the packet. */
  mirror(session: number | bigint | Expr<10>, options?: Keep): void;
  /** Tells the controller. */
  digest<F extends Fields>(digest: Digest<F>, value: Operands<NoInfer<F>>): void;
}
/** The statements of egress, where the port of the packet is settled. */
export interface EgressBody<PI extends Fields = {}> extends Body {
  /** Drops the packet when egress ends; the statements that follow still run. */
  drop(): void;
  /**
   * The metadata of packets that go to the controller in another way than by `toController` in ingress: by a mirror, a
   * multicast group or `forward` to its port. No effect on packets to other ports.
   */
  packetIn(metadata: keyof PI extends never ? Refused<'the pipeline declares no packetIn'> : Operands<PI>): void;
  /** A copy of the packet as it leaves goes to the session. */
  mirror(session: number | bigint | Expr<10>, options?: Keep): void;
}
/** `@name("text")`, `@name(1)`, or `@name` for true: printed into the P4 and known to the P4Info. */
export type Annotations = Readonly<Record<string, string | number | true>>;
/** What an action has besides its parameters and body. */
export interface ActionOptions<P extends Params> {
  /** What the arguments that the control plane gives have to satisfy, as `restrict` of tables. */
  readonly restrict?: (args: RestrictedParams<P>) => Restriction | readonly Restriction[];
  /** The entries that the values of these parameters refer to: they have to be there. */
  readonly refersTo?: ParamsReferTo<P>;
  /** Annotations of the action. */
  readonly annotations?: Annotations;
}
/** What a table has: P4-16 §14.2. */
export interface TableOptions<K extends Keys, A extends readonly ActionRef[], I extends Impl> {
  /** How the packet is matched. The names are those of the control plane. */
  readonly key: K;
  /** What entries can do. */
  readonly actions: A;
  /** Runs on a miss; without one, nothing does. */
  readonly default?: ActionCall<A[number]['actionName']>;
  /** Entries; 1024 where it is not said. */
  readonly size?: number;
  /** The profile or selector that has the actions; entries then name members of it. */
  readonly implementation?: ActionProfile<I>;
  /** A counter for each entry, counting its hits. */
  readonly counter?: Unit;
  /** Entries may have a timeout: the controller is told of those without a hit for that long. */
  readonly idleTimeout?: boolean;
  /** A meter for each entry. */
  readonly meter?: DirectMeter;
  /** Entries that the table begins with. */
  readonly entries?: readonly Entry<NoInfer<K>, NoInfer<A>[number]['actionName'], 'direct'>[];
  /** The control plane cannot change the entries. */
  readonly constEntries?: boolean;
  /**
   * What every entry has to satisfy; several conditions all hold. The control plane knows it (p4-constraints): switches and
   * controllers of p4ts refuse other entries.
   */
  readonly restrict?: (keys: RestrictedKeys<NoInfer<K>>, entry: RestrictedEntry) => Restriction | readonly Restriction[];
  /** The entries of other tables that the values of these keys refer to: they have to be there. */
  readonly refersTo?: KeysReferTo<NoInfer<K>>;
  /** By which of these keys the replicas of multicast groups refer to entries of this table. */
  readonly referredBy?: KeysReferredBy<NoInfer<K>>;
  /** Annotations of the table. */
  readonly annotations?: Annotations;
  /** For one target: a stage of the chip. */
  readonly on?: { readonly tofino?: { readonly stage?: number } };
}
/** Declares what a control has. The names are control-plane ABI: table `routes` of block `ingress` is `ingress.routes`. */
export interface Ctl<B extends Body> {
  /** An instance of a shared control: names inside become instance.name. */
  scope(instance: string): Ctl<B>;
  /**
   * An action. Parameters with a plain type are given by entries; `input`, `output` and `inout` ones by the program.
   */
  action<const N extends string, const P extends Params>(
    name: N,
    params: P,
    body: (c: B, args: ParamViews<P>) => Synchronous,
    options?: ActionOptions<NoInfer<P>>,
  ): Action<N, P>;
  /** A control of its own inside this one: what it declares is called name.x. */
  control<R>(name: string, declare: (ctl: Ctl<B>) => R): SubControl<R>;
  /** A function of the program; `body` returns what it returns. */
  function<const P extends Fields, T extends DataType>(
    name: string,
    params: P,
    returns: T,
    body: (c: Body, args: Exprs<P>) => OperandOf<T>,
  ): Func<P, T>;
  /** An action profile: members with actions that entries name; `size` members at most. */
  profile(name: string, options: { readonly size: number }): ActionProfile<'profile'>;
  /**
   * An action selector: as a profile, with groups, of which the hash over `over` chooses a member. `size` is the most
   * members of all groups together, `maxGroup` of one group.
   */
  selector(
    name: string,
    options: { readonly size: number; readonly maxGroup: number; readonly hash: 'crc16' | 'crc32'; readonly over: readonly HashData[] },
  ): ActionProfile<'selector'>;
  /** A table. */
  table<const K extends Keys, const A extends readonly ActionRef[], I extends Impl = 'direct'>(
    name: string,
    options: TableOptions<K, A, I>,
  ): Table<K, A[number]['actionName'], I>;
  /** `size` cells, indexed by the program. */
  counter(name: string, options: { readonly size: number; readonly unit: Unit }): Counter;
  /** A meter with `size` cells, indexed by the program; two rates and three colours (RFC 2698). */
  meter(name: string, options: { readonly size: number; readonly unit: 'packets' | 'bytes' }): Meter;
  /** A meter with a cell for each entry of the table that has it as its option `meter`. */
  directMeter(name: string, options: { readonly unit: 'packets' | 'bytes' }): DirectMeter;
  /** A register of `size` cells, 0 at the start. A cell is one number or several with names. */
  register<const C extends Cell>(name: string, cell: C, size: number): Register<C>;
  /** A digest with these fields. The name is that of the struct in P4 and of the digest in the control plane. */
  digest<const F extends Fields>(name: string, fields: F): Digest<F>;
  /** What the control does with each packet. */
  apply(f: (c: B) => Synchronous): void;
}
