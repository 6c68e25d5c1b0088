/** An architecture as data: what its include file declares and what its blocks look like. */
import type { Direction } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { Annotation, EnumDecl, NewtypeDecl, StructDecl, Type } from '../ir/types.js';

export interface ArchParam {
  readonly name: string;
  readonly direction?: Direction;
  /** A type variable of the extern, method or block is a named type of that name. */
  readonly type: Type;
  readonly optional?: boolean;
  readonly is?: ArgumentRole;
  /** It stands for fields, not for what they hold: a field of an invalid header is not there. */
  readonly asFields?: boolean;
  /** What it must be, beside its type: fields of bits, a value of a declared struct, or a list of fields of the metadata. */
  readonly takes?: 'bits' | 'struct' | 'metadata-fields';
  /** A constant 0 stands for the number of all values. */
  readonly zeroIsAll?: boolean;
}
/** What an argument is for, whatever its architecture calls it. */
export type ArgumentRole =
  /** The number of cells, or of members. */
  | 'size'
  /** What a counter or meter counts. */
  | 'unit'
  /** The number of a cell. */
  | 'index'
  /** What a digest tells, and what a hash or checksum covers. */
  | 'data'
  /** Of a hash, checksum, meter or random number: where its value is. Of a hash: the least value, and how many there are. */
  | 'result'
  | 'base'
  | 'max'
  /** Of a random number: the bounds, both included. */
  | 'low'
  | 'high'
  /** The fields of metadata that survive. */
  | 'keep';
/** What a function or method does, whatever its architecture calls it. */
export type FunctionRole =
  | 'extract'
  | 'advance'
  | 'emit'
  | 'digest'
  | 'hash'
  | 'checksum'
  /** Copies the packet. */
  | 'mirror'
  /** Fills the header of packets to the controller in packets that leave through its port. */
  | 'fill-packet-in';
export interface ArchMethod {
  readonly name: string;
  readonly role?: FunctionRole;
  /** Says where the packet goes. Where an architecture has such functions, a packet for which none is called is dropped. */
  readonly decides?: boolean;
  /** Of several calls for one packet, the last counts. */
  readonly once?: boolean;
  readonly typeParams?: readonly string[];
  readonly returns: Type;
  readonly params: readonly ArchParam[];
  /** Its body is written at the instance. */
  readonly abstract?: boolean;
  /** The blocks that may call it, by name or kind; without it, all. */
  readonly blocks?: readonly string[];
  /** Takes an argument for each field, other than padding, of the controller header with this name, after `params`. */
  readonly fieldsOf?: string;
  /** Ends the block in which it is called. */
  readonly ends?: boolean;
  /** Takes a function given at the call, which reads and writes a cell of this type and may have a result. */
  readonly givenCell?: Type;
  readonly doc?: string;
  readonly annotations?: readonly Annotation[];
  /** Of a function or method that is there for programs written long ago: the call that says it today. */
  readonly today?: Today;
}
/** A call that has taken the place of an earlier one. */
export interface Today {
  readonly name: string;
  /** In the order of its parameters. */
  readonly args: readonly TodayArg[];
  /** What it is instead in a block of the architecture, by its name. */
  readonly within?: Readonly<Record<string, Today>>;
  /** What it is instead where nothing is kept. */
  readonly keepingNothing?: Today;
}
export type TodayArg =
  /** What is given for this parameter of the earlier call. */
  | { readonly kind: 'old'; readonly param: string }
  /** The number of a list of the fields of metadata that are given for this parameter. */
  | { readonly kind: 'list'; readonly param: string }
  /** The parameter of this type that the code around the call has. */
  | { readonly kind: 'own'; readonly type: string }
  /** What the result of the earlier call is assigned to. */
  | { readonly kind: 'result' }
  | { readonly kind: 'constant'; readonly value: Expr };
/** What objects of an extern are, whatever their architecture calls them. */
export type ExternRole =
  | 'counter'
  | 'meter'
  | 'register'
  | 'action-profile'
  | 'action-selector'
  | 'digest'
  | 'hash'
  | 'checksum'
  | 'random'
  | 'packet-in'
  | 'packet-out';
export interface ArchExtern {
  readonly name: string;
  readonly role?: ExternRole;
  /** Of a counter or meter: it belongs to a table that names it, and has a cell for each of its entries. */
  readonly direct?: boolean;
  /** The type parameters that stand for what a cell or digest holds, and for an index. */
  readonly cellType?: string;
  readonly indexType?: string;
  readonly typeParams?: readonly string[];
  readonly constructors: readonly (readonly ArchParam[])[];
  readonly methods: readonly ArchMethod[];
  readonly doc?: string;
  readonly annotations?: readonly Annotation[];
}
/** A programmable block of the package: a parser or a control, with the names of its parameters. */
export interface ArchBlock {
  /** The parameter of the package, as in `V1Switch(p, vr, ig, eg, ck, dep)`. */
  readonly name: string;
  /** The type that the include file declares for it, such as `VerifyChecksum`. */
  readonly type: string;
  readonly kind: 'parser' | 'control';
  /** In the order of its declaration; without them, those of the package that its parameters name. */
  readonly typeParams?: readonly string[];
  readonly params: readonly ArchParam[];
  /** Where given, its body is nothing but calls of these functions and methods. */
  readonly calls?: readonly string[];
}
/** The ports of a device, and its packet replication engine. */
export interface ArchDevice {
  /** The highest one that packets leave by. */
  readonly maxPort: number;
  /** The highest one that packets arrive at. */
  readonly maxIngressPort: number;
  /** The port to and from the controller, where it is the architecture that says it. */
  readonly cpuPort?: number;
  readonly maxGroup: number;
  /** Of replicas. */
  readonly maxInstance: number;
  readonly maxSession: number;
  /** Of the copies of a clone session. */
  readonly maxClassOfService: number;
  /** Whether direct counters and meters run at each hit; otherwise only where an action calls them. */
  readonly runsDirects: boolean;
}
/** A package type of the include file. Its parameters are blocks, other packages and extern objects without arguments. */
export interface ArchPackage {
  readonly name: string;
  readonly typeParams: readonly string[];
  readonly params: readonly ArchParam[];
}
export interface ArchSpec {
  readonly name: string;
  /** What a program includes for it, such as `v1model.p4`; the portable architecture has none. */
  readonly include?: string;
  /** Other names that programs include it by. */
  readonly alsoIncludedAs?: readonly string[];
  readonly package: string;
  readonly typeParams: readonly string[];
  /** What type variables of the package stand for, where not every type will do: a struct of headers, or any struct. */
  readonly holding: Readonly<Record<string, 'headers' | 'struct'>>;
  /** Where the package does not take its blocks itself: those that do, and the package itself as the last. */
  readonly packages?: readonly ArchPackage[];
  /** In the order in which the package takes them. */
  readonly blocks: readonly ArchBlock[];
  readonly matchKinds: readonly string[];
  readonly newtypes?: readonly NewtypeDecl[];
  readonly enums: readonly EnumDecl[];
  /** Structs of metadata, such as `standard_metadata_t`. */
  readonly structs: readonly StructDecl[];
  readonly errors: readonly string[];
  /** The properties that tables can have, with their types; generic externs of any arguments. */
  readonly tableProperties: Readonly<Record<string, readonly Type[]>>;
  /** Which of these attach a counter, a meter and an action profile to a table. */
  readonly attachments: { readonly counter: string; readonly meter: string; readonly profile: string };
  /** The property by which the controller is told of entries that nothing hits, and the enum member that says so, where it is not `true`. */
  readonly idleTimeout: { readonly property: string; readonly notifies?: string };
  /** How the parser ends when no case of a select matches, where it is not with error.NoMatch (P4-16 §13.6). */
  readonly selectWithoutMatch?: 'reject' | 'accept';
  /** Entries of tables say their priorities; without it, the order in the program decides. */
  readonly entryPriorities?: boolean;
  /** Tables of one action profile have the same actions. */
  readonly sameProfileActions?: boolean;
  /** The enum member that says of a packet that it is a copy. */
  readonly mirrored?: { readonly type: string; readonly member: string };
  /** What the enum members that are units of counters and meters count. */
  readonly units: Readonly<Record<string, 'packets' | 'bytes' | 'both'>>;
  readonly externs: readonly ArchExtern[];
  readonly functions: readonly ArchMethod[];
  /** What the numbers that controllers give to its devices can be; none for an architecture without devices. */
  readonly device?: ArchDevice;
  /** Names that the include file declares or defines and that programs of p4ts make no use of: their own must differ. */
  readonly otherNames?: readonly string[];
  /** What the include file has beside all this. */
  readonly included?: ArchIncluded;
}

/** Declarations of an include file that only programs in P4 use. */
export interface ArchIncluded {
  /** The macro that is defined while the file is read, so that it is read once. */
  readonly guard: string;
  /** A macro that says which version the program wants, where it defines it first, and what a later version has instead. */
  readonly version?: {
    readonly macro: string;
    readonly default: number;
    /** The name of the constant that has the version. */
    readonly constant: string;
    readonly from: number;
    readonly typedefs: Readonly<Record<string, Type>>;
    readonly externs: readonly ArchExtern[];
  };
  readonly macros: Readonly<Record<string, string>>;
  readonly typedefs?: Readonly<Record<string, Type>>;
  readonly constants?: readonly ArchConstant[];
  /** Functions and actions with a body. */
  readonly definitions?: readonly ArchDefinition[];
  readonly externs: readonly ArchExtern[];
  readonly functions: readonly ArchMethod[];
  /** Annotations of the types of blocks, by name. */
  readonly blockAnnotations?: Readonly<Record<string, readonly Annotation[]>>;
}

export interface ArchConstant {
  readonly name: string;
  readonly type: Type;
  readonly value: bigint;
}
export interface ArchDefinition {
  readonly name: string;
  /** In P4. */
  readonly text: string;
}
