/** What scripts/asset-modules.js makes of files that are not TypeScript. */
declare module '*.hbs' {
  const template: (values: object) => string;
  export default template;
}
declare module '*.proto' {
  const descriptor: import('protobufjs').INamespace;
  export default descriptor;
}
/** protobufjs without its parser of .proto files, in one file: it is loaded in a third of the time. */
declare module 'protobufjs/dist/light/protobuf.min.js' {
  import protobuf from 'protobufjs';
  export default protobuf;
}
