import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { readUserFile } from '../../compiler/support/files.js';
import { formatPcap, parsePcap } from '../../runtime/pcap/index.js';
import { readPcap, writePcap } from '../../runtime/pcap/node.js';
import { folderWith } from '../support/folders.js';

const folder = folderWith({});

const packet = fc.record({
  timestampNs: fc.bigInt({ min: 0n, max: 0xffff_ffffn * 1_000_000_000n + 999_999_999n }),
  bytes: fc.uint8Array({ maxLength: 2000 }),
});

/** A pcap file of one packet, byte by byte as the format's description has it. */
function handMade(options: { little: boolean; magic?: number; linkType?: number; length?: number; bytes?: number[] }): Uint8Array {
  const bytes = options.bytes ?? [1, 2, 3];
  const file = new DataView(new ArrayBuffer(24 + 16 + bytes.length));
  const words: [number, number][] = [
    [0, options.magic ?? 0xa1b2c3d4],
    [16, 65535],
    [20, options.linkType ?? 1],
    [24, 1_700_000_000],
    [28, 123_456],
    [32, options.length ?? bytes.length],
    [36, 60],
  ];
  for (const [at, value] of words) file.setUint32(at, value, options.little);
  file.setUint16(4, 2, options.little);
  file.setUint16(6, 4, options.little);
  bytes.forEach((byte, i) => {
    file.setUint8(40 + i, byte);
  });
  return new Uint8Array(file.buffer);
}

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code;
    throw error;
  }
  return undefined;
};

describe('reading', () => {
  test.each([
    { little: true, magic: 0xa1b2c3d4, nanoseconds: 123_456_000n },
    { little: false, magic: 0xa1b2c3d4, nanoseconds: 123_456_000n },
    { little: true, magic: 0xa1b23c4d, nanoseconds: 123_456n },
    { little: false, magic: 0xa1b23c4d, nanoseconds: 123_456n },
  ])('both byte orders, both units of time: %o', ({ little, magic, nanoseconds }) => {
    const [only, ...others] = parsePcap(handMade({ little, magic }), 'x.pcap');
    expect(others).toEqual([]);
    expect(only?.timestampNs).toBe(1_700_000_000n * 1_000_000_000n + nanoseconds);
    expect([...(only?.bytes ?? [])]).toEqual([1, 2, 3]);
    expect(only?.originalLength).toBe(60);
  });

  test('the flags above the link type are not part of it', () => {
    expect(parsePcap(handMade({ little: true, linkType: 0xf400_0001 }), 'x')).toHaveLength(1);
  });

  const good = handMade({ little: true });
  test.each<[string, Uint8Array]>([
    ['not-a-pcap', new Uint8Array()],
    ['not-a-pcap', new TextEncoder().encode('hello, this is no capture')],
    ['pcap-is-pcapng', Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0)],
    ['pcap-is-compressed', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['pcap-no-header', good.subarray(0, 23)],
    ['pcap-truncated', good.subarray(0, 39)],
    ['pcap-truncated', good.subarray(0, 42)],
    ['pcap-link-type', handMade({ little: true, linkType: 101 })],
    ['pcap-packet-too-long', handMade({ little: true, length: 262_145 })],
    ['pcap-packet-too-long', handMade({ little: false, length: 0xffff_ffff })],
  ])('%s', (code, file) => {
    expect(codeOf(() => parsePcap(file, 'x.pcap'))).toBe(code);
  });

  test('a missing file, a folder', () => {
    expect(codeOf(() => readPcap(join(folder, 'none.pcap')))).toBe('file-unreadable');
    expect(codeOf(() => readPcap(folder))).toBe('file-unreadable');
  });

  test('a file that is larger than what is read', () => {
    writeFileSync(join(folder, 'large'), new Uint8Array(11));
    expect(readUserFile(join(folder, 'large'), 11)).toHaveLength(11);
    expect(codeOf(() => readUserFile(join(folder, 'large'), 10))).toBe('file-too-large');
  });

  test('random bytes are read or refused, never anything else', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.from([...good.subarray(0, 24), ...rest])),
    );
    fc.assert(
      fc.property(bytes, (file) => {
        codeOf(() => parsePcap(file, 'x'));
      }),
    );
  });
});

describe('writing', () => {
  test('what is written is read back, to the nanosecond', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 8 }), (packets) => {
        const read = parsePcap(formatPcap(packets), 'x').map(({ timestampNs, bytes }) => ({ timestampNs, bytes: [...bytes] }));
        expect(read).toEqual(packets.map(({ timestampNs, bytes }) => ({ timestampNs, bytes: [...bytes] })));
      }),
    );
  });

  test('a file is replaced whole, and nothing else is left in the folder', () => {
    const path = join(folder, 'new', 'out.pcap');
    writePcap(path, [{ timestampNs: 1n, bytes: Uint8Array.of(1) }]);
    writePcap(path, [{ timestampNs: 2n, bytes: Uint8Array.of(2) }]);
    expect(readPcap(path).map((p) => p.timestampNs)).toEqual([2n]);
    expect(readdirSync(join(folder, 'new'))).toEqual(['out.pcap']);
    writeFileSync(join(folder, 'file'), '');
    expect(codeOf(() => writePcap(join(folder, 'file', 'x.pcap'), []))).toBe('file-unwritable');
    expect(codeOf(() => writePcap(folder, []))).toBe('file-unwritable');
  });
});

describe("the router example's captures", () => {
  const traffic = (name: string) => fileURLToPath(new URL(`../../examples/router/traffic/${name}`, import.meta.url));
  const onesComplementSum = (bytes: Uint8Array): number => {
    let sum = 0;
    for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
    while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff);
    return sum;
  };

  test('hold as many packets as their README says, in the order of time', () => {
    for (const [name, count] of [
      ['port1.pcap', 51],
      ['port2.pcap', 36],
    ] as const) {
      const times = readPcap(traffic(name)).map((p) => p.timestampNs);
      expect(times).toHaveLength(count);
      expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
    }
  });

  test('only the packet that was damaged so has a wrong IPv4 checksum', () => {
    const wrong = readPcap(traffic('port1.pcap')).flatMap(({ bytes }, i) => {
      const isIpv4 = bytes[12] === 0x08 && bytes[13] === 0x00;
      const length = 4 * ((bytes[14] ?? 0) & 0xf);
      return isIpv4 && bytes.length >= 14 + length && onesComplementSum(bytes.subarray(14, 14 + length)) !== 0xffff ? [i + 1] : [];
    });
    expect(wrong).toEqual([48]);
  });

  test('are what tcpdump reads, and tcpdump reads what is written', ({ skip }) => {
    try {
      execFileSync('tcpdump', ['--version'], { stdio: 'ignore' });
    } catch {
      skip('tcpdump is not installed');
    }
    const summary = (path: string) =>
      execFileSync('tcpdump', ['-tt', '-n', '-XX', '-r', path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    const copy = join(folder, 'copy.pcap');
    writePcap(copy, readPcap(traffic('port1.pcap')));
    expect(summary(copy)).toBe(summary(traffic('port1.pcap')));
  });
});
