/**
 * Header types against bytes that others wrote: packets captured from Linux (examples/router/traffic), and for
 * tunnels, packets laid out by the figures of their specifications.
 */
import { build, dissect, type HeaderType, packet } from 'p4ts';
import {
  Arp,
  ArpOperation,
  Ethernet,
  EtherType,
  Gre,
  GreChecksum,
  GreKey,
  GreSequence,
  Gtpu,
  GtpuExtension,
  GtpuMessage,
  GtpuOptional,
  GtpuPduSession,
  Icmp,
  IcmpEcho,
  IcmpType,
  Icmpv6,
  Icmpv6Type,
  IntBufferOccupancy,
  IntEgressTime,
  IntEgressUtilization,
  IntHopLatency,
  IntIngressTime,
  IntInstruction,
  IntLevel1Interfaces,
  IntLevel2Interfaces,
  IntMd,
  IntNodeId,
  IntQueueOccupancy,
  IntShim,
  IntType,
  IpProtocol,
  Ipv4,
  Ipv6,
  Ipv6Fragment,
  LinkLayerAddress,
  Mpls,
  NeighborDiscovery,
  Tcp,
  Udp,
  UdpPort,
  Vlan,
  Vxlan,
} from 'p4ts/headers';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../support/packets.js';

/** Headers one after the other, each with its bytes. */
type Layer = readonly [HeaderType<any>, string, Record<string, unknown>];

const ping: readonly Layer[] = [
  [Ethernet, '020000000001 020000000011 0800', { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:11', etherType: EtherType.ipv4 }],
  [
    Ipv4,
    '4500 0054 44c4 4000 4001 ded1 0a00010a 0a00020a',
    {
      version: 4,
      ihl: 5,
      dscp: 0,
      ecn: 0,
      totalLength: 84,
      identification: 0x44c4,
      flags: 2,
      fragmentOffset: 0,
      ttl: 64,
      protocol: IpProtocol.icmp,
      checksum: 0xded1,
      src: '10.0.1.10',
      dst: '10.0.2.10',
    },
  ],
  [Icmp, '08 00 effd', { type: IcmpType.echoRequest, code: 0, checksum: 0xeffd }],
  [IcmpEcho, '5b2a 0001', { identifier: 0x5b2a, sequenceNumber: 1 }],
];

const packets: Readonly<Record<string, readonly Layer[]>> = {
  'a ping': ping,
  'an ARP request': [
    [Ethernet, 'ffffffffffff 020000000011 0806', { dst: 'ff:ff:ff:ff:ff:ff', src: '02:00:00:00:00:11', etherType: EtherType.arp }],
    [
      Arp,
      '0001 0800 06 04 0001 020000000011 0a00010a 000000000000 0a000101',
      {
        hardwareType: 1,
        protocolType: EtherType.ipv4,
        hardwareLength: 6,
        protocolLength: 4,
        operation: ArpOperation.request,
        senderMac: '02:00:00:00:00:11',
        senderIp: '10.0.1.10',
        targetMac: '00:00:00:00:00:00',
        targetIp: '10.0.1.1',
      },
    ],
  ],
  'a neighbour solicitation': [
    [Ethernet, '3333ff000001 020000000011 86dd', { dst: '33:33:ff:00:00:01', src: '02:00:00:00:00:11', etherType: EtherType.ipv6 }],
    [
      Ipv6,
      '60000000 0020 3a ff 20010db8000100000000000000000010 ff0200000000000000000001ff000001',
      {
        version: 6,
        dscp: 0,
        ecn: 0,
        flowLabel: 0,
        payloadLength: 32,
        nextHeader: IpProtocol.icmpv6,
        hopLimit: 255,
        src: '2001:db8:1::10',
        dst: 'ff02::1:ff00:1',
      },
    ],
    [Icmpv6, '87 00 1c08', { type: Icmpv6Type.neighborSolicitation, code: 0, checksum: 0x1c08 }],
    [
      NeighborDiscovery,
      '00000000 20010db8000100000000000000000001',
      { router: 0, solicited: 0, override: 0, reserved: 0, target: '2001:db8:1::1' },
    ],
    [LinkLayerAddress, '01 01 020000000011', { type: 1, length: 1, address: '02:00:00:00:00:11' }],
  ],
  'a DNS query': [
    [Ethernet, '020000000001 020000000011 86dd', { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:11', etherType: EtherType.ipv6 }],
    [
      Ipv6,
      '600925b6 0041 11 40 20010db8000100000000000000000010 20010db8000200000000000000000010',
      {
        version: 6,
        dscp: 0,
        ecn: 0,
        flowLabel: 0x925b6,
        payloadLength: 65,
        nextHeader: IpProtocol.udp,
        hopLimit: 64,
        src: '2001:db8:1::10',
        dst: '2001:db8:2::10',
      },
    ],
    [Udp, 'af9a 0035 0041 0be3', { srcPort: 0xaf9a, dstPort: UdpPort.dns, length: 65, checksum: 0x0be3 }],
  ],
  'a TCP SYN': [
    [
      Tcp,
      'e966 1f90 dadc3ca2 00000000 a002 faf0 5031 0000',
      {
        srcPort: 59750,
        dstPort: 8080,
        sequenceNumber: 0xdadc3ca2,
        acknowledgmentNumber: 0,
        dataOffset: 10,
        reserved: 0,
        cwr: 0,
        ece: 0,
        urg: 0,
        ack: 0,
        psh: 0,
        rst: 0,
        syn: 1,
        fin: 0,
        window: 64240,
        checksum: 0x5031,
        urgentPointer: 0,
      },
    ],
  ],
  'a tagged frame': [
    [Ethernet, '020000000001 020000000011 8100', { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:11', etherType: EtherType.vlan }],
    [Vlan, '000a 0800', { pcp: 0, dei: 0, vid: 10, etherType: EtherType.ipv4 }],
  ],
  'a tag with a priority': [[Vlan, 'b064 86dd', { pcp: 5, dei: 1, vid: 100, etherType: EtherType.ipv6 }]],
  'two labels (RFC 3032 §2.1)': [
    [Mpls, '000640ff', { label: 100, trafficClass: 0, bottomOfStack: 0, ttl: 255 }],
    [Mpls, '00c85b40', { label: 3205, trafficClass: 5, bottomOfStack: 1, ttl: 64 }],
  ],
  'a fragment (RFC 8200 §4.5)': [
    [
      Ipv6Fragment,
      '11 00 05a9 cafe0001',
      { nextHeader: IpProtocol.udp, reserved: 0, fragmentOffset: 181, reserved2: 0, moreFragments: 1, identification: 0xcafe0001 },
    ],
  ],
  'VXLAN (RFC 7348 §5)': [[Vxlan, '08 000000 123456 00', { flags: 8, reserved: 0, vni: 0x123456, reserved2: 0 }]],
  'GRE with everything (RFC 2890 §2)': [
    [
      Gre,
      'b000 0800',
      {
        checksumPresent: 1,
        reserved: 0,
        keyPresent: 1,
        sequencePresent: 1,
        reserved0: 0,
        version: 0,
        protocol: EtherType.ipv4,
      },
    ],
    [GreChecksum, 'beef 0000', { checksum: 0xbeef, reserved1: 0 }],
    [GreKey, '0000002a', { key: 42 }],
    [GreSequence, '00000007', { number: 7 }],
  ],
  'GTP-U with a QoS flow (TS 29.281 §5.1, TS 38.415 §5.5.2)': [
    [
      Gtpu,
      '34 ff 005c 00000001',
      {
        version: 1,
        protocolType: 1,
        spare: 0,
        extensionFlag: 1,
        sequenceFlag: 0,
        npduFlag: 0,
        messageType: GtpuMessage.gpdu,
        length: 92,
        teid: 1,
      },
    ],
    [GtpuOptional, '0000 00 85', { sequenceNumber: 0, npduNumber: 0, nextExtension: GtpuExtension.pduSession }],
    [
      GtpuPduSession,
      '01 10 09 00',
      { length: 1, pduType: 1, spare: 0, pagingPolicyPresence: 0, reflectiveQos: 0, qfi: 9, nextExtension: GtpuExtension.none },
    ],
  ],
  'INT-MD (INT 2.1 §5.7, §5.8)': [
    [IntShim, '10 06 0000', { type: IntType.md, npt: 0, reserved: 0, length: 6, original: 0 }],
    [
      IntMd,
      '20000308 b000 0000 0000 0000',
      {
        version: 2,
        discard: 0,
        hopsExceeded: 0,
        mtuExceeded: 0,
        reserved: 0,
        hopLength: 3,
        remainingHops: 8,
        instructions: IntInstruction.nodeId | IntInstruction.hopLatency | IntInstruction.queueOccupancy,
        domainId: 0,
        domainInstructions: 0,
        domainFlags: 0,
      },
    ],
    [IntNodeId, '0000002a', { nodeId: 42 }],
    [IntHopLatency, '000003e8', { latency: 1000 }],
    [IntQueueOccupancy, '05 000010', { queueId: 5, occupancy: 16 }],
  ],
  'the other metadata of INT': [
    [IntLevel1Interfaces, '0001 0002', { ingress: 1, egress: 2 }],
    [IntIngressTime, '0000000100000000', { timestamp: 0x1_0000_0000n }],
    [IntEgressTime, '0000000100000400', { timestamp: 0x1_0000_0400n }],
    [IntLevel2Interfaces, '00000003 00000004', { ingress: 3, egress: 4 }],
    [IntEgressUtilization, '00000050', { utilization: 80 }],
    [IntBufferOccupancy, '01 000200', { bufferId: 1, occupancy: 512 }],
  ],
};

describe.each(Object.entries(packets))('%s', (_, layers) => {
  const bytes = fromHex(layers.map(([, hex]) => hex).join(''));

  test('is dissected into its fields', () => {
    let rest: Uint8Array = bytes;
    for (const [type, , fields] of layers) {
      const [found, after] = dissect(type, rest) ?? [];
      expect(found).toEqual(fields);
      rest = after as Uint8Array;
    }
    expect(rest).toHaveLength(0);
  });

  test('is built from its fields', () => {
    expect(toHex(packet(...layers.map(([type, , fields]) => build(type, fields as never))))).toBe(toHex(bytes));
  });
});
