import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../../compiler/support/bytes.js';
import { addFile, memoryHost } from '../../compiler/support/memory-host.js';

describe('the host without a file system', () => {
  const { path } = memoryHost;

  it('has the texts that it was given, by any spelling of their paths', () => {
    addFile('lib/a.p4', 'one');
    addFile('./lib/x/../a.p4', 'two');
    expect(memoryHost.readFile('lib//a.p4', 10)).toEqual({ kind: 'bytes', bytes: toUtf8('two') });
    expect(memoryHost.isFile('lib/a.p4')).toBe(true);
    expect(memoryHost.isFile('lib')).toBe(false);
    expect(memoryHost.readFile('lib/a.p4', 2)).toEqual({ kind: 'too-large', size: 3 });
    expect(memoryHost.readFile('b.p4', 2)).toEqual({ kind: 'unreadable', reason: 'there is no such file' });
  });

  it.each([
    ['a.p4', '.', 'a.p4', '.p4'],
    ['x/y/b.c.p4', 'x/y', 'b.c.p4', '.p4'],
    ['/z', '/', 'z', ''],
    ['x/.p4', 'x', '.p4', ''],
  ])('takes the path %s apart', (whole, folder, name, extension) => {
    expect([path.dirname(whole), path.basename(whole), path.extname(whole)]).toEqual([folder, name, extension]);
  });

  it('joins paths', () => {
    expect(path.join('x', './y/../z.p4')).toBe('x/z.p4');
    expect(path.join('.', '../z.p4')).toBe('../z.p4');
    expect(path.join('/', 'z.p4')).toBe('/z.p4');
    expect(path.basename('x/router.p4', '.p4')).toBe('router');
  });
});
