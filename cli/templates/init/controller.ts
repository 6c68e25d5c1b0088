/** Installs routes, sends packets through the pipeline in this process, and shows what became of them. */
import { build, dissect, packet } from 'p4ts';
import { renderTrace, simulate } from 'p4ts/runtime';
import { Ethernet, Ipv4, router } from './pipeline.js';

const { routes, forward } = router.ingress;

// With `connect(router, { address: '127.0.0.1:9559' })` the same code controls a switch: npm run switch starts one.
const sw = await simulate(router);

// Every entry is checked by tsc: try another key, a prefix without its length, or a priority.
await sw
  .table(routes)
  .insert(
    { match: { dst: '10.0.1.0/24' }, action: forward({ port: 1, nextHop: '02:00:00:00:00:11' }) },
    { match: { dst: '10.0.2.0/24' }, action: forward({ port: 2, nextHop: '02:00:00:00:00:22' }) },
  );

type Address = `${number}.${number}.${number}.${number}`;

const packetTo = (dst: Address, ttl: number): Uint8Array =>
  packet(
    build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:11', etherType: 0x0800 }),
    build(Ipv4, {
      version: 4,
      headerLength: 5,
      dscp: 0,
      ecn: 0,
      totalLength: 20,
      identification: 0,
      flags: 0,
      fragmentOffset: 0,
      ttl,
      protocol: 17,
      checksum: 0,
      src: '10.0.1.10',
      dst,
    }),
  );

for (const [dst, ttl] of [
  ['10.0.2.20', 64],
  ['10.0.1.10', 64],
  ['192.0.2.1', 64],
  ['10.0.2.20', 1],
] as const) {
  const sent = await sw.send(1, packetTo(dst, ttl));
  for (const { port, packet: bytes } of sent) {
    const [ethernet, rest] = dissect(Ethernet, bytes) ?? [];
    const [ip] = rest ? (dissect(Ipv4, rest) ?? []) : [];
    console.log(`to ${dst}, TTL ${ttl}: forwarded to port ${port}, ${ethernet?.dst}, TTL ${ip?.ttl}`);
  }
  if (sent.length === 0) console.log(`to ${dst}, TTL ${ttl}: dropped`);
}

console.log('\nWhat happened to the first one:\n');
const { trace } = await sw.sendTraced(1, packetTo('10.0.2.20', 64));
console.log(renderTrace(trace, { color: process.stdout.isTTY }));

console.log('\nCounters:');
for await (const { match, counter } of sw.table(routes).entries()) {
  console.log(`  ${match.dst}: ${counter?.packets} packets, ${counter?.bytes} bytes`);
}
await sw.close();
