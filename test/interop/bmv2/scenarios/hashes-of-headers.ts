/** Hashes of whole headers, some of which are not there. */
import { extractK, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const hashes = await v1modelProgram({
  top: 'header hashes_t { bit<32> a; bit<16> b; }',
  headers: 'hashes_t found;',
  start: extractK,
  ingress: `
    std.egress_spec = 2;
    if (h.k.a[0:0] == 1) { h.x.setValid(); h.x.v = h.k.b; }
    h.found.setValid();
    h.found = { 0, 0 };
    hash(h.found.a, HashAlgorithm.crc32, 32w0, { h.x, h.k.a, h.k }, 64w0x100000000);
    bit<16> b = (bit<16>) h.k.b;
    hash(h.found.b, HashAlgorithm.crc16, b + 1, { h.k, 8w5, h.y, { h.k.b, 3w2 } }, b + 1000);`,
});

export const hashesOfHeaders = scenario({
  name: 'hashes-of-headers',
  pipeline: hashes,
  steps: ['0000', '0100', '0107', '02ff', '0380', 'ffff'].map((bytes) => packet(1, `${bytes}aabb`)),
});
