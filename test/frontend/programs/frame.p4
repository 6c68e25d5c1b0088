// What the programs here have around their ingress: `packet_t` is what arrives and leaves.
#include <core.p4>
#include <v1model.p4>

#define FRAME(P)                                                                                   \
    control no_checks(inout headers_t hdr, inout meta_t meta) { apply {} }                         \
    control no_egress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) { apply {} } \
    control deparse(packet_out packet, in headers_t hdr) { apply { packet.emit(hdr); } }           \
    V1Switch(P(), no_checks(), ingress(), no_egress(), no_checks(), deparse()) main
