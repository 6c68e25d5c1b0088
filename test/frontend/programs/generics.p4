#include "frame.p4"

struct pair<A, B> {
    A first;
    B second;
}
header wrapped<T> { T value; }
header in_t { bit<8> a; bit<16> b; }
struct headers_t {
    in_t i;
    wrapped<bit<8>> small;
    wrapped<bit<32>> large;
}
struct meta_t {
    pair<bit<8>, bit<16>> both;
    pair<bool, bit<8>> other;
}

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.i);
        transition accept;
    }
}

T pick<T>(in bool yes, in T a, in T b) {
    if (yes) { return a; }
    return b;
}
pair<B, A> swap<A, B>(in pair<A, B> p) {
    return { p.second, p.first };
}
// One name, told apart by the arguments.
bit<8> scale(in bit<8> x) { return x * 2; }
bit<8> scale(in bit<8> x, in bit<8> by) { return x * by; }

bit<8> weigh(in bit<8> x, in bit<8> plus = 3, in bit<8> times = 2) { return x * times + plus; }

control add<T>(inout T value, in T amount)(bit<8> turns) {
    apply {
        for (bit<8> i in 1 .. turns) { value = pick(true, amount, value); }
    }
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    add<bit<32>>(2) one;
    apply {
        meta.both = { first = hdr.i.a, second = hdr.i.b };
        pair<bit<16>, bit<8>> turned = swap(meta.both);
        hdr.small.setValid();
        hdr.small.value = pick(turned.first > 256, scale(turned.second), scale(by = 3, x = turned.second));
        meta.other = { false, weigh(times = 10, x = 1) };
        hdr.large = { (bit<32>)weigh(hdr.small.value) + (bit<32>)meta.other.second };
        one.apply(hdr.large.value, hdr.large.value + 1);
    }
}
FRAME(parse);
