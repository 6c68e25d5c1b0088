import type { ServerInterceptingCallInterface, ServerMethodDefinition } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { eagerSending } from '../../runtime/grpc/eager-sending.js';

/** A call whose messages leave when the test says so. */
function call(kind: { readonly requestStream: boolean; readonly responseStream: boolean }) {
  const handed: number[] = [];
  const leave: (() => void)[] = [];
  const lower = {
    sendMetadata: () => undefined,
    sendMessage: (message: number, left: () => void) => {
      handed.push(message);
      leave.push(left);
    },
  } as unknown as ServerInterceptingCallInterface;
  const upper = eagerSending(kind as ServerMethodDefinition<unknown, unknown>, lower);
  /** As a stream does: the next message when it is asked for. */
  let asked = 0;
  const send = (message: number): void => upper.sendMessage(message, () => asked++);
  return { handed, leave, send, asked: () => asked };
}

test('a bidirectional stream hands over up to 64 messages, in order, and goes on when one has left', () => {
  const { handed, leave, send, asked } = call({ requestStream: true, responseStream: true });
  while (asked() === handed.length) send(handed.length);
  expect(handed).toEqual(Array.from({ length: 64 }, (_, i) => i));
  leave[0]?.();
  expect(asked()).toBe(64);
  send(64);
  expect(handed).toHaveLength(65);
  expect(asked()).toBe(64);
  for (const left of leave.slice(1)) left();
  expect(asked()).toBe(65);
});

test('other calls send one after the other', () => {
  const { handed, leave, send, asked } = call({ requestStream: false, responseStream: true });
  send(0);
  expect(asked()).toBe(0);
  leave[0]?.();
  expect([handed.length, asked()]).toEqual([1, 1]);
});
