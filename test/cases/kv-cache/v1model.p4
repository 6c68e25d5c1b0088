#include <core.p4>
#include <v1model.p4>

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

header kv_t {
    bit<8> op;
    bit<32> sequence;
    bit<64> key;
    bit<128> value;
}

struct values_cell_t {
    bit<1> valid;
    bit<128> value;
}

struct sketch1_cell_t {
    bit<16> round;
    bit<16> count;
}

struct sketch2_cell_t {
    bit<16> round;
    bit<16> count;
}

struct hot {
    bit<64> key;
    bit<16> count;
}

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
    udp_t udp;
    kv_t kv;
}

struct metadata_t {
    // Where the key is in the cache.
    bit<16> slot;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        transition select(
            hdr.ipv4.ihl,
            hdr.ipv4.flags[0:0],
            hdr.ipv4.fragmentOffset,
            hdr.ipv4.protocol
        ) {
            (5, 0, 0, 17): udp;
            default: accept;
        }
    }

    state udp {
        packet.extract(hdr.udp);
        transition select(hdr.udp.srcPort, hdr.udp.dstPort) {
            (_, 0xc350): kv;
            (0xc350, _): kv;
            default: accept;
        }
    }

    state kv {
        packet.extract(hdr.kv);
        transition accept;
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
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    /** What became of the packets of the protocol: see outcomes. */
    counter(7, CounterType.packets) lookups;

    action deliver(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    table hosts {
        key = {
            hdr.ethernet.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            deliver;
        }
        size = 256;
    }

    /** Only what comes in here may change what is in the cache. */
    action serve() {}

    table servers {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            serve;
        }
        size = 16;
    }

    action at(bit<16> slot) {
        meta.slot = slot;
    }

    table cache {
        key = {
            hdr.kv.key: exact @name("key");
        }
        actions = {
            at;
        }
        size = 64;
    }

    /** The value, while no newer one is on its way to the server. */
    register<bit<129>>(64) values;

    /** Answers given from each slot. */
    counter(64, CounterType.packets) hits;

    /** The round that counts: the controller begins a new one by writing another number. */
    register<bit<16>>(1) rounds;
    register<bit<32>>(1024) sketch1;
    register<bit<32>>(1024) sketch2;

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        hosts.apply();
        if (hdr.kv.isValid() && !(standard_metadata.checksum_error == 1)) {
            bool cache_hit;
            if (cache.apply().hit) {
                cache_hit = true;
            } else {
                cache_hit = false;
            }
            bool cached = cache_hit;
            switch (hdr.kv.op) {
                1: {
                    if (!cached) {
                        lookups.count(1);
                        bit<16> rounds_result;
                        @atomic {
                            bit<16> rounds_cell;
                            rounds.read(rounds_cell, 0);
                            rounds_result = rounds_cell;
                        }
                        bit<32> hash_value;
                        hash(hash_value, HashAlgorithm.crc16, 32w0, { hdr.kv.key }, 33w1024);
                        bit<16> sketch1_result;
                        @atomic {
                            bit<32> sketch1_raw;
                            sketch1.read(sketch1_raw, hash_value);
                            sketch1_raw = hash_value < 1024 ? sketch1_raw : 0;
                            sketch1_cell_t sketch1_cell =
                                { round = sketch1_raw[31:16], count = sketch1_raw[15:0] };
                            sketch1_result =
                                sketch1_cell.round == rounds_result ? sketch1_cell.count |+| 1 : 1;
                            bit<16> next_round = rounds_result;
                            bit<16> next_count =
                                sketch1_cell.round == rounds_result ? sketch1_cell.count |+| 1 : 1;
                            sketch1_cell.round = next_round;
                            sketch1_cell.count = next_count;
                            sketch1.write(hash_value, sketch1_cell.round ++ sketch1_cell.count);
                        }
                        bit<32> hash_value_2;
                        hash(hash_value_2, HashAlgorithm.crc32, 32w0, { hdr.kv.key }, 33w1024);
                        bit<16> sketch2_result;
                        @atomic {
                            bit<32> sketch2_raw;
                            sketch2.read(sketch2_raw, hash_value_2);
                            sketch2_raw = hash_value_2 < 1024 ? sketch2_raw : 0;
                            sketch2_cell_t sketch2_cell =
                                { round = sketch2_raw[31:16], count = sketch2_raw[15:0] };
                            sketch2_result =
                                sketch2_cell.round == rounds_result ? sketch2_cell.count |+| 1 : 1;
                            bit<16> next_round_2 = rounds_result;
                            bit<16> next_count_2 =
                                sketch2_cell.round == rounds_result ? sketch2_cell.count |+| 1 : 1;
                            sketch2_cell.round = next_round_2;
                            sketch2_cell.count = next_count_2;
                            sketch2.write(hash_value_2, sketch2_cell.round ++ sketch2_cell.count);
                        }
                        bit<16> estimate =
                            sketch1_result < sketch2_result ? sketch1_result : sketch2_result;
                        if (estimate == 4) {
                            lookups.count(3);
                            digest<hot>(1, { key = hdr.kv.key, count = estimate });
                        }
                    } else {
                        bit<1> values_result;
                        @atomic {
                            bit<129> values_raw;
                            values.read(values_raw, (bit<32>)meta.slot);
                            values_raw = (bit<32>)meta.slot < 64 ? values_raw : 0;
                            values_cell_t values_cell =
                                { valid = values_raw[128:128], value = values_raw[127:0] };
                            values_result = values_cell.valid;
                        }
                        if (values_result == 0) {
                            lookups.count(2);
                        } else {
                            lookups.count(0);
                            hits.count((bit<32>)meta.slot);
                            bit<128> values_result_2;
                            @atomic {
                                bit<129> values_raw;
                                values.read(values_raw, (bit<32>)meta.slot);
                                values_raw = (bit<32>)meta.slot < 64 ? values_raw : 0;
                                values_cell_t values_cell =
                                    { valid = values_raw[128:128], value = values_raw[127:0] };
                                values_result_2 = values_cell.value;
                            }
                            hdr.kv.value = values_result_2;
                            bit<48> client_mac = hdr.ethernet.src;
                            hdr.ethernet.src = hdr.ethernet.dst;
                            hdr.ethernet.dst = client_mac;
                            bit<32> client_ip = hdr.ipv4.src;
                            hdr.ipv4.src = hdr.ipv4.dst;
                            hdr.ipv4.dst = client_ip;
                            bit<16> client_port = hdr.udp.srcPort;
                            hdr.udp.srcPort = hdr.udp.dstPort;
                            hdr.udp.dstPort = client_port;
                            // RFC 768: no checksum.
                            hdr.udp.checksum = 0;
                            hdr.kv.op = 2;
                            standard_metadata.egress_spec = standard_metadata.ingress_port;
                        }
                    }
                }
                3: {
                    lookups.count(4);
                    // Until the server says that it has the new value, it answers for the key.
                    if (cached) {
                        @atomic {
                            bit<129> values_raw;
                            values.read(values_raw, (bit<32>)meta.slot);
                            values_raw = (bit<32>)meta.slot < 64 ? values_raw : 0;
                            values_cell_t values_cell =
                                { valid = values_raw[128:128], value = values_raw[127:0] };
                            bit<128> next_value = values_cell.value;
                            values_cell.valid = 0;
                            values_cell.value = next_value;
                            values.write(
                                (bit<32>)meta.slot,
                                values_cell.valid ++ values_cell.value
                            );
                        }
                    }
                }
                4: 5: {
                    if (servers.apply().hit) {
                        if (cached) {
                            lookups.count(5);
                            @atomic {
                                bit<129> values_raw;
                                values.read(values_raw, (bit<32>)meta.slot);
                                values_raw = (bit<32>)meta.slot < 64 ? values_raw : 0;
                                values_cell_t values_cell =
                                    { valid = values_raw[128:128], value = values_raw[127:0] };
                                bit<128> next_value_2 = hdr.kv.value;
                                values_cell.valid = 1;
                                values_cell.value = next_value_2;
                                values.write(
                                    (bit<32>)meta.slot,
                                    values_cell.valid ++ values_cell.value
                                );
                            }
                        }
                    } else {
                        lookups.count(6);
                    }
                    if (hdr.kv.op == 5) {
                        mark_to_drop(standard_metadata);
                    }
                }
                default: {}
            }
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {}
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.ethernet);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.udp);
        packet.emit(hdr.kv);
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
