import { ManualClock } from '@mobkit/contract-kit';
import type { LlmClient, LlmEvent, LlmRequest } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { providerOf } from './provider-of.js';
import { DelayedTestClient, TestClient, testProvider } from './test-client.js';

const request: LlmRequest = {
  model: 'any',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  agent: { mobId: 'm', identity: 'a', role: 'a' },
};

async function answer(client: LlmClient, signal?: AbortSignal): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  for await (const event of client.stream({ ...request, ...(signal && { signal }) })) events.push(event);
  return events;
}

const ok = [
  { type: 'text_delta', delta: 'ok' },
  { type: 'done', stopReason: 'end_turn' },
];

it('[model.test-client] answers ok and ends the turn, without saying what it used', async () => {
  expect(await answer(new TestClient())).toEqual(ok);
  expect(await answer(testProvider().client)).toEqual(ok);
  expect((await answer(new TestClient({ text: 'yes' })))[0]).toEqual({ type: 'text_delta', delta: 'yes' });
  await expect(answer(new TestClient(), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

it('[model.delayed] answers when the clock has come that far', async () => {
  const clock = new ManualClock();
  const { client } = testProvider({ delayMs: 350, clock, text: 'late' });
  expect(client).toBeInstanceOf(DelayedTestClient);
  const heard: LlmEvent[] = [];
  const done = answer(client).then((events) => heard.push(...events));
  clock.advance(349);
  await Promise.resolve();
  expect([heard.length, clock.waiting]).toEqual([0, 1]);
  clock.advance(1);
  await done;
  expect(heard.map(({ type }) => type)).toEqual(['text_delta', 'done']);
});

it('[model.delayed] stops waiting when the request is aborted', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const waiting = answer(new DelayedTestClient({ delayMs: 350, clock }), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(clock.waiting).toBe(0);
});

it('offers a client for every model, or for those it is said to support', () => {
  const client = new TestClient();
  expect(providerOf(client).supports('x')).toBe(true);
  expect(providerOf(client, (model) => model === 'y').supports('x')).toBe(false);
});
