/** Packets between the switch and its controller: metadata becomes a header in front of the packet, and back ("Packet I/O"). */

import type { ControllerField, ControllerHeader } from '../../compiler/control/schema.js';
import { byteLength, readBits, toBytes } from '../../compiler/support/bits.js';
import { concatBytes, toHex } from '../../compiler/support/bytes.js';
import { decodeBits } from '../p4runtime/bytestrings.js';
import type { PacketIn, PacketOut } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import { decodeValue, encodeValue } from './translation.js';

/**
 * The bytes that enter the CPU port: the header `packet_out`, then the payload. Padding that is not given is 0.
 * @throws Refusal INVALID_ARGUMENT when the metadata is not that of P4Info
 */
export function encodePacketOut(header: ControllerHeader | undefined, packet: PacketOut): Uint8Array {
  const payload = packet.payload ?? new Uint8Array();
  const fields = header?.fields ?? [];
  const given = new Map<number, Uint8Array | undefined>();
  for (const { metadata_id: id = 0, value } of packet.metadata ?? []) {
    const field = id === 0 ? undefined : fields.find((f) => f.id === id);
    if (!field) {
      const known = fields.flatMap((f) => (f.id === undefined ? [] : [`${f.name} (${f.id})`]));
      return refuse('no-such-metadata', { id, known });
    }
    if (given.has(id)) return refuse('duplicate-metadata', { at: `packet_out, field ${field.name}` });
    given.set(id, value);
  }
  if (!header) return payload;
  let bits = 0n;
  for (const field of fields) {
    bits = (bits << BigInt(field.deviceWidth)) | fieldValue(field, given);
  }
  const length = byteLength(header.width);
  // A header of P4 is whole bytes long; should it not be, its bits start at the first one.
  return concatBytes(toBytes(bits << BigInt(8 * length - header.width), length), payload);
}

function fieldValue(field: ControllerField, given: ReadonlyMap<number, Uint8Array | undefined>): bigint {
  const at = `packet_out, field ${field.name}`;
  if (field.id === undefined || !given.has(field.id)) return field.isPadding ? 0n : refuse('missing-metadata', { at });
  const bytes = given.get(field.id);
  if (field.translation) return decodeValue(bytes, field, at);
  return (
    decodeBits(bytes, field.width) ?? refuse('metadata-out-of-range', { at, bytes: toHex(bytes ?? new Uint8Array()), width: field.width })
  );
}

/** What left through the CPU port, with the header `packet_in` cut off; undefined when it is shorter than that header. */
export function decodePacketIn(header: ControllerHeader | undefined, bytes: Uint8Array): PacketIn | undefined {
  if (!header) return { payload: bytes };
  const length = byteLength(header.width);
  if (bytes.length < length) return undefined;
  let offset = 0;
  const metadata = header.fields.flatMap((field) => {
    const value = readBits(bytes, offset, field.deviceWidth);
    offset += field.deviceWidth;
    return field.id === undefined ? [] : [{ metadata_id: field.id, value: encodeValue(value, field) }];
  });
  return { payload: bytes.subarray(length), metadata };
}
