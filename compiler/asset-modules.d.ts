/** What scripts/asset-modules.js makes of files that are not TypeScript. */
declare module '*.hbs' {
  const template: (values: object) => string;
  export default template;
}
declare module '*.proto' {
  const descriptor: import('protobufjs').INamespace;
  /** For protobufjs. */
  export default descriptor;

  export interface FieldSpec {
    readonly name: string;
    readonly id: number;
    /** A scalar type of protobuf, `enum`, or the full name of a message. */
    readonly type: string;
    /** The numbers of an enum's members. */
    readonly values?: Readonly<Record<string, number>>;
    readonly repeated?: true;
    /** Also repeated: its type is that of its entries, messages with the fields `key` and `value`. */
    readonly map?: true;
    /** In a oneof: there also when it has its default value. */
    readonly oneof?: true;
  }
  /** The fields of each message, by its full name, in the order of their numbers. */
  export const messages: Readonly<Record<string, readonly FieldSpec[]>>;
}
/** protobufjs without its parser of .proto files, in one file: it is loaded in a third of the time. */
declare module 'protobufjs/dist/light/protobuf.min.js' {
  import protobuf from 'protobufjs';
  export default protobuf;
}
