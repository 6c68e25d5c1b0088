// What a table matches may choose the member of a group as well, as in the fabrics of ONOS.
import { type Action, type ActionProfile, type BitType, group, type Key, type Table } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programHandle } from '../../compiler/imported-p4/program.js';
import { all } from '../support/outcomes.js';
import { v1modelText } from '../support/v1model-text.js';

test('a key that selects has the name of one that matches', async () => {
  const program = await v1modelText({
    locals: `
      action_selector(HashAlgorithm.crc16, 32w8, 32w16) paths;
      action send(bit<9> port) { s.egress_spec = port; }
      table spread {
        key = { hdr.h.a: selector; hdr.h.a: lpm; hdr.h.b: selector; }
        actions = { send; }
        implementation = paths;
      }`,
    ingress: 'spread.apply();',
  });
  expect(validate(program).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const handle = programHandle(program, []);
  const spread = handle.tables['I.spread'] as Table<{ 'hdr.h.a': Key<'lpm', BitType<8, 'num'>> }, 'send', 'selector'>;
  const send = handle.actions['I.send'] as Action<'send', { port: BitType<9, 'num'> }>;
  await using sw = await simulate(handle);
  const paths = sw.profile(handle.profiles['I.paths'] as ActionProfile<'selector'>);
  for (const port of [1, 2]) await paths.member(port).set(send({ port }));
  await paths.group(1).set([{ member: 1 }, { member: 2 }]);
  const match = { 'hdr.h.a': { value: 0x40, prefix: 4 } };
  await sw.table(spread).insert({ match, action: group(1) });
  expect((await all(sw.table(spread).entries())).map((entry) => entry.match)).toEqual([match]);
  const ports = new Set<number | undefined>();
  for (let i = 0; i < 64; i++) ports.add((await sw.send(3, Buffer.of(0x40 + (i & 15), i >> 4)))[0]?.port);
  expect([...ports].sort()).toEqual([1, 2]);
});
