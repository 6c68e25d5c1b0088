#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

error {
    MalformedHeader
}

enum bit<2> MeterColor {
    green = 2w0,
    yellow = 2w1,
    red = 2w2
}

@controller_header("packet_out")
header packet_out_t {
    bit<9> egressPort;
    bit<1> submitToIngress;
    @padding bit<6> _padding;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<9> targetEgressPort;
    @padding bit<6> _padding;
}

/** IEEE 802.3: the addresses and the type of what follows. */
header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

/** RFC 8200 §3. The traffic class is the codepoint of RFC 2474 and the congestion notification of RFC 3168. */
header ipv6_t {
    bit<4> version;
    bit<6> dscp;
    bit<2> ecn;
    bit<20> flowLabel;
    // Bytes after this header.
    bit<16> payloadLength;
    bit<8> nextHeader;
    bit<8> hopLimit;
    bit<128> src;
    bit<128> dst;
}

/** RFC 768. */
header udp_t {
    bit<16> srcPort;
    bit<16> dstPort;
    // Bytes, this header included.
    bit<16> length;
    // 0 where the sender computed none.
    bit<16> checksum;
}

/** RFC 7011 §3.1: the head of an IPFIX message. */
header ipfix_t {
    bit<16> version;
    // Bytes, this header included.
    bit<16> length;
    bit<32> exportTime;
    bit<32> sequenceNumber;
    bit<32> observationDomain;
}

/**
 * A set with one record of template 256 (RFC 7011 §3.3.1, RFC 5477 §8): observationTimeNanoseconds,
 * ingressInterface, egressInterface, dataLinkFrameSection. The packet follows.
 */
header sample_t {
    bit<16> setId;
    // Bytes, from the set's identifier on.
    bit<16> setLength;
    bit<64> timeNs;
    bit<32> ingressPort;
    bit<32> egressPort;
    // 255: a length of 16 bits follows (RFC 7011 §7).
    bit<8> longLength;
    bit<16> length;
}

/** IEEE 802.1Q: the part of the tag after its own EtherType, with the EtherType of what follows. */
header vlan_t {
    // Priority code point.
    bit<3> pcp;
    // Drop eligible indicator.
    bit<1> dei;
    // VLAN identifier; 0 for a tag that only gives a priority.
    bit<12> vid;
    bit<16> etherType;
}

/** RFC 2784 §2 and RFC 2890 §2: the 4 bytes that every packet has. */
header gre_t {
    bit<1> checksumPresent;
    bit<1> reserved;
    bit<1> keyPresent;
    bit<1> sequencePresent;
    bit<9> reserved0;
    // 0; PPTP's is 1 (RFC 2637).
    bit<3> version;
    // The EtherType of what follows.
    bit<16> protocol;
}

/** RFC 791 §3.1, the 20 bytes that every packet has. */
header ipv4_t {
    bit<4> version;
    // Internet header length: 32-bit words, options included.
    bit<4> ihl;
    // Differentiated services codepoint (RFC 2474).
    bit<6> dscp;
    // Explicit congestion notification (RFC 3168).
    bit<2> ecn;
    // Bytes, this header included.
    bit<16> totalLength;
    bit<16> identification;
    // Reserved, don't fragment, more fragments.
    bit<3> flags;
    // In units of 8 bytes.
    bit<13> fragmentOffset;
    bit<8> ttl;
    bit<8> protocol;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

/** RFC 826, with the address lengths of Ethernet and IPv4. */
header arp_t {
    // 1 for Ethernet.
    bit<16> hardwareType;
    // The EtherType of the protocol: 0x0800.
    bit<16> protocolType;
    // Bytes.
    bit<8> hardwareLength;
    // Bytes.
    bit<8> protocolLength;
    bit<16> operation;
    bit<48> senderMac;
    bit<32> senderIp;
    bit<48> targetMac;
    bit<32> targetIp;
}

/** RFC 792: what all messages begin with. */
header icmp_t {
    bit<8> type;
    bit<8> code;
    bit<16> checksum;
}

/** RFC 9293 §3.1, the 20 bytes that every segment has. */
header tcp_t {
    bit<16> srcPort;
    bit<16> dstPort;
    bit<32> sequenceNumber;
    bit<32> acknowledgmentNumber;
    // 32-bit words, options included.
    bit<4> dataOffset;
    bit<4> reserved;
    // Congestion window reduced (RFC 3168).
    bit<1> cwr;
    // Congestion was experienced (RFC 3168).
    bit<1> ece;
    bit<1> urg;
    bit<1> ack;
    bit<1> psh;
    bit<1> rst;
    bit<1> syn;
    bit<1> fin;
    bit<16> window;
    bit<16> checksum;
    bit<16> urgentPointer;
}

/** Of the IP header and of what follows it, whichever they are; 0 where a packet has none. `summary` fills it. */
struct ip_summary_t {
    bit<8> protocol;
    bit<6> dscp;
    bit<2> ecn;
    bit<8> ttl;
}

struct l4_summary_t {
    bit<16> srcPort;
    bit<16> dstPort;
    bit<8> icmpType;
}

/** What chooses among paths: `hashing` fills it, as the platform says. */
struct flow_t {
    bit<128> src;
    bit<128> dst;
    bit<32> ports;
    bit<8> protocol;
    bit<20> label;
}

struct vlan_membership_t {
    bit<12> id;
    bool leavesUntagged;
}

type bit<16> vrf_id_t;

struct l3_t {
    vrf_id_t vrf;
    bool isAdmitted;
    bool isRouted;
    bit<6> tag;
}

/** What decides where a packet goes: a route sets it, and a rule of an access list may set it anew. */
enum via_t {
    nothing,
    port,
    nextHop,
    group,
    multicast
}

type bit<16> next_hop_id_t;

type bit<16> wcmp_group_id_t;

/** Where the packet goes, and the port when it is known. */
struct route_t {
    via_t via;
    next_hop_id_t nextHop;
    wcmp_group_id_t group;
    bit<16> multicast;
    bit<9> port;
}

type bit<16> router_interface_id_t;

type bit<16> tunnel_id_t;

/** What the next hop is made of, while `resolution` looks it up. */
struct hop_t {
    router_interface_id_t routerInterface;
    bit<128> neighbor;
    tunnel_id_t tunnel;
}

/** The tunnel that egress puts around the packet. */
struct tunnel_encapsulation_t {
    bool isUsed;
    bit<128> src;
    bit<128> dst;
}

/** What egress writes into the packet. */
struct rewrite_t {
    bool srcMac;
    bool dstMac;
    bool ttl;
    bool vlan;
    bool dscp;
}

struct rewritten_t {
    bit<48> srcMac;
    bit<48> dstMac;
    bit<12> vlan;
    bit<6> dscp;
}

struct acl_t {
    bit<8> tag;
    bool isDropped;
    bool isRedirected;
    bool cancelsCopy;
}

type bit<16> mirror_session_id_t;

struct copy_t {
    bool toController;
    bool isMirrored;
    mirror_session_id_t session;
    bit<9> mirrorPort;
}

/** What the copies of a packet keep. */
struct copied_t {
    @field_list(1) bit<9> ingressPort;
    @field_list(1) bit<9> egressPort;
}

struct mirror_to_t {
    @field_list(1) bit<48> srcMac;
    @field_list(1) bit<48> dstMac;
    @field_list(1) bit<128> src;
    @field_list(1) bit<128> dst;
    @field_list(1) bit<16> srcPort;
    @field_list(1) bit<16> dstPort;
}

enum bit<8> drop_reason_t {
    none = 8w0,
    badChecksum = 8w1,
    notInVlan = 8w2,
    unknownVrf = 8w3,
    martian = 8w4,
    accessList = 8w5,
    noRoute = 8w6,
    route = 8w7,
    noNeighbor = 8w8,
    ttlExpired = 8w9,
    trapped = 8w10
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    ethernet_t mirrorEthernet;
    ipv6_t mirrorIpv6;
    udp_t mirrorUdp;
    ipfix_t ipfix;
    sample_t sample;
    ethernet_t ethernet;
    vlan_t vlan;
    ipv6_t tunnelIpv6;
    gre_t tunnelGre;
    ipv4_t ipv4;
    ipv6_t ipv6;
    gre_t gre;
    ipv4_t innerIpv4;
    ipv6_t innerIpv6;
    arp_t arp;
    icmp_t icmp;
    tcp_t tcp;
    udp_t udp;
}

struct metadata_t {
    ip_summary_t ip;
    l4_summary_t l4;
    flow_t flow;
    vlan_membership_t vlan;
    l3_t l3;
    route_t route;
    hop_t hop;
    tunnel_encapsulation_t tunnel;
    rewrite_t rewrite;
    rewritten_t rewritten;
    acl_t acl;
    copy_t copy;
    copied_t copied;
    mirror_to_t mirrorTo;
    drop_reason_t drop;
    bool isDirect;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        transition select(standard_metadata.ingress_port) {
            CPU_PORT: parse_packet_out;
            default: start_of_packet;
        }
    }

    state parse_packet_out {
        packet.extract(hdr.packet_out);
        transition start_of_packet;
    }

    state start_of_packet {
        transition ethernet;
    }

    state ethernet {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            0x0806: arp;
            0x8100: vlan;
            0x86dd: ipv6;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        transition select(hdr.vlan.etherType) {
            0x0800: ipv4;
            0x0806: arp;
            0x86dd: ipv6;
            default: accept;
        }
    }

    state arp {
        packet.extract(hdr.arp);
        transition accept;
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
            (0, 5, 1): icmp;
            (0, 5, 6): tcp;
            (0, 5, 17): udp;
            (0, 5, 58): icmp;
            default: accept;
        }
    }

    state ipv6 {
        packet.extract(hdr.ipv6);
        verify(hdr.ipv6.version == 6, error.MalformedHeader);
        transition select(hdr.ipv6.nextHeader) {
            1: icmp;
            4: innerIpv4;
            6: tcp;
            17: udp;
            41: innerIpv6;
            47: gre;
            58: icmp;
            default: accept;
        }
    }

    /** Without checksum, key and sequence number: a packet with one of these stays as it is. */
    state gre {
        packet.extract(hdr.gre);
        transition select(
            hdr.gre.checksumPresent,
            hdr.gre.keyPresent,
            hdr.gre.sequencePresent,
            hdr.gre.version,
            hdr.gre.protocol
        ) {
            (0, 0, 0, 0, 0x0800): innerIpv4;
            (0, 0, 0, 0, 0x86dd): innerIpv6;
            default: accept;
        }
    }

    state innerIpv4 {
        packet.extract(hdr.innerIpv4);
        verify(hdr.innerIpv4.version == 4 && hdr.innerIpv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.innerIpv4.fragmentOffset, hdr.innerIpv4.ihl, hdr.innerIpv4.protocol) {
            (0, 5, 1): icmp;
            (0, 5, 6): tcp;
            (0, 5, 17): udp;
            (0, 5, 58): icmp;
            default: accept;
        }
    }

    state innerIpv6 {
        packet.extract(hdr.innerIpv6);
        verify(hdr.innerIpv6.version == 6, error.MalformedHeader);
        transition select(hdr.innerIpv6.nextHeader) {
            1: icmp;
            6: tcp;
            17: udp;
            58: icmp;
            default: accept;
        }
    }

    state icmp {
        packet.extract(hdr.icmp);
        transition accept;
    }

    state tcp {
        packet.extract(hdr.tcp);
        verify(hdr.tcp.dataOffset >= 5, error.MalformedHeader);
        transition accept;
    }

    state udp {
        packet.extract(hdr.udp);
        transition accept;
    }
}

control ingress_resolution(inout headers_t hdr,
                           inout metadata_t meta,
                           inout standard_metadata_t standard_metadata) {
    action unresolved() {
        meta.drop = drop_reason_t.noNeighbor;
    }

    /** From the port to the route: what is referred to comes first. */
    @action_restriction("
    srcMac != 0;
    vlan != 0xfff;
  ")
    action leave_by(bit<9> port, @format(MAC_ADDRESS) bit<48> srcMac, bit<12> vlan) {
        meta.route.port = port;
        meta.rewritten.srcMac = srcMac;
        meta.rewritten.vlan = vlan;
    }

    table router_interfaces {
        key = {
            meta.hop.routerInterface: exact @name("routerInterface");
        }
        actions = {
            leave_by;
            unresolved;
        }
        default_action = unresolved();
        size = 256;
    }

    /** Next hops do not refer to neighbors, which come and go: until a neighbor is there, its packets are dropped. */
    action resolved(@format(MAC_ADDRESS) bit<48> dstMac) {
        meta.rewritten.dstMac = dstMac;
    }

    table neighbors {
        key = {
            meta.hop.routerInterface: exact @name("routerInterface") @refers_to(resolution.router_interfaces, routerInterface);
            meta.hop.neighbor: exact @name("neighbor") @format(IPV6_ADDRESS);
        }
        actions = {
            resolved;
            unresolved;
        }
        default_action = unresolved();
        size = 1024;
    }

    action ip(
        @refers_to(resolution.router_interfaces, routerInterface) router_interface_id_t routerInterface,
        @format(IPV6_ADDRESS) bit<128> neighbor
    ) {
        meta.hop.routerInterface = routerInterface;
        meta.hop.neighbor = neighbor;
        meta.rewrite.ttl = true;
        meta.rewrite.srcMac = true;
        meta.rewrite.dstMac = true;
        meta.rewrite.vlan = true;
    }

    /** As ip, without some of what a router does to a packet. */
    action ip_without(
        @refers_to(resolution.router_interfaces, routerInterface) router_interface_id_t routerInterface,
        @format(IPV6_ADDRESS) bit<128> neighbor,
        bit<1> ttl,
        bit<1> srcMac,
        bit<1> dstMac,
        bit<1> vlan
    ) {
        meta.hop.routerInterface = routerInterface;
        meta.hop.neighbor = neighbor;
        meta.rewrite.ttl = !(ttl == 1);
        meta.rewrite.srcMac = !(srcMac == 1);
        meta.rewrite.dstMac = !(dstMac == 1);
        meta.rewrite.vlan = !(vlan == 1);
    }

    /** GRE to another switch; the neighbor is the end of the tunnel. */
    action gre(
        @format(IPV6_ADDRESS) bit<128> src,
        @format(IPV6_ADDRESS) bit<128> dst,
        @refers_to(resolution.router_interfaces, routerInterface) router_interface_id_t routerInterface
    ) {
        meta.tunnel.isUsed = true;
        meta.tunnel.src = src;
        meta.tunnel.dst = dst;
        ip(routerInterface, dst);
    }

    table tunnels {
        key = {
            meta.hop.tunnel: exact @name("tunnel");
        }
        actions = {
            gre;
            unresolved;
        }
        default_action = unresolved();
        size = 2048;
    }

    action through_tunnel(@refers_to(resolution.tunnels, tunnel) tunnel_id_t tunnel) {
        meta.hop.tunnel = tunnel;
    }

    table next_hops {
        key = {
            meta.route.nextHop: exact @name("nextHop");
        }
        actions = {
            ip;
            ip_without;
            through_tunnel;
            unresolved;
        }
        default_action = unresolved();
        size = 1024;
    }

    @max_group_size(512)
    action_selector(HashAlgorithm.crc32, 49152, 32) members;

    action to_next_hop(@refers_to(resolution.next_hops, nextHop) next_hop_id_t nextHop) {
        meta.route.via = via_t.nextHop;
        meta.route.nextHop = nextHop;
    }

    /** Weighted sets of next hops. */
    table groups {
        key = {
            meta.route.group: exact @name("group");
            meta.flow.src: selector;
            meta.flow.dst: selector;
            meta.flow.ports: selector;
            meta.flow.protocol: selector;
            meta.flow.label: selector;
        }
        actions = {
            to_next_hop;
        }
        size = 3968;
        implementation = members;
    }

    apply {
        if (meta.route.via == via_t.group) {
            if (groups.apply().miss) {
                meta.drop = drop_reason_t.noNeighbor;
            }
        }
        if (meta.route.via == via_t.nextHop) {
            switch (next_hops.apply().action_run) {
                through_tunnel: {
                    tunnels.apply();
                }
            }
            if (router_interfaces.apply().hit) {
                neighbors.apply();
            }
        }
        if (meta.route.via == via_t.multicast) {
            meta.rewrite.ttl = true;
            mark_to_drop(standard_metadata);
            standard_metadata.mcast_grp = meta.route.multicast;
        } else if (meta.route.via != via_t.nothing) {
            standard_metadata.egress_spec = meta.route.port;
            standard_metadata.mcast_grp = 0;
        }
    }
}

control ingress_copies(inout headers_t hdr,
                       inout metadata_t meta,
                       inout standard_metadata_t standard_metadata) {
    /** The copy goes to a collector, in IPFIX over UDP and IPv6. */
    action ipfix(
        bit<9> monitorPort,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac,
        @format(IPV6_ADDRESS) bit<128> src,
        @format(IPV6_ADDRESS) bit<128> dst,
        bit<16> srcPort,
        bit<16> dstPort
    ) {
        meta.copy.mirrorPort = monitorPort;
        meta.mirrorTo.srcMac = srcMac;
        meta.mirrorTo.dstMac = dstMac;
        meta.mirrorTo.src = src;
        meta.mirrorTo.dst = dst;
        meta.mirrorTo.srcPort = srcPort;
        meta.mirrorTo.dstPort = dstPort;
    }

    table mirror_sessions {
        key = {
            meta.copy.session: exact @name("session");
        }
        actions = {
            ipfix;
        }
        size = 4;
    }

    action clone_to(bit<10> session) {
        clone_preserving_field_list(CloneType.I2E, (bit<32>)session, 1);
    }

    /** A packet has one clone session: that of the copies that are wanted. Its replicas have the instances of copyInstance. */
    @entry_restriction("
    isMirrored == 1 -> mirrorPort::mask != 0;
    isMirrored == 0 -> mirrorPort::mask == 0;
  ")
    table clone_sessions {
        key = {
            meta.copy.toController: exact @name("toController");
            meta.copy.isMirrored: exact @name("isMirrored");
            meta.copy.mirrorPort: optional @name("mirrorPort");
        }
        actions = {
            clone_to;
        }
        size = 256;
    }

    apply {
        if (meta.acl.cancelsCopy) {
            meta.copy.toController = false;
        }
        if (meta.copy.isMirrored) {
            mirror_sessions.apply();
        }
        meta.copied.ingressPort = standard_metadata.ingress_port;
        meta.copied.egressPort = meta.route.port;
        if (meta.copy.toController || meta.copy.isMirrored) {
            clone_sessions.apply();
        }
    }
}

control ingress_vlan(inout headers_t hdr,
                     inout metadata_t meta,
                     inout standard_metadata_t standard_metadata) {
    @action_restriction("vlan != 0 && vlan != 0xfff")
    action access(bit<12> vlan) {
        meta.vlan.id = vlan;
    }

    table ports {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            access;
        }
        size = 512;
    }

    action member() {}

    action stranger() {
        meta.drop = drop_reason_t.notInVlan;
    }

    @entry_restriction("vlan != 0 && vlan != 0xfff")
    table members {
        key = {
            meta.vlan.id: exact @name("vlan");
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            member;
            stranger;
        }
        default_action = stranger();
        size = 4096;
    }

    apply {
        if (hdr.vlan.isValid()) {
            meta.vlan.id = hdr.vlan.vid;
            hdr.ethernet.etherType = hdr.vlan.etherType;
            hdr.vlan.setInvalid();
        }
        if (meta.vlan.id == 0) {
            ports.apply();
        }
        if (meta.vlan.id != 0) {
            members.apply();
        }
    }
}

control ingress_acl_pre_ingress(inout headers_t hdr,
                                inout metadata_t meta,
                                inout standard_metadata_t standard_metadata) {
    action set_vrf(vrf_id_t vrf) {
        meta.l3.vrf = vrf;
    }

    action set_vrf_and_tag(vrf_id_t vrf, bit<8> tag) {
        meta.l3.vrf = vrf;
        meta.acl.tag = tag;
    }

    direct_counter(CounterType.packets_and_bytes) vrfs_counter;

    @entry_restriction("
    isIp::mask != 0 -> isIpv4::mask == 0 && isIpv6::mask == 0;
    isIpv4::mask != 0 -> isIpv4 == 1 && isIpv6::mask == 0;
    isIpv6::mask != 0 -> isIpv6 == 1;
    dstIpv4::mask != 0 -> isIpv4 == 1;
    dstIpv6::mask != 0 -> isIpv6 == 1;
    dscp::mask != 0 || ecn::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
  ")
    table vrfs {
        key = {
            hdr.ipv4.isValid() || hdr.ipv6.isValid(): optional @name("isIp");
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv6.isValid(): optional @name("isIpv6");
            hdr.ethernet.src: ternary @name("srcMac") @format(MAC_ADDRESS);
            hdr.ipv4.dst: ternary @name("dstIpv4") @format(IPV4_ADDRESS);
            hdr.ipv6.dst: ternary @name("dstIpv6") @format(IPV6_ADDRESS);
            meta.ip.dscp: ternary @name("dscp");
            meta.ip.ecn: ternary @name("ecn");
            standard_metadata.ingress_port: optional @name("inPort");
            hdr.ethernet.dst: ternary @name("dstMac") @format(MAC_ADDRESS);
        }
        actions = {
            set_vrf;
            set_vrf_and_tag;
        }
        size = 254;
        counters = vrfs_counter;
    }

    apply {
        vrfs.apply();
    }
}

control ingress_admission(inout headers_t hdr,
                          inout metadata_t meta,
                          inout standard_metadata_t standard_metadata) {
    action admit() {
        meta.l3.isAdmitted = true;
    }

    table stations {
        key = {
            hdr.ethernet.dst: ternary @name("dstMac") @format(MAC_ADDRESS);
            meta.vlan.id: optional @name("vlan");
            standard_metadata.ingress_port: optional @name("port");
        }
        actions = {
            admit;
        }
        size = 64;
    }

    apply {
        stations.apply();
    }
}

control ingress_tunnel_termination(inout headers_t hdr,
                                   inout metadata_t meta,
                                   inout standard_metadata_t standard_metadata) {
    action decapsulate() {
        hdr.ipv6.setInvalid();
        hdr.gre.setInvalid();
        if (hdr.innerIpv4.isValid()) {
            hdr.ethernet.etherType = 0x0800;
            if ((hdr.innerIpv4.dst & 0xf0000000) == 0xe0000000) {
                hdr.ethernet.dst = 0x01005e000000;
                hdr.ethernet.dst[22:0] = hdr.innerIpv4.dst[22:0];
            }
            hdr.ipv4 = hdr.innerIpv4;
            hdr.innerIpv4.setInvalid();
        } else {
            hdr.ethernet.etherType = 0x86dd;
            if ((hdr.innerIpv6.dst & 0xff000000000000000000000000000000)
                == 0xff000000000000000000000000000000) {
                hdr.ethernet.dst = 0x333300000000;
                hdr.ethernet.dst[31:0] = hdr.innerIpv6.dst[31:0];
            }
            hdr.ipv6 = hdr.innerIpv6;
            hdr.innerIpv6.setInvalid();
        }
    }

    table endpoints {
        key = {
            hdr.ipv6.dst: ternary @name("dst") @format(IPV6_ADDRESS);
            hdr.ipv6.src: ternary @name("src") @format(IPV6_ADDRESS);
        }
        actions = {
            decapsulate;
        }
        size = 126;
    }

    apply {
        if (hdr.ipv6.isValid()
            && (hdr.innerIpv4.isValid() || hdr.innerIpv6.isValid())
            && meta.l3.isAdmitted) {
            endpoints.apply();
        }
    }
}

control ingress_routing(inout headers_t hdr,
                        inout metadata_t meta,
                        inout standard_metadata_t standard_metadata) {
    action known() {}

    action unknown() {
        meta.drop = drop_reason_t.unknownVrf;
    }

    @entry_restriction("vrf != 0")
    table vrfs {
        key = {
            meta.l3.vrf: exact @name("vrf");
        }
        actions = {
            known;
            unknown;
        }
        default_action = unknown();
        size = 64;
    }

    action drop() {
        meta.drop = drop_reason_t.route;
    }

    action to_next_hop(@refers_to(resolution.next_hops, nextHop) next_hop_id_t nextHop) {
        meta.route.via = via_t.nextHop;
        meta.route.nextHop = nextHop;
    }

    action to_group(@refers_to(resolution.groups, group) wcmp_group_id_t group) {
        meta.route.via = via_t.group;
        meta.route.group = group;
    }

    /** As to_next_hop, with a tag of the route for access lists. */
    action to_tagged_next_hop(
        @refers_to(resolution.next_hops, nextHop) next_hop_id_t nextHop,
        bit<6> tag
    ) {
        to_next_hop(nextHop);
        meta.l3.tag = tag;
    }

    direct_counter(CounterType.packets) ipv4_counter;

    table ipv4 {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            drop;
            to_next_hop;
            to_group;
            to_tagged_next_hop;
        }
        size = 131072;
        counters = ipv4_counter;
    }

    direct_counter(CounterType.packets) ipv6_counter;

    table ipv6 {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv6.dst: lpm @name("dst") @format(IPV6_ADDRESS);
        }
        actions = {
            drop;
            to_next_hop;
            to_group;
            to_tagged_next_hop;
        }
        size = 17000;
        counters = ipv6_counter;
    }

    @action_restriction("group != 0")
    action replicate(@refers_to(builtin::multicast_group_table, multicast_group_id) bit<16> group) {
        meta.route.via = via_t.multicast;
        meta.route.multicast = group;
    }

    @entry_restriction("dst >= ipv4('224.0.0.0') && dst <= ipv4('239.255.255.255')")
    table ipv4_multicast {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            replicate;
        }
        size = 1600;
    }

    @entry_restriction("dst >= ipv6('ff00::')")
    table ipv6_multicast {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv6.dst: exact @name("dst") @format(IPV6_ADDRESS);
        }
        actions = {
            replicate;
        }
        size = 1600;
    }

    apply {
        if (meta.l3.vrf != (vrf_id_t)16w0) {
            vrfs.apply();
        }
        if (hdr.ipv4.isValid()) {
            if ((hdr.ipv4.dst & 0xf0000000) == 0xe0000000) {
                if ((hdr.ethernet.dst & 0xffffff800000) == 0x01005e000000) {
                    bool ipv4_multicast_hit;
                    if (ipv4_multicast.apply().hit) {
                        ipv4_multicast_hit = true;
                    } else {
                        ipv4_multicast_hit = false;
                    }
                    meta.l3.isRouted = ipv4_multicast_hit;
                }
            } else if ((hdr.ethernet.dst & 0x010000000000) == 0 && meta.l3.isAdmitted) {
                bool ipv4_hit;
                if (ipv4.apply().hit) {
                    ipv4_hit = true;
                } else {
                    ipv4_hit = false;
                }
                meta.l3.isRouted = ipv4_hit;
            }
        } else if (hdr.ipv6.isValid()) {
            if ((hdr.ipv6.dst & 0xff000000000000000000000000000000)
                == 0xff000000000000000000000000000000) {
                if ((hdr.ethernet.dst & 0xffff00000000) == 0x333300000000) {
                    bool ipv6_multicast_hit;
                    if (ipv6_multicast.apply().hit) {
                        ipv6_multicast_hit = true;
                    } else {
                        ipv6_multicast_hit = false;
                    }
                    meta.l3.isRouted = ipv6_multicast_hit;
                }
            } else if ((hdr.ethernet.dst & 0x010000000000) == 0 && meta.l3.isAdmitted) {
                bool ipv6_hit;
                if (ipv6.apply().hit) {
                    ipv6_hit = true;
                } else {
                    ipv6_hit = false;
                }
                meta.l3.isRouted = ipv6_hit;
            }
        }
    }
}

control ingress_traps(inout headers_t hdr,
                      inout metadata_t meta,
                      inout standard_metadata_t standard_metadata) {
    /** The packet goes to the controller and nowhere else. */
    action trap() {
        meta.copy.toController = true;
        meta.drop = drop_reason_t.trapped;
    }

    action copy() {
        meta.copy.toController = true;
    }

    direct_counter(CounterType.packets) protocols_counter;

    table protocols {
        key = {
            hdr.ethernet.etherType: ternary @name("etherType");
            meta.ip.protocol: ternary @name("protocol");
            meta.l4.dstPort: ternary @name("dstPort");
            hdr.ethernet.dst: ternary @name("dstMac") @format(MAC_ADDRESS);
            standard_metadata.ingress_port: optional @name("port");
        }
        actions = {
            trap;
            copy;
        }
        size = 64;
        counters = protocols_counter;
    }

    table own_ipv4 {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            trap;
        }
        size = 128;
    }

    table own_ipv6 {
        key = {
            meta.l3.vrf: exact @name("vrf");
            hdr.ipv6.dst: exact @name("dst") @format(IPV6_ADDRESS);
        }
        actions = {
            trap;
        }
        size = 128;
    }

    apply {
        bool protocols_hit;
        if (protocols.apply().hit) {
            protocols_hit = true;
        } else {
            protocols_hit = false;
        }
        if (!protocols_hit && meta.l3.isAdmitted) {
            if (hdr.ipv4.isValid()) {
                own_ipv4.apply();
            } else if (hdr.ipv6.isValid()) {
                own_ipv6.apply();
            }
        }
    }
}

control ingress_acl_ingress(inout headers_t hdr,
                            inout metadata_t meta,
                            inout standard_metadata_t standard_metadata) {
    bit<2> rate_color = 0;
    bit<2> qos_rate_color = 0;

    direct_meter<bit<2>>(MeterType.bytes) rate;

    action forward() {}

    action drop() {
        meta.acl.isDropped = true;
    }

    /** To the controller too, while the entry is within its rate. */
    action copy() {
        MeterColor color;
        rate.read(rate_color);
        color = (MeterColor)rate_color;
        if (color != MeterColor.red) {
            meta.copy.toController = true;
        }
    }

    /** To the controller alone, while the entry is within its rate. */
    action trap() {
        MeterColor color;
        rate.read(rate_color);
        color = (MeterColor)rate_color;
        if (color != MeterColor.red) {
            meta.copy.toController = true;
        }
        meta.acl.isDropped = true;
    }

    action redirect_to_next_hop(@refers_to(resolution.next_hops, nextHop) next_hop_id_t nextHop) {
        meta.route.via = via_t.nextHop;
        meta.route.nextHop = nextHop;
        meta.drop = drop_reason_t.none;
        meta.acl.isRedirected = true;
    }

    direct_counter(CounterType.packets_and_bytes) rules_counter;

    @entry_restriction("
    isIp::mask != 0 -> isIpv4::mask == 0 && isIpv6::mask == 0;
    isIpv4::mask != 0 -> isIpv4 == 1 && isIpv6::mask == 0;
    isIpv6::mask != 0 -> isIpv6 == 1;
    etherType != 0x800 && etherType != 0x86dd;
    srcIpv4::mask != 0 -> isIpv4 == 1;
    srcIpv6::mask != 0 -> isIpv6 == 1;
    dstIpv4::mask != 0 -> isIpv4 == 1;
    dstIpv6::mask != 0 -> isIpv6 == 1;
    ttl::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
    protocol::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
    srcPort::mask != 0 || dstPort::mask != 0 -> protocol == 6 || protocol == 17;
    icmpType::mask != 0 -> protocol == 1 || protocol == 58;
  ")
    table rules {
        key = {
            hdr.ipv4.isValid() || hdr.ipv6.isValid(): optional @name("isIp");
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv6.isValid(): optional @name("isIpv6");
            hdr.ethernet.etherType: ternary @name("etherType");
            hdr.ethernet.dst: ternary @name("dstMac") @format(MAC_ADDRESS);
            hdr.ipv4.src: ternary @name("srcIpv4") @format(IPV4_ADDRESS);
            hdr.ipv6.src: ternary @name("srcIpv6") @format(IPV6_ADDRESS);
            hdr.ipv4.dst: ternary @name("dstIpv4") @format(IPV4_ADDRESS);
            hdr.ipv6.dst: ternary @name("dstIpv6") @format(IPV6_ADDRESS);
            meta.ip.ttl: ternary @name("ttl");
            meta.ip.protocol: ternary @name("protocol");
            meta.l4.srcPort: ternary @name("srcPort");
            meta.l4.dstPort: ternary @name("dstPort");
            meta.l4.icmpType: ternary @name("icmpType");
            standard_metadata.ingress_port: optional @name("inPort");
            meta.ip.dscp: ternary @name("dscp");
            meta.ip.ecn: ternary @name("ecn");
            meta.l3.tag: ternary @name("routeTag");
        }
        actions = {
            forward;
            drop;
            copy;
            trap;
            redirect_to_next_hop;
        }
        size = 256;
        counters = rules_counter;
        meters = rate;
    }

    action count() {}

    direct_counter(CounterType.packets_and_bytes) counting_counter;

    @entry_restriction("
    isIp::mask != 0 -> isIpv4::mask == 0 && isIpv6::mask == 0;
    isIpv4::mask != 0 -> isIpv4 == 1 && isIpv6::mask == 0;
    isIpv6::mask != 0 -> isIpv6 == 1;
    srcIpv4::mask != 0 -> isIpv4 == 1;
    srcIpv6::mask != 0 -> isIpv6 == 1;
    dstIpv4::mask != 0 -> isIpv4 == 1;
    dstIpv6::mask != 0 -> isIpv6 == 1;
    dscp::mask != 0 || ecn::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
  ")
    table counting {
        key = {
            hdr.ipv4.isValid() || hdr.ipv6.isValid(): optional @name("isIp");
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv6.isValid(): optional @name("isIpv6");
            hdr.ipv4.src: ternary @name("srcIpv4") @format(IPV4_ADDRESS);
            hdr.ipv6.src: ternary @name("srcIpv6") @format(IPV6_ADDRESS);
            hdr.ipv4.dst: ternary @name("dstIpv4") @format(IPV4_ADDRESS);
            hdr.ipv6.dst: ternary @name("dstIpv6") @format(IPV6_ADDRESS);
            meta.ip.dscp: ternary @name("dscp");
            meta.ip.ecn: ternary @name("ecn");
            meta.l3.tag: ternary @name("routeTag");
        }
        actions = {
            count;
        }
        size = 255;
        counters = counting_counter;
    }

    direct_meter<bit<2>>(MeterType.bytes) qos_rate;

    action remark(bit<6> dscp) {
        meta.rewrite.dscp = true;
        meta.rewritten.dscp = dscp;
    }

    /** Another code point from the rate on; beyond the peak rate the packet is dropped. */
    action police(bit<6> excessDscp) {
        MeterColor color;
        qos_rate.read(qos_rate_color);
        color = (MeterColor)qos_rate_color;
        if (color == MeterColor.red) {
            meta.acl.isDropped = true;
        } else if (color == MeterColor.yellow) {
            remark(excessDscp);
        }
    }

    direct_counter(CounterType.packets_and_bytes) qos_counter;

    @entry_restriction("
    isIp::mask != 0 -> isIpv4::mask == 0 && isIpv6::mask == 0;
    isIpv4::mask != 0 -> isIpv4 == 1 && isIpv6::mask == 0;
    isIpv6::mask != 0 -> isIpv6 == 1;
    dscp::mask != 0 || ecn::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
    protocol::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
    srcPort::mask != 0 || dstPort::mask != 0 -> protocol == 6 || protocol == 17;
    etherType != 0x800 && etherType != 0x86dd;
    icmpType::mask != 0 -> protocol == 1 || protocol == 58;
  ")
    table qos {
        key = {
            hdr.ipv4.isValid() || hdr.ipv6.isValid(): optional @name("isIp");
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv6.isValid(): optional @name("isIpv6");
            meta.ip.dscp: ternary @name("dscp");
            meta.ip.ecn: ternary @name("ecn");
            meta.ip.protocol: ternary @name("protocol");
            meta.l4.srcPort: ternary @name("srcPort");
            meta.l4.dstPort: ternary @name("dstPort");
            meta.l3.tag: ternary @name("routeTag");
            hdr.ethernet.etherType: ternary @name("etherType");
            meta.l4.icmpType: ternary @name("icmpType");
        }
        actions = {
            remark;
            police;
        }
        size = 511;
        counters = qos_counter;
        meters = qos_rate;
    }

    apply {
        rules.apply();
        counting.apply();
        qos.apply();
    }
}

control ingress_drops(inout headers_t hdr,
                      inout metadata_t meta,
                      inout standard_metadata_t standard_metadata) {
    counter(11, CounterType.packets_and_bytes) reasons;

    apply {
        // A redirection is a decision of the operator: martians go where it says. A TTL is looked at where it would become less.
        if (meta.drop == drop_reason_t.none) {
            if (meta.acl.isDropped) {
                meta.drop = drop_reason_t.accessList;
            } else if (((hdr.ipv4.isValid()
                        && (hdr.ipv4.src == 0
                            || (hdr.ipv4.src & 0xff000000) == 0x7f000000
                            || (hdr.ipv4.src & 0xf0000000) == 0xe0000000
                            || hdr.ipv4.src == 0xffffffff
                            || ((hdr.ipv4.dst & 0xff000000) == 0
                                || (hdr.ipv4.dst & 0xff000000) == 0x7f000000
                                || hdr.ipv4.dst == 0xffffffff)))
                    || (hdr.ipv6.isValid()
                        && ((hdr.ipv6.src & 0xfffffffffffffffffffffffffffffffe) == 0
                            || (hdr.ipv6.src & 0xff000000000000000000000000000000)
                                == 0xff000000000000000000000000000000
                            || (hdr.ipv6.dst & 0xfffffffffffffffffffffffffffffffe) == 0)))
                && !meta.acl.isRedirected) {
                meta.drop = drop_reason_t.martian;
            } else if ((hdr.ipv4.isValid() || hdr.ipv6.isValid())
                && meta.rewrite.ttl
                && meta.ip.ttl <= 1) {
                meta.drop = drop_reason_t.ttlExpired;
            } else if (meta.route.via == via_t.nothing) {
                meta.drop = drop_reason_t.noRoute;
            }
        }
        if (meta.drop != drop_reason_t.none) {
            reasons.count((bit<32>)(bit<8>)meta.drop);
            mark_to_drop(standard_metadata);
        }
    }
}

control egress_replicas(inout headers_t hdr,
                        inout metadata_t meta,
                        inout standard_metadata_t standard_metadata) {
    action as_from(@format(MAC_ADDRESS) bit<48> srcMac, bit<12> vlan) {
        meta.rewrite.srcMac = true;
        meta.rewritten.srcMac = srcMac;
        meta.rewrite.vlan = true;
        meta.rewritten.vlan = vlan;
    }

    action unchanged() {}

    table sources {
        key = {
            standard_metadata.egress_port: exact @name("port") @referenced_by(builtin::multicast_group_table, replica.port);
            standard_metadata.egress_rid: exact @name("instance") @referenced_by(builtin::multicast_group_table, replica.instance);
        }
        actions = {
            as_from;
            unchanged;
        }
        size = 110;
    }

    apply {
        if (standard_metadata.instance_type == 5) {
            sources.apply();
        }
    }
}

control egress_vlan(inout headers_t hdr,
                    inout metadata_t meta,
                    inout standard_metadata_t standard_metadata) {
    action tagged() {}

    action untagged() {
        meta.vlan.leavesUntagged = true;
    }

    action stranger() {
        mark_to_drop(standard_metadata);
        meta.vlan.leavesUntagged = true;
    }

    @entry_restriction("vlan != 0 && vlan != 0xfff")
    table members {
        key = {
            meta.vlan.id: exact @name("vlan");
            standard_metadata.egress_port: exact @name("port");
        }
        actions = {
            tagged;
            untagged;
            stranger;
        }
        default_action = stranger();
        size = 4096;
    }

    apply {
        if (meta.vlan.id != 0) {
            members.apply();
            if (!meta.vlan.leavesUntagged) {
                hdr.vlan.setValid();
                hdr.vlan.vid = meta.vlan.id;
                hdr.vlan.etherType = hdr.ethernet.etherType;
                hdr.ethernet.etherType = 0x8100;
            }
        }
    }
}

control egress_acl_egress(inout headers_t hdr,
                          inout metadata_t meta,
                          inout standard_metadata_t standard_metadata) {
    @name("ports.forward")
    action ports_forward() {}

    @name("ports.drop")
    action ports_drop() {
        mark_to_drop(standard_metadata);
    }

    direct_counter(CounterType.packets_and_bytes) ports_rules_counter;

    @name("ports.rules")
    @entry_restriction("
    isIp::mask != 0 -> isIpv4::mask == 0 && isIpv6::mask == 0;
    isIpv4::mask != 0 -> isIpv4 == 1 && isIpv6::mask == 0;
    isIpv6::mask != 0 -> isIpv6 == 1;
    protocol::mask != 0 -> isIp == 1 || isIpv4 == 1 || isIpv6 == 1;
    srcPort::mask != 0 || dstPort::mask != 0 -> protocol == 6 || protocol == 17;
  ")
    table ports_rules {
        key = {
            hdr.ipv4.isValid() || hdr.ipv6.isValid(): optional @name("isIp");
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv6.isValid(): optional @name("isIpv6");
            meta.ip.protocol: ternary @name("protocol");
            meta.l4.srcPort: ternary @name("srcPort");
            meta.l4.dstPort: ternary @name("dstPort");
            standard_metadata.egress_port: optional @name("outPort");
            hdr.ethernet.etherType: ternary @name("etherType");
            meta.ip.dscp: ternary @name("dscp");
        }
        actions = {
            ports_forward;
            ports_drop;
        }
        size = 127;
        counters = ports_rules_counter;
    }

    apply {
        ports_rules.apply();
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {
        verify_checksum(
            hdr.ipv4.isValid() && hdr.ipv4.ihl == 5,
            {
                hdr.ipv4.version,
                hdr.ipv4.ihl,
                hdr.ipv4.dscp,
                hdr.ipv4.ecn,
                hdr.ipv4.totalLength,
                hdr.ipv4.identification,
                hdr.ipv4.flags,
                hdr.ipv4.fragmentOffset,
                hdr.ipv4.ttl,
                hdr.ipv4.protocol,
                hdr.ipv4.src,
                hdr.ipv4.dst
            },
            hdr.ipv4.checksum,
            HashAlgorithm.csum16
        );
        verify_checksum(
            hdr.innerIpv4.isValid() && hdr.innerIpv4.ihl == 5,
            {
                hdr.innerIpv4.version,
                hdr.innerIpv4.ihl,
                hdr.innerIpv4.dscp,
                hdr.innerIpv4.ecn,
                hdr.innerIpv4.totalLength,
                hdr.innerIpv4.identification,
                hdr.innerIpv4.flags,
                hdr.innerIpv4.fragmentOffset,
                hdr.innerIpv4.ttl,
                hdr.innerIpv4.protocol,
                hdr.innerIpv4.src,
                hdr.innerIpv4.dst
            },
            hdr.innerIpv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    ingress_resolution() resolution;
    ingress_copies() copies;
    ingress_vlan() vlan;
    ingress_acl_pre_ingress() acl_pre_ingress;
    ingress_admission() admission;
    ingress_tunnel_termination() tunnel_termination;
    ingress_routing() routing;
    ingress_traps() traps;
    ingress_acl_ingress() acl_ingress;
    ingress_drops() drops;

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.packet_out.isValid() && !(hdr.packet_out.submitToIngress == 1)) {
            standard_metadata.egress_spec = hdr.packet_out.egressPort;
            standard_metadata.mcast_grp = 0;
            meta.isDirect = true;
        } else {
            if (hdr.ipv4.isValid()) {
                meta.ip.protocol = hdr.ipv4.protocol;
                meta.ip.dscp = hdr.ipv4.dscp;
                meta.ip.ecn = hdr.ipv4.ecn;
                meta.ip.ttl = hdr.ipv4.ttl;
            } else if (hdr.ipv6.isValid()) {
                meta.ip.protocol = hdr.ipv6.nextHeader;
                meta.ip.dscp = hdr.ipv6.dscp;
                meta.ip.ecn = hdr.ipv6.ecn;
                meta.ip.ttl = hdr.ipv6.hopLimit;
            }
            if (hdr.tcp.isValid()) {
                meta.l4.srcPort = hdr.tcp.srcPort;
                meta.l4.dstPort = hdr.tcp.dstPort;
            } else if (hdr.udp.isValid()) {
                meta.l4.srcPort = hdr.udp.srcPort;
                meta.l4.dstPort = hdr.udp.dstPort;
            }
            if (hdr.icmp.isValid()) {
                meta.l4.icmpType = hdr.icmp.type;
            }
            vlan.apply(hdr, meta, standard_metadata);
            if (standard_metadata.checksum_error == 1) {
                meta.drop = drop_reason_t.badChecksum;
            }
            if (meta.drop == drop_reason_t.none) {
                acl_pre_ingress.apply(hdr, meta, standard_metadata);
                admission.apply(hdr, meta, standard_metadata);
                tunnel_termination.apply(hdr, meta, standard_metadata);
                if (hdr.ipv4.isValid()) {
                    meta.ip.protocol = hdr.ipv4.protocol;
                    meta.ip.dscp = hdr.ipv4.dscp;
                    meta.ip.ecn = hdr.ipv4.ecn;
                    meta.ip.ttl = hdr.ipv4.ttl;
                } else if (hdr.ipv6.isValid()) {
                    meta.ip.protocol = hdr.ipv6.nextHeader;
                    meta.ip.dscp = hdr.ipv6.dscp;
                    meta.ip.ecn = hdr.ipv6.ecn;
                    meta.ip.ttl = hdr.ipv6.hopLimit;
                }
                if (hdr.tcp.isValid()) {
                    meta.l4.srcPort = hdr.tcp.srcPort;
                    meta.l4.dstPort = hdr.tcp.dstPort;
                } else if (hdr.udp.isValid()) {
                    meta.l4.srcPort = hdr.udp.srcPort;
                    meta.l4.dstPort = hdr.udp.dstPort;
                }
                if (hdr.icmp.isValid()) {
                    meta.l4.icmpType = hdr.icmp.type;
                }
                routing.apply(hdr, meta, standard_metadata);
                traps.apply(hdr, meta, standard_metadata);
                acl_ingress.apply(hdr, meta, standard_metadata);
                if (hdr.ipv4.isValid()) {
                    meta.flow.src = (bit<128>)hdr.ipv4.src;
                    meta.flow.dst = (bit<128>)hdr.ipv4.dst;
                } else if (hdr.ipv6.isValid()) {
                    meta.flow.src = hdr.ipv6.src;
                    meta.flow.dst = hdr.ipv6.dst;
                }
                meta.flow.protocol = meta.ip.protocol;
                meta.flow.ports = meta.l4.srcPort ++ meta.l4.dstPort;
                if (hdr.ipv6.isValid()) {
                    meta.flow.label = hdr.ipv6.flowLabel;
                }
                resolution.apply(hdr, meta, standard_metadata);
                copies.apply(hdr, meta, standard_metadata);
            }
            drops.apply(hdr, meta, standard_metadata);
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    egress_replicas() replicas;
    egress_vlan() vlan;
    egress_acl_egress() acl_egress;

    apply {
        if (standard_metadata.instance_type == 1 || standard_metadata.instance_type == 2) {
            if (standard_metadata.egress_rid == 1) {
                if (standard_metadata.egress_port == CPU_PORT) {
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingressPort = meta.copied.ingressPort;
                    hdr.packet_in.targetEgressPort = meta.copied.egressPort;
                    hdr.packet_in._padding = 0;
                }
            } else {
                bit<16> frameLength = (bit<16>)(hdr.packet_out.isValid()
                    ? standard_metadata.packet_length - 2
                    : standard_metadata.packet_length);
                hdr.mirrorEthernet.setValid();
                hdr.mirrorIpv6.setValid();
                hdr.mirrorUdp.setValid();
                hdr.ipfix.setValid();
                hdr.sample.setValid();
                hdr.mirrorEthernet.dst = meta.mirrorTo.dstMac;
                hdr.mirrorEthernet.src = meta.mirrorTo.srcMac;
                hdr.mirrorEthernet.etherType = 0x86dd;
                hdr.mirrorIpv6.version = 6;
                hdr.mirrorIpv6.payloadLength = frameLength + 47;
                hdr.mirrorIpv6.nextHeader = 17;
                hdr.mirrorIpv6.hopLimit = 64;
                hdr.mirrorIpv6.src = meta.mirrorTo.src;
                hdr.mirrorIpv6.dst = meta.mirrorTo.dst;
                hdr.mirrorUdp.srcPort = meta.mirrorTo.srcPort;
                hdr.mirrorUdp.dstPort = meta.mirrorTo.dstPort;
                hdr.mirrorUdp.length = frameLength + 47;
                hdr.ipfix.version = 10;
                hdr.ipfix.length = frameLength + 39;
                hdr.sample.setId = 256;
                hdr.sample.setLength = frameLength + 23;
                hdr.sample.timeNs = (bit<64>)(standard_metadata.egress_global_timestamp * 1000);
                hdr.sample.ingressPort = (bit<32>)meta.copied.ingressPort;
                hdr.sample.egressPort = (bit<32>)meta.copied.egressPort;
                hdr.sample.longLength = 0xff;
                hdr.sample.length = frameLength;
            }
            exit;
        }
        if (!meta.isDirect) {
            replicas.apply(hdr, meta, standard_metadata);
            if (meta.rewrite.srcMac) {
                hdr.ethernet.src = meta.rewritten.srcMac;
            }
            if (meta.rewrite.dstMac) {
                hdr.ethernet.dst = meta.rewritten.dstMac;
            }
            if (meta.rewrite.vlan) {
                meta.vlan.id = meta.rewritten.vlan;
            }
            if (hdr.ipv4.isValid()) {
                if (meta.rewrite.ttl) {
                    hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
                }
                if (meta.rewrite.dscp) {
                    hdr.ipv4.dscp = meta.rewritten.dscp;
                }
            } else if (hdr.ipv6.isValid()) {
                if (meta.rewrite.ttl) {
                    hdr.ipv6.hopLimit = hdr.ipv6.hopLimit - 1;
                }
                if (meta.rewrite.dscp) {
                    hdr.ipv6.dscp = meta.rewritten.dscp;
                }
            }
            acl_egress.apply(hdr, meta, standard_metadata);
            if (meta.tunnel.isUsed) {
                hdr.tunnelIpv6.setValid();
                hdr.tunnelIpv6.version = 6;
                hdr.tunnelIpv6.dscp = hdr.ipv4.isValid() ? hdr.ipv4.dscp : hdr.ipv6.dscp;
                hdr.tunnelIpv6.ecn = hdr.ipv4.isValid() ? hdr.ipv4.ecn : hdr.ipv6.ecn;
                hdr.tunnelIpv6.payloadLength =
                    (hdr.ipv4.isValid() ? hdr.ipv4.totalLength : hdr.ipv6.payloadLength + 40) + 4;
                hdr.tunnelIpv6.nextHeader = 47;
                hdr.tunnelIpv6.hopLimit = 64;
                hdr.tunnelIpv6.src = meta.tunnel.src;
                hdr.tunnelIpv6.dst = meta.tunnel.dst;
                hdr.tunnelGre.setValid();
                hdr.tunnelGre.protocol = hdr.ethernet.etherType;
                hdr.ethernet.etherType = 0x86dd;
            }
            vlan.apply(hdr, meta, standard_metadata);
        }
    }
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {
        update_checksum(
            hdr.ipv4.isValid() && hdr.ipv4.ihl == 5,
            {
                hdr.ipv4.version,
                hdr.ipv4.ihl,
                hdr.ipv4.dscp,
                hdr.ipv4.ecn,
                hdr.ipv4.totalLength,
                hdr.ipv4.identification,
                hdr.ipv4.flags,
                hdr.ipv4.fragmentOffset,
                hdr.ipv4.ttl,
                hdr.ipv4.protocol,
                hdr.ipv4.src,
                hdr.ipv4.dst
            },
            hdr.ipv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.packet_in);
        packet.emit(hdr.mirrorEthernet);
        packet.emit(hdr.mirrorIpv6);
        packet.emit(hdr.mirrorUdp);
        packet.emit(hdr.ipfix);
        packet.emit(hdr.sample);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.vlan);
        packet.emit(hdr.tunnelIpv6);
        packet.emit(hdr.tunnelGre);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv6);
        packet.emit(hdr.gre);
        packet.emit(hdr.innerIpv4);
        packet.emit(hdr.innerIpv6);
        packet.emit(hdr.arp);
        packet.emit(hdr.icmp);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
    }
}

V1Switch(
    parse(),
    verifyChecksums(),
    ingress(),
    egress(),
    computeChecksums(),
    deparse()
) main;
