#include "frame.p4"

// What becomes of a union of which one member is valid, and another one is written (P4-16 §8.21).
header kind_t { bit<8> kind; bit<8> flags; }
header byte_t { bit<8> v; }
header word_t { bit<16> v; }
header_union value_t { byte_t b; word_t w; }
struct held_t { value_t value; bit<8> n; }
struct headers_t { kind_t k; value_t u; value_t[2] s; }
struct meta_t { held_t held; }

void leave(out word_t w) {}
void same(inout word_t w) {}
void fill(out word_t w) { w = { 0x1234 }; }
word_t none() { word_t w; return w; }

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.k);
        packet.extract(hdr.u.b);
        transition accept;
    }
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    action empty(out word_t w) {}
    apply {
        std.egress_spec = 2;
        word_t w;
        value_t other;
        switch (hdr.k.kind) {
            1: { hdr.u.w.setInvalid(); }
            2: { hdr.u.w = {#}; }
            3: { hdr.u.w = w; }
            4: { leave(hdr.u.w); }
            5: { same(hdr.u.w); }
            6: { hdr.u = other; }
            7: { hdr.u = (value_t){#}; }
            8: { hdr.u.w = none(); }
            9: { empty(hdr.u.w); }
            10: { hdr.u.b.setInvalid(); }
            // The other member becomes valid.
            20: { hdr.u.w = { 0x1234 }; }
            21: { hdr.u.w.setValid(); hdr.u.w.v = 0x1234; }
            22: { fill(hdr.u.w); }
            23: { w = { 0x1234 }; hdr.u.w = w; }
            24: { other.w = { 0x1234 }; hdr.u = other; }
            25: { meta.held.value.w = { 0x1234 }; held_t copy = meta.held; hdr.u = copy.value; }
            26: { hdr.s[0].w = { 0x1234 }; hdr.s.push_front(1); hdr.u = hdr.s[1]; hdr.s[1].b = {#}; }
            // Nothing changes.
            30: { hdr.u.b = hdr.u.b; }
            31: { other = hdr.u; other.w = {#}; }
            32: { hdr.u.w.v = 0x1234; }
            // Fields of members that became invalid are 0, as all of invalid headers.
            40: { hdr.u.w = { 0x1234 }; hdr.k.flags = hdr.u.b.v; }
            41: { hdr.u.w = {#}; hdr.u.b.setValid(); }
            // Equal unions have the same valid member with the same fields, or none.
            50: { other = hdr.u; hdr.k.flags[3:3] = (bit<1>)(other == hdr.u); other.b.v = other.b.v + 1; hdr.k.flags[4:4] = (bit<1>)(other == hdr.u); }
            51: { hdr.u.w = {#}; hdr.k.flags[3:3] = (bit<1>)(other == hdr.u); }
        }
        hdr.k.flags[0:0] = (bit<1>)hdr.u.b.isValid();
        hdr.k.flags[1:1] = (bit<1>)hdr.u.w.isValid();
        hdr.k.flags[2:2] = (bit<1>)hdr.u.isValid();
    }
}
FRAME(parse);
