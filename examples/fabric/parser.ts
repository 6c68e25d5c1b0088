/** Ethernet with an optional tag, ARP, IPv4, IPv6, what is in tunnels of IPv6, and the ports of TCP and UDP. */
import type { Headers, StateCtx } from 'p4ts';
import {
  arpStates,
  EtherType,
  ethernetStates,
  IpProtocol,
  icmpStates,
  ipv4States,
  ipv6States,
  tcpStates,
  udpStates,
  vlanStates,
} from 'p4ts/headers';
import type { headers } from './packet.js';

const network = { [EtherType.ipv4]: 'ipv4', [EtherType.ipv6]: 'ipv6', [EtherType.arp]: 'arp' } as const;
const transport = { [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp' } as const;
const inside = { ...transport, [IpProtocol.icmp]: 'icmp', [IpProtocol.icmpv6]: 'icmp' } as const;
const tunnels = { [IpProtocol.ipv4]: 'innerIpv4', [IpProtocol.ipv6]: 'innerIpv6', [IpProtocol.gre]: 'gre' } as const;

export const parser = {
  start: (p: StateCtx<'ethernet'>) => p.goto('ethernet'),
  ...ethernetStates({ ...network, [EtherType.vlan]: 'vlan' }),
  ...vlanStates(network),
  ...arpStates(),
  ...ipv4States(inside),
  ...ipv6States({ ...inside, ...tunnels }),
  /** Without checksum, key and sequence number: a packet with one of these stays as it is. */
  gre(p: StateCtx<'innerIpv4' | 'innerIpv6'>, { hdr }: { hdr: Pick<Headers<typeof headers>, 'gre'> }) {
    const { checksumPresent, keyPresent, sequencePresent, version, protocol } = hdr.gre;
    p.extract(hdr.gre);
    return p
      .select(checksumPresent, keyPresent, sequencePresent, version, protocol)
      .when([0, 0, 0, 0, EtherType.ipv4], 'innerIpv4')
      .when([0, 0, 0, 0, EtherType.ipv6], 'innerIpv6')
      .otherwise('accept');
  },
  ...ipv4States(inside, { as: 'innerIpv4' }),
  ...ipv6States(inside, { as: 'innerIpv6' }),
  ...icmpStates(),
  ...tcpStates(),
  ...udpStates(),
};
