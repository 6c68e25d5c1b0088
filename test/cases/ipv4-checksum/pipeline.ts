/** The checksum of IPv4: verified, and computed anew where the TTL has changed. */
import { pipeline } from 'p4ts';
import { Ipv4, ipv4Checksummed, ipv4States } from 'p4ts/headers';

export const hop = pipeline('hop', {
  headers: { ipv4: Ipv4 },
  parser: { start: (p) => p.goto('ipv4'), ...ipv4States<never>({}) },
  ingress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.if(std.checksumError, () => c.drop()).else(() => c.forward(1));
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
    });
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4));
    d.emit(hdr.ipv4);
  },
});
