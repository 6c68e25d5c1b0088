/** What the checksums of the headers' library cover. */
import { bit, build, packet, pipeline } from 'p4ts';
import { IcmpEcho, Icmpv6, Icmpv6Type, Ipv6, icmpv6Checksummed } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';

const echoes = pipeline('echoes', {
  headers: { ipv6: Ipv6, icmpv6: Icmpv6, echo: IcmpEcho },
  metadata: { length: bit(16) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ipv6, hdr.icmpv6, hdr.echo);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    ctl.apply((c) => {
      c.set(meta.length, hdr.ipv6.payloadLength);
      c.forward(1);
    });
  },
  deparser(d, { hdr, meta }) {
    d.updateChecksum(hdr.icmpv6.checksum, [...icmpv6Checksummed(hdr.ipv6, hdr.icmpv6, meta.length), hdr.echo], { payload: true });
    d.emit(hdr.ipv6, hdr.icmpv6, hdr.echo);
  },
});

test.each([
  // RFC 1071: the complement of the sum of fe80, 1, fe80, 2, the length 8, 3a, 8000, 1234 and 1. The other two add their length and data.
  ['', 0x7083],
  ['\u0001\u0000', 0x6f81],
  ['\u0001', 0x6f82],
])('ICMPv6 covers its pseudo-header, of which the length is in the metadata: data %j', async (data, checksum) => {
  const bytes = (sum: number) =>
    packet(
      build(Ipv6, {
        version: 6,
        dscp: 0,
        ecn: 0,
        flowLabel: 0,
        payloadLength: 8 + data.length,
        nextHeader: 58,
        hopLimit: 64,
        src: 'fe80::1',
        dst: 'fe80::2',
      }),
      build(Icmpv6, { type: Icmpv6Type.echoRequest, code: 0, checksum: sum }),
      build(IcmpEcho, { identifier: 0x1234, sequenceNumber: 1 }),
      new TextEncoder().encode(data),
    );
  await using sw = await simulate(echoes);
  expect(await sw.send(1, bytes(0))).toMatchObject([{ port: 1, packet: bytes(checksum) }]);
});
