import type { LlmEvent, LlmRequest, Usage } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { withWorker } from '../../test/ask-one.js';
import { fakeModel, lastText } from '../../test/fake-model.js';
import { openTestMob } from '../../test/open-test-mob.js';
import { transcriptDefinition } from '../members/session.js';
import { COMPACTION_THRESHOLD } from './compaction.js';

const isSummary = ({ tools, maxTokens }: LlmRequest) => tools.length === 0 && maxTokens === 4_096;

/** Every answer of it used so many tokens; it writes summaries as it is told. */
function large(
  tokens: number,
  summary: () => readonly LlmEvent[] | string = () => 'what matters',
  cached: Partial<Usage> = {},
) {
  const used = { input_tokens: tokens, output_tokens: 7, ...cached };
  const usage = { type: 'usage_update', usage: used } as const;
  return fakeModel((said, request) => {
    if (!isSummary(request)) {
      return [
        { type: 'text_delta', delta: `did ${said.slice(-1)}` },
        usage,
        { type: 'done', stopReason: 'end_turn' },
      ];
    }
    const written = summary();
    return typeof written === 'string'
      ? [{ type: 'text_delta', delta: written }, usage, { type: 'done', stopReason: 'end_turn' }]
      : written;
  });
}

async function talk(model: ReturnType<typeof large>, messages: number) {
  const opened = await withWorker({ model });
  for (let at = 0; at < messages; at += 1) {
    await opened.mob.send('one', `message ${at}`);
    await opened.mob.whenIdle();
  }
  const told = () =>
    opened.events.flatMap(({ payload }) => (payload.type.startsWith('compaction_') ? [payload] : []));
  return { ...opened, told };
}

it('[mob.compaction] has the model write what stands for the start of a long conversation, keeps four turns, and all of it in the transcript', async () => {
  const model = large(COMPACTION_THRESHOLD);
  const { mob, events, storage, told } = await talk(model, 6);
  expect(told()).toMatchObject([
    { type: 'compaction_started', input_tokens: COMPACTION_THRESHOLD, message_count: 11 },
    { type: 'compaction_completed', summary_tokens: 7, messages_before: 11, messages_after: 10 },
  ]);
  const summary = model.requests.find(isSummary)!;
  expect(lastText(summary)).toContain('message 0');
  expect(lastText(summary)).not.toContain('message 1');
  const view = ({ messages }: LlmRequest) => messages.slice(1).map(({ content }) => content);
  const last = model.requests.at(-1)!;
  expect(view(last)[0]).toBe('[summary of what was said before]\nwhat matters');
  expect(view(last)).toHaveLength(10);
  const { entries } = await storage.log(transcriptDefinition, events[0]!.sessionId).read({ afterSeq: 0 });
  expect(entries).toHaveLength(12);

  await mob.shutdown();
  const again = large(10);
  const next = await openTestMob({ storage, model: again, definition: mob.definition });
  await next.mob.send('one', 'message 6');
  await next.mob.whenIdle();
  expect(view(again.requests[0]!)[0]).toBe('[summary of what was said before]\nwhat matters');
  expect(view(again.requests[0]!)).toHaveLength(12);
});

it('[mob.compaction-failed] goes on with the conversation as it is when no summary can be had', async () => {
  for (const summary of [() => '  ', () => [{ type: 'done', stopReason: 'content_filter' }] as const]) {
    const model = large(COMPACTION_THRESHOLD, summary);
    const { events, told } = await talk(model, 6);
    expect(told().map(({ type }) => type)).toEqual(['compaction_started', 'compaction_failed']);
    expect(model.requests.at(-1)?.messages).toHaveLength(12);
    expect(events.at(-1)?.payload.type).toBe('run_completed');
  }
});

it('[mob.compaction-threshold] does not make a conversation shorter that is below the threshold, whatever of it came from a cache', async () => {
  const cached = { cache_read_tokens: COMPACTION_THRESHOLD - 2, cache_creation_tokens: 1 };
  for (const of of [{}, cached]) {
    const { told } = await talk(large(COMPACTION_THRESHOLD - 1, undefined, of), 7);
    expect(told()).toEqual([]);
  }
});
