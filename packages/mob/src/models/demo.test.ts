import { readFileSync } from 'node:fs';

import type { LlmMessage, LlmToolCall, MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { parseMobDefinition } from '../definition/parse-mob-definition.js';
import { parseScript } from './parse-script.js';
import { scriptedProvider } from './scripted-provider.js';

const read = (name: string) =>
  readFileSync(new URL(`../../../../apps/reference/demo/${name}`, import.meta.url), 'utf8');

const { definition, diagnostics } = parseMobDefinition(read('mob.toml'), { format: 'toml' });

/** Carries messages between the members of the demo and plays the script for each, one message at a time. */
class PostOffice {
  readonly results: { readonly identity: string; readonly text: string }[] = [];
  readonly calls: (LlmToolCall & { readonly identity: string })[] = [];
  readonly #roles: ReadonlyMap<string, string>;
  readonly #transcripts = new Map<string, LlmMessage[]>();
  readonly #waiting: { readonly to: string; readonly text: string }[] = [];
  readonly #client = scriptedProvider(parseScript(read('script.toml'))).client;

  constructor({ members = [] }: MobDefinition) {
    this.#roles = new Map(members.map(({ identity, profile }) => [identity, profile]));
    for (const { identity, profile } of members) {
      this.#waiting.push({ to: identity, text: `You are ${identity}, ${profile} of incident-response.` });
    }
  }

  post(to: string, from: string, body: string): void {
    this.#waiting.push({ to, text: `[message from ${from}]\n${body}` });
  }

  async work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#run(next.to, next.text);
    }
  }

  async #run(identity: string, text: string): Promise<void> {
    const messages = this.#transcripts.get(identity) ?? [];
    this.#transcripts.set(identity, messages);
    messages.push({ role: 'user', content: text });
    const agent = { mobId: 'incident-response', identity, role: this.#roles.get(identity) ?? '' };
    for (let calls: LlmToolCall[] | undefined; calls === undefined || calls.length > 0;) {
      let content = '';
      calls = [];
      for await (const event of this.#client.stream({ model: 'scripted', messages, tools: [], agent })) {
        if (event.type === 'text_delta') content += event.delta;
        if (event.type === 'tool_call_complete') calls.push(event.call);
      }
      messages.push({ role: 'assistant', content, toolCalls: calls });
      for (const call of calls) {
        this.calls.push({ ...call, identity });
        const args = call.args as { readonly peer_id: string; readonly body: string };
        if (call.name === 'send_message') this.post(args.peer_id, identity, args.body);
        messages.push({
          role: 'tool',
          toolCallId: call.id,
          name: call.name,
          content: 'sent',
          isError: false,
        });
      }
      if (calls.length === 0) this.results.push({ identity, text: content });
    }
  }

  /** The texts that the lead's runs ended with and that are summaries. */
  get summaries(): readonly string[] {
    return this.results
      .filter(({ identity, text }) => identity === 'lead' && text.startsWith('Summary'))
      .map(({ text }) => text);
  }
}

async function openDemo(): Promise<PostOffice> {
  if (!definition) throw new Error('The demo has errors');
  const office = new PostOffice(definition);
  await office.work();
  return office;
}

it('[model.demo] is described without a flaw, and greets', async () => {
  expect(diagnostics).toEqual([]);
  expect((await openDemo()).results.map(({ text }) => text.slice(0, 6))).toEqual(Array(4).fill('Ready.'));
});

it('[model.demo] leads an incident through specialists and scribe back to the lead', async () => {
  const office = await openDemo();
  office.post('lead', 'user', 'Checkout answers 500 since 10:02\nOnly in Europe.');
  await office.work();
  const who = office.calls.map(({ identity, name, args }) => {
    const { peer_id: peer, recipient } = args as { peer_id?: string; recipient?: string };
    return `${identity} ${name} ${peer ?? recipient}`;
  });
  expect(who).toEqual([
    'lead send_message database',
    'lead send_message network',
    'database send_message lead',
    'network send_message lead',
    'lead send_message scribe',
    'scribe deliver incident-log',
    'scribe send_message lead',
  ]);
  expect(office.calls[0]?.args).toMatchObject({ body: expect.stringContaining('Only in Europe.') });
  expect(office.summaries).toHaveLength(1);
  expect(office.results.at(-1)?.text).toMatch(
    /^Summary of “Checkout answers 500 since 10:02”\n- database: .+\n- net/,
  );
  expect(office.results.every(({ text }) => text !== 'ok' && text !== '')).toBe(true);
});

it('[model.demo] keeps incidents apart, at once and one after the other, the same one again too', async () => {
  const office = await openDemo();
  office.post('lead', 'user', 'Search is slow (p99 > 3 s)');
  office.post('lead', 'user', 'Checkout answers 500');
  await office.work();
  expect(office.summaries.map((text) => text.split('\n')[0])).toEqual([
    'Summary of “Search is slow (p99 > 3 s)”',
    'Summary of “Checkout answers 500”',
  ]);
  expect(office.summaries[0]).toContain('index');
  expect(office.summaries[1]).toContain('connections');
  office.post('lead', 'pager', 'Search is slow (p99 > 3 s)');
  await office.work();
  expect(office.summaries).toHaveLength(3);
  expect(office.summaries[2]).toBe(office.summaries[0]);
});
