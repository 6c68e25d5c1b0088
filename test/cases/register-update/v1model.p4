#include <core.p4>
#include <v1model.p4>

header sample_t {
    bit<8> slot;
    bit<8> value;
    bit<8> previous;
    bit<8> count;
}

struct last_cell_t {
    bit<8> value;
    bit<8> writes;
}

struct headers_t {
    sample_t sample;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.sample);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    register<bit<8>>(1) total;
    register<bit<16>>(4) last;

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        standard_metadata.egress_spec = 1;
        bit<8> total_result;
        @atomic {
            bit<8> total_cell;
            total.read(total_cell, 0);
            total_result = total_cell;
            total_cell = total_cell + 1;
            total.write(0, total_cell);
        }
        hdr.sample.count = total_result;
        bit<8> last_result;
        @atomic {
            bit<16> last_raw;
            last.read(last_raw, (bit<32>)hdr.sample.slot);
            last_raw = (bit<32>)hdr.sample.slot < 4 ? last_raw : 0;
            last_cell_t last_cell = { value = last_raw[15:8], writes = last_raw[7:0] };
            last_result = last_cell.value;
            bit<8> next_value = hdr.sample.value;
            bit<8> next_writes = last_cell.writes + 1;
            last_cell.value = next_value;
            last_cell.writes = next_writes;
            last.write((bit<32>)hdr.sample.slot, last_cell.value ++ last_cell.writes);
        }
        hdr.sample.previous = last_result;
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
        packet.emit(hdr.sample);
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
