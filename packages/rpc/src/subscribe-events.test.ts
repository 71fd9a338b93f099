import type { ModuleEventListener, ModuleHost } from '@mobkit/core/ops';
import { createMobEngine, testProvider } from '@mobkit/mob';
import { bootstrapRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

import { createRpcHandler } from './rpc-handler.js';

interface Subscription {
  readonly event_frames: readonly string[];
  readonly events: readonly { readonly event_id: string; readonly event: Record<string, unknown> }[];
}

/** A runtime that really runs, with modules that say what they are told to. */
async function served() {
  const { storage, metadata } = await openMemoryStores();
  const engine = createMobEngine({
    storage,
    providers: () => [testProvider()],
    allowEphemeralSessions: true,
  });
  const worker = {
    model: 'test',
    external_addressable: true,
    tools: { comms: true },
    runtime_mode: 'turn_driven' as const,
  };
  const definition = { id: 'crew', profiles: { worker } };
  let tell: ModuleEventListener = () => {};
  const modules = {
    start: async (options: { readonly onEvent: ModuleEventListener }) => void (tell = options.onEvent),
    loaded: () => [],
    shutdown: async () => ({ terminatedModules: [], orphanProcesses: 0 }),
  } as unknown as ModuleHost;
  const runtime = await bootstrapRuntime({ engine, definition, storage, metadata, modules });
  onTestFinished(async () => void (await runtime.shutdown()));
  const rpc = createRpcHandler({ runtime });
  const ask = async (params?: unknown) =>
    rpc.handle({ jsonrpc: '2.0', id: 1, method: 'mobkit/events/subscribe', params });
  return {
    runtime,
    say: (eventId: string, eventType = 'response', payload: unknown = { ok: true }) =>
      tell({ eventId, timestampMs: 10, event: { kind: 'module', module: 'router', eventType, payload } }),
    async subscribe(params?: unknown) {
      const answer = await ask(params);
      if (answer && 'result' in answer) return answer.result as Subscription;
      throw new Error(JSON.stringify(answer));
    },
    async refused(params: unknown) {
      const answer = await ask(params);
      return answer && 'error' in answer ? answer.error : answer;
    },
  };
}

const idsOf = ({ events }: Subscription) => events.map(({ event_id: id }) => id);

it('[rpc.events-subscribe] gives the events of the timeline as envelopes and as frames of an event stream', async () => {
  const { say, subscribe } = await served();
  say('evt-router');
  const event = { kind: 'module', module: 'router', event_type: 'response', payload: { ok: true } };
  const expected = {
    scope: 'mob',
    replay_from_event_id: null,
    keep_alive: { interval_ms: 15_000, event: 'keep-alive' },
    keep_alive_comment: ': keep-alive\n\n',
    event_frames: [`id: evt-router\nevent: response\ndata: ${JSON.stringify(event)}\n\n`],
    events: [{ event_id: 'evt-router', source: 'module', timestamp_ms: 10, event }],
  };
  expect(await subscribe()).toEqual(expected);
  expect(await subscribe(null)).toEqual(expected);
  expect(await subscribe({ scope: 'mob', agent_id: 'nobody' })).toEqual(expected);
});

it('[rpc.events-subscribe] replays from an event on, that event included, among the newest 256', async () => {
  const { say, subscribe, refused } = await served();
  for (let n = 1; n <= 257; n += 1) say(`evt-${n}`);
  expect(idsOf(await subscribe()).length).toBe(256);
  const replayed = await subscribe({ last_event_id: 'evt-256' });
  expect(replayed).toMatchObject({ replay_from_event_id: 'evt-256' });
  expect(idsOf(replayed)).toEqual(['evt-256', 'evt-257']);
  expect(await refused({ last_event_id: 'evt-1' })).toMatchObject({
    code: -32602,
    message: "Invalid params: unknown last_event_id 'evt-1'",
  });
});

it('[rpc.events-subscribe-scope] keeps to an agent, by its incarnation or its identity, or to interactions', async () => {
  const { runtime, say, subscribe } = await served();
  for (const identity of ['a', 'b']) {
    await runtime.roster.spawn({ identity, profile: 'worker' });
    await runtime.sendMessage(identity, 'go', { interactionId: `for-${identity}` });
  }
  await runtime.whenIdle();
  say('evt-1', 'interaction.noted');
  say('evt-2');
  const agents = async (agent_id: string) =>
    new Set((await subscribe({ scope: 'agent', agent_id })).events.map(({ event }) => event['agent_id']));
  expect(await agents('a')).toEqual(new Set(['a:0']));
  expect(await agents('b:0')).toEqual(new Set(['b:0']));
  expect(await agents('b:1')).toEqual(new Set());
  const types = (await subscribe({ scope: 'interaction' })).events.map(({ event }) => event['event_type']);
  expect(new Set(types)).toEqual(new Set(['interaction_complete', 'interaction.noted']));
});

it('[rpc.events-subscribe] lets no name begin another field of a frame', async () => {
  const { say, subscribe } = await served();
  say('evt\nid: 9', 'a\r\ndata: b', 'x\ny');
  const [frame] = (await subscribe()).event_frames;
  expect(frame?.split('\n').map((field) => field.slice(0, 7))).toEqual([
    'id: evt',
    'event: ',
    'data: {',
    '',
    '',
  ]);
});

it.each<[params: unknown, message: string, field: string]>([
  [[], 'params must be an object', 'params'],
  [{ scope: 3 }, 'scope must be a string', 'scope'],
  [{ scope: 'all' }, "unsupported scope 'all' (allowed: mob, agent, interaction)", 'scope'],
  [{ last_event_id: 3 }, 'last_event_id must be a string', 'last_event_id'],
  [{ last_event_id: ' ' }, 'last_event_id cannot be empty', 'last_event_id'],
  [{ last_event_id: 'evt-9' }, "unknown last_event_id 'evt-9'", 'last_event_id'],
  [{ agent_id: 3 }, 'agent_id must be a string', 'agent_id'],
  [{ scope: 'agent' }, "agent_id is required when scope is 'agent'", 'agent_id'],
  [{ scope: 'agent', agent_id: '' }, "agent_id cannot be empty when scope is 'agent'", 'agent_id'],
])('[rpc.events-subscribe-refused] answers %j with its words', async (params, message, field) => {
  const { refused } = await served();
  expect(await refused(params)).toEqual({
    code: -32602,
    message: `Invalid params: ${message}`,
    data: { kind: 'invalid_params', field },
  });
});
