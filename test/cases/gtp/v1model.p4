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
    bit<9> port;
    bit<1> again;
    @padding bit<6> _padding;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<7> reason;
    bit<16> far;
}

/** IEEE 802.3: the addresses and the type of what follows. */
header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
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

/** RFC 768. */
header udp_t {
    bit<16> srcPort;
    bit<16> dstPort;
    // Bytes, this header included.
    bit<16> length;
    // 0 where the sender computed none.
    bit<16> checksum;
}

/** TS 29.281 §5.1: the 8 bytes that every message has. */
header gtpu_t {
    // 1.
    bit<3> version;
    // 1 for GTP; 0 would be GTP′.
    bit<1> protocolType;
    bit<1> spare;
    bit<1> extensionFlag;
    bit<1> sequenceFlag;
    bit<1> npduFlag;
    bit<8> messageType;
    // Bytes after these 8.
    bit<16> length;
    // Tunnel endpoint identifier.
    bit<32> teid;
}

/** TS 29.281 §5.1: there when one of the three flags is set. */
header gtpu_optional_t {
    bit<16> sequenceNumber;
    bit<8> npduNumber;
    bit<8> nextExtension;
}

/** TS 29.281 §5.2.2.7 with TS 38.415 §5.5.2, of one unit of length: the quality of service of a packet. */
header gtpu_pdu_session_t {
    // Units of 4 bytes: 1.
    bit<8> length;
    // 0 downlink, 1 uplink.
    bit<4> pduType;
    bit<4> spare;
    // Downlink: a paging policy follows.
    bit<1> pagingPolicyPresence;
    // Downlink: reflective QoS.
    bit<1> reflectiveQos;
    // QoS flow identifier.
    bit<6> qfi;
    bit<8> nextExtension;
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

/** What TCP and UDP begin with. */
header ports_t {
    bit<16> src;
    bit<16> dst;
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    ethernet_t ethernet;
    // The tunnel's.
    ipv4_t outerIpv4;
    udp_t outerUdp;
    gtpu_t gtpu;
    gtpu_optional_t gtpuOptional;
    gtpu_pdu_session_t gtpuPduSession;
    // The user's.
    ipv4_t ipv4;
    ipv6_t ipv6;
    ports_t ports;
}

struct metadata_t {
    bit<9> from;
    bool uplink;
    bit<16> session;
    // Whose address the user's is.
    bit<16> owner;
    // Both ends; IPv4 addresses are mapped into IPv6 (RFC 4291 §2.5.5.2).
    bit<128> user;
    bit<128> remote;
    bit<16> userPort;
    bit<16> remotePort;
    bit<8> protocol;
    // Bytes of the user's packet.
    bit<16> length;
    bit<6> qfi;
    bit<16> far;
    bit<16> qer;
    bit<16> urr;
    bool closed;
    bit<8> nextHop;
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
        transition select(standard_metadata.ingress_port) {
            0 .. 15: access;
            default: core;
        }
    }

    state access {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: outerIpv4;
            default: accept;
        }
    }

    state core {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            0x86dd: ipv6;
            default: accept;
        }
    }

    state outerIpv4 {
        packet.extract(hdr.outerIpv4);
        verify(hdr.outerIpv4.version == 4 && hdr.outerIpv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.outerIpv4.fragmentOffset, hdr.outerIpv4.ihl, hdr.outerIpv4.protocol) {
            (0, 5, 17): outerUdp;
            default: accept;
        }
    }

    state outerUdp {
        packet.extract(hdr.outerUdp);
        transition select(hdr.outerUdp.dstPort) {
            0x0868: gtpu;
            default: accept;
        }
    }

    state gtpu {
        packet.extract(hdr.gtpu);
        transition select(
            hdr.gtpu.version,
            hdr.gtpu.protocolType,
            hdr.gtpu.messageType,
            hdr.gtpu.extensionFlag,
            hdr.gtpu.sequenceFlag,
            hdr.gtpu.npduFlag
        ) {
            (1, 1, 0xff, 0, 0, 0): gtpuPayload;
            (1, 1, 0xff, _, _, _): gtpuOptional;
            default: accept;
        }
    }

    state gtpuOptional {
        packet.extract(hdr.gtpuOptional);
        transition select(hdr.gtpu.extensionFlag, hdr.gtpuOptional.nextExtension) {
            (0, _): gtpuPayload;
            (1, 0): gtpuPayload;
            (1, 133): gtpuPduSession;
            default: accept;
        }
    }

    state gtpuPduSession {
        packet.extract(hdr.gtpuPduSession);
        transition select(hdr.gtpuPduSession.length, hdr.gtpuPduSession.nextExtension) {
            (1, 0): gtpuPayload;
            default: accept;
        }
    }

    state gtpuPayload {
        transition select(packet.lookahead<bit<4>>()) {
            4: ipv4;
            6: ipv6;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
            (0, 5, 6): ports;
            (0, 5, 17): ports;
            default: accept;
        }
    }

    state ipv6 {
        packet.extract(hdr.ipv6);
        verify(hdr.ipv6.version == 6, error.MalformedHeader);
        transition select(hdr.ipv6.nextHeader) {
            6: ports;
            17: ports;
            default: accept;
        }
    }

    state ports {
        packet.extract(hdr.ports);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {
        verify_checksum(
            hdr.outerIpv4.isValid() && hdr.outerIpv4.ihl == 5,
            {
                hdr.outerIpv4.version,
                hdr.outerIpv4.ihl,
                hdr.outerIpv4.dscp,
                hdr.outerIpv4.ecn,
                hdr.outerIpv4.totalLength,
                hdr.outerIpv4.identification,
                hdr.outerIpv4.flags,
                hdr.outerIpv4.fragmentOffset,
                hdr.outerIpv4.ttl,
                hdr.outerIpv4.protocol,
                hdr.outerIpv4.src,
                hdr.outerIpv4.dst
            },
            hdr.outerIpv4.checksum,
            HashAlgorithm.csum16
        );
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
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    /** Packets dropped, by reason: see dropReasons. */
    counter(11, CounterType.packets_and_bytes) drops;

    action access() {
        meta.uplink = true;
    }

    action core() {}

    table interfaces {
        key = {
            meta.from: exact @name("port");
            hdr.ethernet.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            access;
            core;
        }
        size = 64;
    }

    action own() {}

    table addresses {
        key = {
            hdr.outerIpv4.dst: exact @name("address") @format(IPV4_ADDRESS);
        }
        actions = {
            own;
        }
        size = 64;
    }

    action session(@name("session") bit<16> session_) {
        meta.session = session_;
    }

    table tunnels {
        key = {
            hdr.outerIpv4.dst: exact @name("address") @format(IPV4_ADDRESS);
            hdr.gtpu.teid: exact @name("teid");
        }
        actions = {
            session;
        }
        size = 65536;
    }

    action owner(@name("session") bit<16> session_) {
        meta.owner = session_;
    }

    table users {
        key = {
            meta.user: lpm @name("address") @format(IPV6_ADDRESS);
        }
        actions = {
            owner;
        }
        size = 65536;
    }

    action rules(bit<16> far, bit<16> qer, bit<16> urr) {
        meta.far = far;
        meta.qer = qer;
        meta.urr = urr;
    }

    direct_counter(CounterType.packets) pdrs_counter;

    table pdrs {
        key = {
            meta.session: exact @name("session");
            meta.uplink: exact @name("uplink");
            meta.qfi: optional @name("qfi");
            meta.remote: ternary @name("remote") @format(IPV6_ADDRESS);
            meta.protocol: optional @name("protocol");
            meta.userPort: range @name("userPort");
            meta.remotePort: range @name("remotePort");
        }
        actions = {
            rules;
        }
        size = 4096;
        counters = pdrs_counter;
    }

    /** The QFI is that which downlink packets are marked with. */
    action qos(bit<1> uplinkClosed, bit<1> downlinkClosed, bit<6> qfi) {
        meta.closed = (meta.uplink && uplinkClosed == 1) || (!meta.uplink && downlinkClosed == 1);
        meta.qfi = qfi;
    }

    table qers {
        key = {
            meta.qer: exact @name("id");
        }
        actions = {
            qos;
        }
        size = 4096;
    }

    /** Bytes per second: two cells a QER, downlink first. */
    meter(8192, MeterType.bytes) mbr;

    /** By URR and by what is around the user's packet: see overheads. */
    counter(32768, CounterType.packets_and_bytes) usage;

    action to_core(bit<8> nextHop) {
        meta.nextHop = nextHop;
        hdr.outerIpv4.setInvalid();
        hdr.outerUdp.setInvalid();
        hdr.gtpu.setInvalid();
        hdr.gtpuOptional.setInvalid();
        hdr.gtpuPduSession.setInvalid();
        if (hdr.ipv6.isValid()) {
            hdr.ethernet.etherType = 0x86dd;
        }
    }

    action to_access(
        bit<8> nextHop,
        @format(IPV4_ADDRESS) bit<32> src,
        @format(IPV4_ADDRESS) bit<32> dst,
        bit<32> teid,
        bit<6> dscp
    ) {
        meta.nextHop = nextHop;
        hdr.ethernet.etherType = 0x0800;
        hdr.outerIpv4.setValid();
        hdr.outerUdp.setValid();
        hdr.gtpu.setValid();
        hdr.gtpuOptional.setValid();
        hdr.gtpuPduSession.setValid();
        hdr.outerIpv4.version = 4;
        hdr.outerIpv4.ihl = 5;
        hdr.outerIpv4.dscp = dscp;
        // 20 bytes of IPv4, 8 of UDP, 8 of GTP-U, 4 of its optional fields, 4 of the PDU session container.
        hdr.outerIpv4.totalLength = meta.length + 44;
        hdr.outerIpv4.ttl = 64;
        hdr.outerIpv4.protocol = 17;
        hdr.outerIpv4.src = src;
        hdr.outerIpv4.dst = dst;
        hdr.outerUdp.srcPort = 0x0868;
        hdr.outerUdp.dstPort = 0x0868;
        hdr.outerUdp.length = meta.length + 24;
        hdr.gtpu.version = 1;
        hdr.gtpu.protocolType = 1;
        hdr.gtpu.extensionFlag = 1;
        hdr.gtpu.messageType = 0xff;
        hdr.gtpu.length = meta.length + 8;
        hdr.gtpu.teid = teid;
        hdr.gtpuOptional.nextExtension = 133;
        hdr.gtpuPduSession.length = 1;
        hdr.gtpuPduSession.qfi = meta.qfi;
    }

    action discard() {}

    action buffer() {}

    table fars {
        key = {
            meta.far: exact @name("id");
        }
        actions = {
            to_core;
            to_access;
            discard;
            buffer;
        }
        default_action = discard();
        size = 4096;
    }

    action via(
        bit<9> port,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac
    ) {
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
    }

    table next_hops {
        key = {
            meta.nextHop: exact @name("id");
        }
        actions = {
            via;
        }
        size = 256;
    }

    apply {
        mark_to_drop(standard_metadata);
        meta.from = standard_metadata.ingress_port;
        if (hdr.packet_out.isValid()) {
            meta.from = hdr.packet_out.port;
            if (hdr.packet_out.again == 0) {
                standard_metadata.egress_spec = hdr.packet_out.port;
                hdr.packet_in.setInvalid();
                exit;
            }
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(0);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (hdr.ethernet.etherType == 0x0806) {
            standard_metadata.egress_spec = CPU_PORT;
            hdr.packet_in.setValid();
            hdr.packet_in.ingressPort = meta.from;
            hdr.packet_in.reason = 1;
            hdr.packet_in.far = meta.far;
            exit;
        }
        if (interfaces.apply().miss) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (standard_metadata.checksum_error == 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (meta.uplink) {
            if (!hdr.outerIpv4.isValid()) {
                drops.count(2);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            if (addresses.apply().miss) {
                drops.count(1);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            if (!hdr.gtpu.isValid()) {
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = meta.from;
                hdr.packet_in.reason = 2;
                hdr.packet_in.far = meta.far;
                exit;
            }
            if (hdr.gtpu.version != 1 || hdr.gtpu.protocolType != 1) {
                drops.count(2);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            if (hdr.gtpu.messageType != 0xff) {
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = meta.from;
                hdr.packet_in.reason = 3;
                hdr.packet_in.far = meta.far;
                exit;
            }
            if (tunnels.apply().miss) {
                drops.count(4);
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = meta.from;
                hdr.packet_in.reason = 4;
                hdr.packet_in.far = meta.far;
                exit;
            }
            if (hdr.gtpuPduSession.isValid()) {
                meta.qfi = hdr.gtpuPduSession.qfi;
            }
        }
        if (hdr.ipv4.isValid()) {
            meta.user = meta.uplink
                ? (bit<128>)hdr.ipv4.src | 0x00000000000000000000ffff00000000
                : (bit<128>)hdr.ipv4.dst | 0x00000000000000000000ffff00000000;
            meta.remote = meta.uplink
                ? (bit<128>)hdr.ipv4.dst | 0x00000000000000000000ffff00000000
                : (bit<128>)hdr.ipv4.src | 0x00000000000000000000ffff00000000;
            meta.protocol = hdr.ipv4.protocol;
            meta.length = hdr.ipv4.totalLength;
        } else if (hdr.ipv6.isValid()) {
            meta.user = meta.uplink ? hdr.ipv6.src : hdr.ipv6.dst;
            meta.remote = meta.uplink ? hdr.ipv6.dst : hdr.ipv6.src;
            meta.protocol = hdr.ipv6.nextHeader;
            meta.length = hdr.ipv6.payloadLength + 40;
        } else {
            drops.count(2);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (hdr.ports.isValid()) {
            meta.userPort = meta.uplink ? hdr.ports.src : hdr.ports.dst;
            meta.remotePort = meta.uplink ? hdr.ports.dst : hdr.ports.src;
        }
        bool users_hit;
        if (users.apply().hit) {
            users_hit = true;
        } else {
            users_hit = false;
        }
        bool known = users_hit;
        if (meta.uplink) {
            if (!known || meta.owner != meta.session) {
                drops.count(5);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
        } else {
            if (!known) {
                drops.count(6);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            meta.session = meta.owner;
        }
        if (pdrs.apply().miss) {
            drops.count(7);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        qers.apply();
        if (meta.closed) {
            drops.count(9);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        // Before an action changes the headers.
        bit<32> around = (bit<32>)(bit<1>)meta.uplink;
        if (hdr.gtpuPduSession.isValid()) {
            around = 3;
        } else if (hdr.gtpuOptional.isValid()) {
            around = 2;
        } else if (hdr.packet_out.isValid()) {
            around = 4;
        }
        switch (fars.apply().action_run) {
            buffer: {
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = meta.from;
                hdr.packet_in.reason = 5;
                hdr.packet_in.far = meta.far;
                exit;
            }
            discard: {
                drops.count(8);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
        }
        MeterColor color;
        bit<32> mbr_index = ((bit<32>)meta.qer << 1) | (bit<32>)(bit<1>)meta.uplink;
        bit<2> mbr_color;
        mbr.execute_meter(mbr_index, mbr_color);
        color = (MeterColor)(mbr_index < 8192 ? mbr_color : 2w0);
        if (color == MeterColor.red) {
            drops.count(10);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        usage.count(((bit<32>)meta.urr << 3) | around);
        next_hops.apply();
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {}
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {
        update_checksum(
            hdr.outerIpv4.isValid() && hdr.outerIpv4.ihl == 5,
            {
                hdr.outerIpv4.version,
                hdr.outerIpv4.ihl,
                hdr.outerIpv4.dscp,
                hdr.outerIpv4.ecn,
                hdr.outerIpv4.totalLength,
                hdr.outerIpv4.identification,
                hdr.outerIpv4.flags,
                hdr.outerIpv4.fragmentOffset,
                hdr.outerIpv4.ttl,
                hdr.outerIpv4.protocol,
                hdr.outerIpv4.src,
                hdr.outerIpv4.dst
            },
            hdr.outerIpv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.packet_in);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.outerIpv4);
        packet.emit(hdr.outerUdp);
        packet.emit(hdr.gtpu);
        packet.emit(hdr.gtpuOptional);
        packet.emit(hdr.gtpuPduSession);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv6);
        packet.emit(hdr.ports);
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
