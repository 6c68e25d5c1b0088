import { loadPackageDefinition, logVerbosity, type ServiceClientConstructor, type ServiceDefinition, setLogVerbosity } from '@grpc/grpc-js';
import type { PackedReadResponse, PackedWriteRequest } from './packed-messages.js';
import { decodeMessage, definitions, encodeMessage } from './proto.js';

const serviceName = 'p4.v1.P4Runtime';

/** The service p4.v1.P4Runtime, for servers and clients. What a Write and an answer to a Read hold is packed. */
export function p4RuntimeService(): ServiceClientConstructor {
  // What goes wrong is told by diagnostics and statuses; the library would print it as well.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  const all = definitions();
  const declared = all[serviceName] as ServiceDefinition;
  const packed: ServiceDefinition = {
    ...declared,
    Write: {
      ...(declared.Write as ServiceDefinition[string]),
      requestSerialize: (request: PackedWriteRequest) => encodeMessage('p4ts.WriteRequest', request),
      requestDeserialize: (bytes: Buffer): PackedWriteRequest => decodeMessage('p4ts.WriteRequest', bytes),
    },
    Read: {
      ...(declared.Read as ServiceDefinition[string]),
      responseSerialize: (response: PackedReadResponse) => encodeMessage('p4ts.ReadResponse', response),
      responseDeserialize: (bytes: Buffer): PackedReadResponse => decodeMessage('p4ts.ReadResponse', bytes),
    },
  };
  const root = loadPackageDefinition({ ...all, [serviceName]: packed }) as unknown as {
    p4: { v1: { P4Runtime: ServiceClientConstructor } };
  };
  return root.p4.v1.P4Runtime;
}
