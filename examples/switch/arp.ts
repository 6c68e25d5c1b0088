import { build, type Ipv4Address, type MacAddress } from 'p4ts';
import { Arp, EtherType } from 'p4ts/headers';
import { ethernetFrame } from '../packets.js';

interface Host {
  readonly mac: MacAddress;
  readonly ip: Ipv4Address;
}

/** An ARP message of Ethernet and IPv4 from one station to another. */
export function arp(operation: number, from: Host, to: Host): Uint8Array {
  const addresses = { senderMac: from.mac, senderIp: from.ip, targetMac: to.mac, targetIp: to.ip };
  const message = build(Arp, {
    hardwareType: 1,
    protocolType: EtherType.ipv4,
    hardwareLength: 6,
    protocolLength: 4,
    operation,
    ...addresses,
  });
  return ethernetFrame(to.mac, from.mac, EtherType.arp, message, new Uint8Array(18));
}
