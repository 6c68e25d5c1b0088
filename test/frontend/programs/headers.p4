#include "frame.p4"

header kind_t { bit<8> kind; }
header byte_t { bit<8> v; }
header word_t { bit<16> v; }
header_union value_t { byte_t b; word_t w; }
header text_t { bit<8> len; varbit<64> text; }
header out_t { bit<8> n; bit<8> last; bit<8> flags; bit<8> bits; }
struct headers_t { kind_t k; value_t[2] values; byte_t[3] tail; text_t t; out_t o; }
struct point_t { bit<8> x; bit<8> y; }
struct meta_t { bit<8> n; tuple<bit<8>, point_t> t; }

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.k);
        transition select(packet.lookahead<bit<8>>()[7:6]) {
            0: bytes;
            1: words;
            2: counted;
            default: text;
        }
    }
    state bytes {
        packet.extract(hdr.values.next.b);
        packet.extract(hdr.values.next.w);
        transition rest;
    }
    state words {
        packet.extract(hdr.values.next.w);
        transition rest;
    }
    state counted {
        packet.extract(hdr.tail.next);
        meta.n = meta.n + 1;
        transition select(hdr.tail.last.v[0:0], hdr.tail.lastIndex) {
            (1, 0 .. 1): counted;
            default: rest;
        }
    }
    state text {
        byte_t len = packet.lookahead<byte_t>();
        packet.extract(hdr.t, (bit<32>)(len.v & 0x3F) * 8);
        transition rest;
    }
    state rest { transition accept; }
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply {
        hdr.o = { meta.n, 0, ... };
        if (hdr.tail[0].isValid()) {
            hdr.tail.push_front(1);
            hdr.tail[0] = { 0x77 };
            hdr.o.last = hdr.tail[1].v;
        }
        meta.t = { 5, { y = 6, x = 7 } };
        hdr.o.flags[0:0] = (bit<1>)hdr.values[0].isValid();
        hdr.o.flags[1:1] = (bit<1>)hdr.values[1].w.isValid();
        hdr.o.flags[2:2] = (bit<1>)(hdr.tail == (byte_t[3]){ {#}, {#}, {#} });
        hdr.o.flags[3:3] = (bit<1>)(meta.t == { 5, { x = 7, y = 6 } });
        hdr.o.bits = (bit<8>)hdr.t.maxSizeInBits() + (bit<8>)hdr.o.minSizeInBytes();
        if (hdr.values[1].isValid()) {
            // Of a union at most one member is valid.
            hdr.values[1].b = { 0x99 };
            hdr.values[0] = {#};
        }
        if (hdr.t.isValid()) { hdr.k = {#}; }
    }
}
FRAME(parse);
