/** Packets to and from the controller, as the shell writes them. */
import { toHex } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import { P4RuntimeError } from '../../runtime/client/errors.js';
import { parsePacketOut } from './lines.js';

export function packetOut(text: string, sw: AnySwitch): void {
  checkPrimary(sw);
  const { payload, metadata } = parsePacketOut(text, sw.schema);
  sw.packetOut(payload, metadata);
}

/** `FIELD=VALUE … HEX` of each packet that comes, `packet-out`'s own form. */
export async function* packetIns(text: string, sw: AnySwitch): AsyncGenerator<string> {
  if (!/^\d*$/.test(text)) fail('shell-command', { problem: `"${text}" is not a number of packets` });
  checkPrimary(sw);
  let left = text === '' ? Number.POSITIVE_INFINITY : Number(text);
  if (left === 0) return;
  for await (const { payload, ...metadata } of sw.packetIns()) {
    yield [...Object.entries(metadata).map(([name, value]) => `${name}=${value}`), toHex(payload)].join(' ');
    if (--left === 0) return;
  }
}

/** The switch would drop the packets of a backup, and sends it none. */
function checkPrimary({ session: { isPrimary, address } }: AnySwitch): void {
  if (!isPrimary)
    throw new P4RuntimeError('PERMISSION_DENIED', `another controller is the primary of ${address}: only a primary sends and gets packets`);
}
