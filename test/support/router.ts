/** A router in P4: Ethernet, 802.1Q, ARP, IPv4, IPv6. */
import type { Loc } from '../../compiler/support/location.js';
import { file, load } from '../frontend/lower/load.js';

const ipv4Words = ['version', 'ihl', 'tos', 'length', 'id', 'flags', 'offset', 'ttl', 'protocol', 'src', 'dst'];
const checksum = (call: string): string =>
  `${call}(hdr.ipv4.isValid(), { ${ipv4Words.map((word) => `hdr.ipv4.${word}`).join(', ')} }, hdr.ipv4.checksum, HashAlgorithm.csum16);`;

const source = `
#include <v1model.p4>
header ethernet_t { bit<48> dst; bit<48> src; bit<16> etherType; }
header vlan_t { bit<3> pcp; bit<1> dei; bit<12> vid; bit<16> etherType; }
header arp_t {
  bit<16> htype; bit<16> ptype; bit<8> hlen; bit<8> plen; bit<16> op;
  bit<48> sha; bit<32> spa;
}
header ipv4_t {
  bit<4> version; bit<4> ihl; bit<8> tos; bit<16> length; bit<16> id; bit<3> flags; bit<13> offset; bit<8> ttl; bit<8> protocol;
  bit<16> checksum; bit<32> src; bit<32> dst;
}
header ipv6_t {
  bit<4> version; bit<8> class; bit<20> flow; bit<16> length; bit<8> next; bit<8> hops;
  bit<128> src; bit<128> dst;
}
struct headers_t { ethernet_t ethernet; vlan_t vlan; arp_t arp; ipv4_t ipv4; ipv6_t ipv6; }
struct metadata_t {}
parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
  state start { packet.extract(hdr.ethernet); transition select(hdr.ethernet.etherType) {
    0x8100: vlan; 0x0806: arp; 0x0800: ipv4; 0x86dd: ipv6; _: accept; } }
  state vlan { packet.extract(hdr.vlan); transition select(hdr.vlan.etherType) {
    0x0806: arp; 0x0800: ipv4; 0x86dd: ipv6; _: accept; } }
  state arp { packet.extract(hdr.arp); transition accept; }
  state ipv4 { packet.extract(hdr.ipv4); transition accept; }
  state ipv6 { packet.extract(hdr.ipv6); transition accept; }
}
control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { ${checksum('verify_checksum')} } }
control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
  direct_counter(CounterType.packets_and_bytes) routes4_counter;
  direct_counter(CounterType.packets_and_bytes) routes6_counter;
  action drop() {
    mark_to_drop(standard_metadata);
  }
  action forward(@format(MAC_ADDRESS) bit<48> dst, bit<9> port) {
    standard_metadata.egress_spec = port;
    hdr.ethernet.src = hdr.ethernet.dst;
    hdr.ethernet.dst = dst;
  }
  table routes4 {
    key = { hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS); }
    actions = { forward; drop; }
    default_action = drop();
    counters = routes4_counter;
  }
  table routes6 {
    key = { hdr.ipv6.dst: lpm @name("dst") @format(IPV6_ADDRESS); }
    actions = { forward; drop; }
    default_action = drop();
    counters = routes6_counter;
  }
  apply {
    mark_to_drop(standard_metadata);
    if (hdr.ipv4.isValid() && standard_metadata.checksum_error == 0) {
      if (hdr.ipv4.ttl > 1) {
        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
        routes4.apply();
      }
    } else if (hdr.ipv6.isValid() && !hdr.arp.isValid()) {
      hdr.ipv6.hops = hdr.ipv6.hops - 1;
      routes6.apply();
    }
  }
}
control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) { apply {} }
control computeChecksums(inout headers_t hdr, inout metadata_t meta) { apply { ${checksum('update_checksum')} } }
control deparse(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr); } }
V1Switch(parse(), verifyChecksums(), ingress(), egress(), computeChecksums(), deparse()) main;
`;

export const router = await load(source);

/** Where the text first stands in a program of `load`, the router unless another is given. */
export function placeOf(text: string, program = source): Loc {
  const before = program.slice(0, program.indexOf(text)).split('\n');
  return { file, line: before.length, column: (before.at(-1) as string).length + 1 };
}
