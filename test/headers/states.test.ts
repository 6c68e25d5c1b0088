/** Parser states of p4ts/headers: what they take of a packet, and that all of it leaves as it came. */
import { build, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, GtpuMessage, IntType, IpProtocol, Ipv4, Ipv6, Mpls, Udp, UdpPort, Vlan, Vxlan } from 'p4ts/headers';
import { allEvents, type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { everyHeader, intPort } from '../cases/headers-library/pipeline.js';
import { fromHex, toHex } from '../support/packets.js';

let sw: SimulatedSwitch<typeof everyHeader>;
beforeAll(async () => {
  sw = await simulate(everyHeader);
});
afterAll(() => sw.close());

const ethernet = (etherType: number) => build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:11', etherType });
const tag = (vid: number, etherType: number) => build(Vlan, { pcp: 0, dei: 0, vid, etherType });
const ipv6 = (nextHeader: number, payload: Uint8Array) =>
  packet(
    build(Ipv6, {
      version: 6,
      dscp: 0,
      ecn: 0,
      flowLabel: 0,
      payloadLength: payload.length,
      nextHeader,
      hopLimit: 64,
      src: '2001:db8::1',
      dst: '2001:db8::2',
    }),
    payload,
  );
function ipv4(protocol: number, payload: Uint8Array, options: Uint8Array = new Uint8Array(), fragmentOffset = 0): Uint8Array {
  const ihl = 5 + options.length / 4;
  const fields = {
    version: 4,
    ihl,
    dscp: 0,
    ecn: 0,
    totalLength: ihl * 4 + payload.length,
    identification: 1,
    flags: 0,
    fragmentOffset,
    ttl: 64,
    protocol,
    src: '10.0.0.1',
    dst: '10.0.0.2',
  } as const;
  const checksum = internetChecksum(build(Ipv4, { ...fields, checksum: 0 }), options);
  return packet(build(Ipv4, { ...fields, checksum }), options, payload);
}
const udp = (dstPort: number, payload: Uint8Array) =>
  packet(build(Udp, { srcPort: 4000, dstPort, length: 8 + payload.length, checksum: 0 }), payload);
const data = fromHex('c0ffee');
const tcp = fromHex('e966 1f90 dadc3ca2 00000000 5002 faf0 5031 0000');
const tcpWithOptions = fromHex('e966 1f90 dadc3ca2 00000000 6002 faf0 5031 0000 020405b4');
const inner4 = ipv4(IpProtocol.udp, data);
const inner6 = ipv6(IpProtocol.tcp, data);
const overIpv4 = (protocol: number, payload: Uint8Array) => packet(ethernet(EtherType.ipv4), ipv4(protocol, payload));
const overIpv6 = (nextHeader: number, payload: Uint8Array) => packet(ethernet(EtherType.ipv6), ipv6(nextHeader, payload));
const label = (value: number, bottomOfStack: number) => build(Mpls, { label: value, trafficClass: 0, bottomOfStack, ttl: 64 });
const gtpu = (rest: string) => packet(fromHex(rest), inner4);

/** The headers that the parser takes, front to back, and what becomes of the packet. */
async function parse(bytes: Uint8Array) {
  const { outputs, trace } = await sw.sendTraced(0, bytes);
  const headers = [...allEvents(trace.events)].flatMap((event) => (event.kind === 'extract' ? [event.header.replace('hdr.', '')] : []));
  return { headers: headers.join(' '), out: outputs.map((o) => toHex(o.packet)) };
}

test('the states make a pipeline without mistakes', () => {
  expect(renderDiagnostics(programOf(everyHeader)?.diagnostics ?? [])).toBe('');
});

const whole: Readonly<Record<string, readonly [string, Uint8Array]>> = {
  'an unknown EtherType': ['ethernet', packet(ethernet(0x9999), data)],
  'one tag': [
    'ethernet vlan ipv4 icmp',
    packet(ethernet(EtherType.vlan), tag(10, EtherType.ipv4), ipv4(IpProtocol.icmp, fromHex('0800 f7ff 0000 0000'))),
  ],
  'a service tag and a customer tag': [
    'ethernet serviceVlan vlan ipv6 icmpv6',
    packet(
      ethernet(EtherType.serviceVlan),
      tag(100, EtherType.vlan),
      tag(10, EtherType.ipv6),
      ipv6(IpProtocol.icmpv6, fromHex('8000 0000')),
    ),
  ],
  'a service tag alone': [
    'ethernet serviceVlan arp',
    packet(
      ethernet(EtherType.serviceVlan),
      tag(100, EtherType.arp),
      fromHex('0001 0800 06 04 0001 020000000011 0a00010a 000000000000 0a000101'),
    ),
  ],
  'two labels over IPv6': ['ethernet mpls[0] mpls[1] ipv6', packet(ethernet(EtherType.mpls), label(1, 0), label(2, 1), ipv6(59, data))],
  'a label over neither': ['ethernet mpls[0]', packet(ethernet(EtherType.mpls), label(1, 1), fromHex('00000000'))],
  'IPv4 options': ['ethernet ipv4 ipv4Options udp', packet(ethernet(EtherType.ipv4), ipv4(17, udp(9, data), fromHex('9404000001010100')))],
  'a later IPv4 fragment': ['ethernet ipv4', packet(ethernet(EtherType.ipv4), ipv4(6, tcp, new Uint8Array(), 185))],
  TCP: ['ethernet ipv4 tcp', overIpv4(6, tcp)],
  'TCP options': ['ethernet ipv4 tcp tcpOptions', overIpv4(6, tcpWithOptions)],
  'all IPv6 extension headers': [
    'ethernet ipv6 hopByHop routing fragment destinationOptions tcp tcpOptions',
    overIpv6(
      0,
      packet(
        fromHex('2b 00 0502 0000 0100'),
        fromHex('2c 02 0400 00000000 20010db8000000000000000000000003'),
        fromHex('3c 00 0001 00000001'),
        fromHex('06 00 0104 00000000'),
        tcpWithOptions,
      ),
    ),
  ],
  'a later IPv6 fragment': ['ethernet ipv6 fragment', overIpv6(44, packet(fromHex('06 00 05a8 00000001'), tcp))],
  VXLAN: [
    'ethernet ipv4 udp vxlan innerEthernet innerIpv4',
    overIpv4(
      17,
      udp(UdpPort.vxlan, packet(build(Vxlan, { flags: 8, reserved: 0, vni: 5000, reserved2: 0 }), ethernet(EtherType.ipv4), inner4)),
    ),
  ],
  'VXLAN without a network identifier': [
    'ethernet ipv6 udp vxlan',
    overIpv6(17, udp(UdpPort.vxlan, packet(fromHex('0000000000138800'), ethernet(EtherType.ipv4), inner4))),
  ],
  'plain GRE': ['ethernet ipv4 gre innerIpv4', overIpv4(IpProtocol.gre, packet(fromHex('0000 0800'), inner4))],
  'GRE with a key': ['ethernet ipv4 gre greKey innerIpv6', overIpv4(IpProtocol.gre, packet(fromHex('2000 86dd 0000002a'), inner6))],
  'GRE with a checksum and a sequence number': [
    'ethernet ipv4 gre greChecksum greSequence innerIpv4',
    overIpv4(IpProtocol.gre, packet(fromHex('9000 0800 beef0000 00000007'), inner4)),
  ],
  'GRE with everything': [
    'ethernet ipv4 gre greChecksum greKey greSequence innerIpv4',
    overIpv4(IpProtocol.gre, packet(fromHex('b000 0800 beef0000 0000002a 00000007'), inner4)),
  ],
  'GRE of another version': ['ethernet ipv4 gre', overIpv4(IpProtocol.gre, fromHex('2001 880b 00000000'))],
  'GTP-U': ['ethernet ipv4 udp gtpu innerIpv4', overIpv4(17, udp(UdpPort.gtpu, gtpu('30 ff 0017 00000001')))],
  'GTP-U with a sequence number': [
    'ethernet ipv4 udp gtpu gtpuOptional innerIpv4',
    overIpv4(17, udp(UdpPort.gtpu, gtpu('32 ff 001b 00000001 0001 00 00'))),
  ],
  'GTP-U with a QoS flow': [
    'ethernet ipv4 udp gtpu gtpuOptional gtpuPduSession innerIpv4',
    overIpv4(17, udp(UdpPort.gtpu, gtpu('34 ff 001f 00000001 0000 00 85 01 10 09 00'))),
  ],
  'an echo request of GTP-U': [
    'ethernet ipv4 udp gtpu',
    overIpv4(17, udp(UdpPort.gtpu, packet(fromHex('32'), Uint8Array.of(GtpuMessage.echoRequest), fromHex('0004 00000000 00010000')))),
  ],
  INT: [
    'ethernet ipv4 udp intShim intMd',
    overIpv4(17, udp(intPort, packet(Uint8Array.of(IntType.md << 4), fromHex('03 0000 20000108 8000 0000 0000 0000')))),
  ],
  'INT of another type': [
    'ethernet ipv4 udp intShim',
    overIpv4(17, udp(intPort, packet(Uint8Array.of(IntType.mx << 4), fromHex('03 0000')))),
  ],
};

test.each(Object.entries(whole))('%s: each header is taken, and leaves as it came', async (_, [headers, bytes]) => {
  expect(await parse(bytes)).toEqual({ headers, out: [toHex(bytes)] });
});

describe('what cannot be is dropped', () => {
  const version = (bytes: Uint8Array, first: number) => bytes.with(14, first);
  const four = overIpv4(6, tcp);
  const dropped: Readonly<Record<string, readonly [string, Uint8Array]>> = {
    'an IPv4 header of version 6': ['ethernet ipv4', version(four, 0x65)],
    'an IPv4 header of 16 bytes': ['ethernet ipv4', version(four, 0x44)],
    'a wrong IPv4 checksum': ['ethernet ipv4 tcp', four.with(24, (four[24] as number) ^ 1)],
    'an IPv6 header of version 4': ['ethernet ipv6', version(overIpv6(59, data), 0x40)],
    'a TCP header of 16 bytes': ['ethernet ipv4 tcp', four.with(14 + 20 + 12, 0x40)],
    'half an IPv4 header': ['ethernet', four.subarray(0, 24)],
    'options that are not all there': [
      'ethernet ipv4',
      packet(ethernet(EtherType.ipv4), ipv4(17, udp(9, data), new Uint8Array(40))).subarray(0, 44),
    ],
    'an extension header longer than 256 bytes': ['ethernet ipv6', overIpv6(0, packet(fromHex('3b 20'), new Uint8Array(600)))],
    'more labels than the stack has': [
      'ethernet mpls[0] mpls[1] mpls[2]',
      packet(ethernet(EtherType.mpls), label(1, 0), label(2, 0), label(3, 0), label(4, 1), inner4),
    ],
  };
  test.each(Object.entries(dropped))('%s', async (_, [headers, bytes]) => {
    expect(await parse(bytes)).toEqual({ headers, out: [] });
  });
});
