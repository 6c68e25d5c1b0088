#include <core.p4>
#include <v1model.p4>

// What of ingress makes packet_length longer in egress, as BMv2 counts it.
header kind_t { bit<8> kind; bit<8> length; }
header a_t { bit<32> x; }
header b_t { bit<8> v; }
header c_t { bit<16> v; }
header_union u_t { b_t b; c_t c; }
struct both_t { a_t a; b_t b; }
struct headers_t { kind_t k; b_t first; a_t a; both_t both; u_t u; b_t[3] s; }
struct meta_t {}

a_t made() { return { 9 }; }
void stored(out a_t a, in a_t from) { a = from; }

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.k);
        packet.extract(hdr.first);
        transition select(hdr.k.kind) { 30: parsed; default: accept; }
    }
    state parsed { hdr.a = { 1 }; transition accept; }
}
control verify_(inout headers_t hdr, inout meta_t meta) { apply {} }
control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 2;
        a_t local;
        switch (hdr.k.kind) {
            1: { hdr.a = { 9 }; }
            2: { hdr.a = (a_t){ x = 9 }; }
            3: { hdr.a = { ... }; }
            4: { hdr.a.setValid(); hdr.a = { 9 }; }
            5: { a_t value = { 9 }; hdr.a = value; }
            6: { hdr.both = { { 1 }, { 2 } }; }
            7: { hdr.both = { a = { 1 }, b = hdr.first }; }
            8: { hdr.a = made(); }
            9: { stored(hdr.a, { 9 }); }
            10: { hdr.a = hdr.k.length == 0 ? (a_t){ 1 } : (a_t){ 2 }; }
            11: { hdr.u.b = { 1 }; hdr.u.c = { 2 }; }
            12: { hdr.s[0] = { 1 }; hdr.s.push_front(1); hdr.s.pop_front(2); }
            13: { hdr.a = { 9 }; hdr.a.setInvalid(); }
            14: { hdr.first.setInvalid(); }
            15: { hdr.u.b = { 1 }; hdr.u.c.setInvalid(); }
            // Nothing is counted.
            20: { hdr.a = local; }
            21: { hdr.s[0] = hdr.first; }
            22: { hdr.first = {#}; }
            23: { hdr.first = ...; }
            24: { local.x = (bit<32>)(bit<1>)(hdr.a == (a_t){ 9 }); }
            25: { hdr.both = { a = hdr.a, b = hdr.first }; }
        }
    }
}
control egress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply { hdr.k.length = (bit<8>)std.packet_length; }
}
control deparse(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr.k); } }
V1Switch(parse(), verify_(), ingress(), egress(), verify_(), deparse()) main;
