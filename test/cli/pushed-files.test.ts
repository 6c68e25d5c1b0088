/** The files of `p4ts compile` are what any P4Runtime client sets the pipeline of `p4ts switch` with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromBinary } from '../../compiler/p4info/read.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';
import { folderWith } from '../support/folders.js';
import { TestStream, uint128 } from '../support/switches.js';
import { main, p4ts, root, start } from './command.js';

test('a switch without a pipeline takes one from the files, and its tables are there', { timeout: 60_000 }, async () => {
  const folder = folderWith({});
  const compiled = await p4ts(['compile', join(root, 'test/imported-p4/gateway.p4'), '-o', 'build'], folder);
  expect(compiled.stdout).toContain('wrote build/gateway.p4ts.json\n');
  const file = (name: string): Uint8Array => readFileSync(join(folder, 'build', name));
  const child = start([main, 'switch', '--grpc', '127.0.0.1:0'], folder);
  try {
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', (text) => resolve(String(text))));
    expect(line).toMatch(/^a switch without a pipeline runs as device 1, P4Runtime on 127\.0\.0\.1:\d+, CPU port 510\n$/);
    const transport = grpcTransport(/127\.0\.0\.1:\d+/.exec(line)?.[0] as string);
    const stream = new TestStream(transport);
    stream.arbitrate(1n);
    await stream.next();
    const p4info = fromBinary(file('gateway.p4info.bin'));
    const json = file('gateway.p4ts.json');
    // As it is, and as the tutorials' controllers wrap it: P4DeviceConfig { reassign: true, device_data }.
    const length = [...Buffer.from([(json.length & 0x7f) | 0x80, ((json.length >> 7) & 0x7f) | 0x80, json.length >> 14])];
    for (const p4_device_config of [json, Buffer.concat([Buffer.from([0x08, 0x01, 0x1a, ...length]), json])]) {
      const config = { p4info, p4_device_config };
      await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config });
      const { config: read } = await transport.getPipeline({ device_id: 1n });
      expect(read?.p4info?.tables?.map((t) => t.preamble?.name)).toEqual(p4info.tables.map((t) => t.preamble.name));
      expect(Buffer.compare(read?.p4_device_config ?? new Uint8Array(), p4_device_config)).toBe(0);
    }
    await transport.close();
  } finally {
    child.kill('SIGTERM');
  }
});

test('what a switch without a file cannot do', async () => {
  const { status, stderr } = await p4ts(['switch', '--entries', 'x.txt'], folderWith({}));
  expect(stderr).toContain("error: option '--entries' needs a file with the pipeline");
  expect(status).toBe(2);
});
