/// <reference path="../../compiler/asset-modules.d.ts" />
/** P4Info as protobufjs itself makes it of an object: what p4ts writes and reads is compared with it. */
import protobuf from 'protobufjs/dist/light/protobuf.min.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import descriptor from '../../compiler/p4info/proto/p4/config/v1/p4info.proto';
import { fromBinary } from '../../compiler/p4info/read.js';
import { p4infoMessage } from '../../compiler/p4info/schema.js';

const schema = protobuf.Root.fromJSON(descriptor).lookupType(p4infoMessage);

/** With all lists, also those that are empty. */
export const completeP4Info = (message: object): P4Info => fromBinary(schema.encode(schema.fromObject(message)).finish());
