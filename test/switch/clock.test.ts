import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock, systemClock } from '../../runtime/switch/clock.js';

test('what is due is done in the order of its times, at its time, and nothing later', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.bigInt(0n, 100n)), fc.array(fc.bigInt(0n, 60n), { minLength: 1 }), async (times, steps) => {
      const clock = new ManualClock();
      const done: { due: bigint; at: bigint }[] = [];
      for (const due of times) clock.at(due, async () => void done.push({ due, at: clock.now() }));
      for (const step of steps) await clock.advance(step);
      const end = steps.reduce((sum, step) => sum + step, 0n);
      expect(clock.now()).toBe(end);
      const expected = times.filter((t) => t <= end).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(done).toEqual(expected.map((due) => ({ due, at: due })));
    }),
  );
});

test('what is done may make new appointments, and call off others', async () => {
  const clock = new ManualClock();
  const times: bigint[] = [];
  const repeat = async (): Promise<void> => {
    times.push(clock.now());
    clock.at(clock.now() + 10n, repeat);
  };
  clock.at(10n, repeat);
  const cancel = clock.at(25n, async () => expect.unreachable());
  clock.at(15n, async () => cancel());
  await Promise.all([clock.advance(20n), clock.advance(15n)]);
  expect(times).toEqual([10n, 20n, 30n]);
  expect(clock.now()).toBe(35n);
});

test('the time of the machine goes on by itself', async () => {
  const clock = systemClock();
  const due = clock.now() + 5_000_000n;
  const at = await new Promise<bigint>((resolve) => clock.at(due, async () => resolve(clock.now())));
  expect(at).toBeGreaterThanOrEqual(due);
  const cancel = clock.at(clock.now(), async () => expect.unreachable());
  cancel();
  await new Promise<void>((resolve) => clock.at(clock.now() + 1_000_000n, async () => resolve()));
});
