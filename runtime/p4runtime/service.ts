import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { definitions } from './proto.js';

/** The service p4.v1.P4Runtime, for servers and clients. */
export function p4RuntimeService(): ServiceClientConstructor {
  const root = loadPackageDefinition(definitions()) as unknown as { p4: { v1: { P4Runtime: ServiceClientConstructor } } };
  return root.p4.v1.P4Runtime;
}
