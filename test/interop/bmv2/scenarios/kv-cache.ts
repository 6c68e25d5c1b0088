/** The cache: the benchmark's questions with the server's values in the cache, keys that are reported, damaged packets. */
import { packets } from '../../../../examples/kv-cache/bench.js';
import { counted, popularity } from '../../../../examples/kv-cache/controller.js';
import { ops } from '../../../../examples/kv-cache/headers.js';
import { hotAfter, kvCache as pipeline } from '../../../../examples/kv-cache/pipeline.js';
import { KvServer, kvPacket, rack } from '../../../../examples/kv-cache/rack.js';
import { damaged } from '../../../support/packets.js';
import { digested, packet, scenario } from '../scenario.js';

const { hosts, deliver, servers, serve, cache, at, hot } = pipeline.ingress;
const { server, client, stranger } = rack;
const kv = new KvServer();
const get = (key: bigint, sequence = 7) => packet(client.port, kvPacket(client, server, { op: ops.get, sequence, key, value: 0n }));
const put = (key: bigint, value: bigint) => packet(client.port, kvPacket(client, server, { op: ops.put, sequence: 8, key, value }));
const stored = (key: bigint, value: bigint) => packet(server.port, kvPacket(server, client, { op: ops.stored, sequence: 8, key, value }));
const fill = (key: bigint) => packet(server.port, kv.fill(key));
const slots = 16;
const keys = Array.from({ length: slots }, (_, slot) => BigInt(slot + 1));
const asked = (key: bigint) => Array.from({ length: hotAfter }, () => get(key));

export const kvCache = scenario({
  name: 'kv-cache',
  pipeline,
  // BMv2's server writes no registers: the round is 0, and the values come from the server.
  steps: [
    {
      control: async (sw) => {
        sw.digests(hot);
        const stations = Object.values(rack);
        await sw.table(hosts).insert(...stations.map(({ mac, port }) => ({ match: { mac }, action: deliver({ port }) })));
        await sw.table(servers).insert({ match: { port: server.port }, action: serve() });
        await sw.table(cache).insert(...keys.map((key, slot) => ({ match: { key }, action: at({ slot }) })));
      },
    },
    get(5n),
    ...keys.map(fill),
    get(5n),
    put(5n, 2n),
    get(5n),
    packet(stranger.port, kvPacket(stranger, client, { op: ops.stored, sequence: 0, key: 5n, value: 666n })),
    stored(5n, 2n),
    get(5n),
    fill(700n),
    ...asked(2000n),
    { control: (sw) => digested(sw.digests(hot), 1) },
    ...asked(2001n),
    ...asked(2002n),
    { control: (sw) => digested(sw.digests(hot), 2) },
    { control: async (sw) => [await counted(sw), await popularity(sw)] },
    ...packets.slice(0, 250),
    ...damaged(packets, 100, 11),
    { control: async (sw) => [await counted(sw), await popularity(sw)] },
  ],
});
