/** One controller of several switches: opened together, closed together, and told apart by their names. */
import { DiagnosticError } from 'p4ts';
import { connect, connectAll, createDataPlane, createSwitch, P4RuntimeError, type Switch, serve } from 'p4ts/runtime';
import { afterEach, expect, test } from 'vitest';
import { lab } from '../support/lab.js';
import { all, thrown } from '../support/outcomes.js';
import { services } from '../support/services.js';

const { routes, drop } = lab.ingress;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
async function served(): Promise<string> {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  cleanups.push(
    () => core.close(),
    () => server.close(),
  );
  return server.address;
}
const nobody = '127.0.0.1:1';
const entry = { match: { dst: '10.0.0.0/8' }, action: drop() } as const;
/** That another controller can be the primary shows that the session is over. */
const isFree = async (address: string): Promise<boolean> => {
  const sw = await connect(lab, { address });
  await sw.close();
  return sw.electionId === 1n;
};

test('switches of several pipelines, each with its own types and options', async () => {
  const [a, b] = [await served(), await served()];
  const prepared: string[] = [];
  const fabric = await connectAll({
    leaf1: {
      pipeline: lab,
      address: a,
      ready: async (sw) => {
        await sw.table(routes).insert(entry);
        prepared.push('leaf1');
      },
    },
    spine1: { pipeline: services, address: b, electionId: 7n },
  });
  const { leaf1, spine1 } = fabric.switches;
  expect(prepared).toEqual(['leaf1']);
  expect(await all(leaf1.table(routes).entries())).toHaveLength(1);
  expect(spine1.electionId).toBe(7n);
  expect(await spine1.register(services.ingress.totals).read(0)).toBe(0n);
  await fabric.close();
  expect(await thrown(leaf1.table(routes).insert(entry))).toMatchObject({ code: 'CANCELLED' });
  expect(await isFree(a)).toBe(true);
});

test('what a switch refuses has its name', async () => {
  const [a, b] = [await served(), await served()];
  await using fabric = await connectAll({ leaf1: { pipeline: lab, address: a }, leaf2: { pipeline: lab, address: b } });
  const { leaf2 } = fabric.switches;
  await leaf2.table(routes).insert(entry);
  const error = (await thrown(leaf2.table(routes).insert(entry))) as P4RuntimeError;
  expect(error.message).toMatch(/^leaf2: insert into table ingress\.routes: dst 10\.0\.0\.0\/8: ALREADY_EXISTS: /);
  expect(error.failures).toMatchObject([{ index: 0, request: 'leaf2: insert into table ingress.routes: dst 10.0.0.0/8' }]);
  expect(await thrown(leaf2.counter(lab.ingress.hits).read(99))).toMatchObject({ message: expect.stringMatching(/^leaf2: read counter/) });
});

test('a switch that cannot be reached is named, and the others are closed', async () => {
  const address = await served();
  const opened: Switch<typeof lab>[] = [];
  const ready = async (sw: Switch<typeof lab>): Promise<void> => void opened.push(sw);
  const failed = connectAll({
    leaf1: { pipeline: lab, address, ready },
    leaf2: { pipeline: lab, address: nobody },
    spine1: { pipeline: services, address: nobody },
  });
  const error = (await thrown(failed)) as DiagnosticError;
  expect(error).toBeInstanceOf(DiagnosticError);
  expect(error.diagnostics.map(({ code, message }) => [code, message.replace(/: .*/, '')])).toEqual([
    ['switch-unreachable', 'Cannot reach a P4Runtime server at leaf2 (127.0.0.1:1)'],
    ['switch-unreachable', 'Cannot reach a P4Runtime server at spine1 (127.0.0.1:1)'],
  ]);
  expect(error.diagnostics[0]?.loc.file).toMatch(/connect-all\.test\.ts$/);
  expect(opened).toHaveLength(1);
  expect(await thrown(opened[0]?.table(routes).insert(entry) as Promise<void>)).toMatchObject({ code: 'CANCELLED' });
  expect(await isFree(address)).toBe(true);
});

test('another primary, and a refusal while `ready` runs, are told with the names', async () => {
  const [a, b] = [await served(), await served()];
  const other = await connect(lab, { address: a });
  cleanups.push(() => other.close());
  const twice = async (sw: Switch<typeof lab>): Promise<void> => sw.table(routes).insert(entry, entry);
  const error = (await thrown(
    connectAll({ leaf1: { pipeline: lab, address: a }, leaf2: { pipeline: lab, address: b, ready: twice } }),
  )) as AggregateError;
  expect(error.errors).toMatchObject([{ diagnostics: [{ code: 'controller-not-primary' }] }, { code: 'ALREADY_EXISTS' }]);
  expect(error.message).toContain(`is the primary of leaf1 (${a})`);
  expect(error.message).toContain('leaf2: insert into table ingress.routes');
  const alone = await thrown(connectAll({ leaf2: { pipeline: lab, address: b, ready: twice } }));
  expect(alone).toBeInstanceOf(P4RuntimeError);
});

test('what is no switch is a mistake of the caller', async () => {
  const error = (await thrown(connectAll({ leaf1: { pipeline: lab } } as never))) as DiagnosticError;
  expect(error.diagnostics[0]).toMatchObject({
    code: 'bad-argument',
    message: expect.stringMatching(/^connectAll takes an object with a pipeline and an address as `switches\.leaf1`, not /),
  });
  expect(await thrown(connectAll({ leaf1: { pipeline: {} as never, address: nobody } }))).toMatchObject({
    diagnostics: [{ code: 'not-a-pipeline', message: expect.stringContaining('connectAll() expects') }],
  });
});
