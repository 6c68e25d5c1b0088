import { loadPackageDefinition, logVerbosity, type ServiceClientConstructor, setLogVerbosity } from '@grpc/grpc-js';
import { definitions } from './proto.js';

/** The service p4.v1.P4Runtime, for servers and clients. */
export function p4RuntimeService(): ServiceClientConstructor {
  // What goes wrong is told by diagnostics and statuses; the library would print it as well.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  const root = loadPackageDefinition(definitions()) as unknown as { p4: { v1: { P4Runtime: ServiceClientConstructor } } };
  return root.p4.v1.P4Runtime;
}
