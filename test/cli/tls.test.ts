// `p4ts switch` and the commands that control it, over TLS.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.js';
import { main, p4ts, root, start } from './command.js';

test('a switch whose certificate has another name than its address; who does not trust it is in the log', { timeout: 60_000 }, async () => {
  const folder = folderWith({});
  const names = ['-subj', '/CN=leaf1', '-addext', 'subjectAltName=DNS:leaf1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', ...names], {
    cwd: folder,
    stdio: 'ignore',
  });
  const file = (name: string): string => `${folder}/${name}`;
  const tls = ['--tls-cert', file('c.pem'), '--tls-key', file('k.pem')];
  const child = start([main, 'switch', 'examples/router/pipeline.ts', '--grpc', '127.0.0.1:0', ...tls], root);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const [line] = await once(child.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data');
  const address = /P4Runtime on (\S+),/.exec(String(line))?.[1] as string;
  const dump = (...args: string[]) => p4ts(['entries', 'dump', '--grpc', address, ...args], folder);

  expect((await dump('--ca', 'c.pem')).stderr).toContain('is for another host; use an address that the certificate names');
  expect(await dump('--ca', 'c.pem', '--server-name', 'leaf1')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect((await dump()).stderr).toContain('it may speak TLS');

  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  const lines = log
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));
  const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
  const failures = lines.filter(({ msg }) => msg === 'TLS handshake failed');
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) expect(failure).toMatchObject({ level: 'warn', peer, why: expect.any(String) });
  expect(failures.map(({ why }) => why)).toContain('wrong version number: it does not speak TLS');
});
