import { AIMessage } from '@langchain/core/messages';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ChatResult } from '@langchain/core/outputs';
import { tool as langchainTool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import type { Storage } from '@mobkit/core';
import type { LlmClient } from '@mobkit/core/mob';
import { createMobEngine } from '@mobkit/mob';
import {
  Agent,
  type Model,
  type ModelRequest,
  Runner,
  setTracingDisabled,
  tool as openaiTool,
} from '@openai/agents';
import { generateText, stepCountIs, tool as aiTool } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { z } from 'zod';

import type { Contender } from './alternate.js';

/** What everybody says in the end. */
const ANSWER = 'it is 3';
const PROMPT = 'What is 1 and 2?';
const ARGS = { a: 1, b: 2 };
const WARM_TURNS = 200;

const schema = z.object({ a: z.number(), b: z.number() });
const add = ({ a, b }: z.infer<typeof schema>) => String(a + b);

/** Takes `turns` turns, each a call of the model, a tool, and a call of the model; measures microseconds for one. */
function contender(name: string, turns: number, open: () => Promise<Turns>): Contender {
  return {
    name,
    async measure() {
      const { take, close = async () => {} } = await open();
      const takeOne = async () => {
        const answer = await take();
        if (answer !== ANSWER) throw new Error(`${name} answered "${answer}"`);
      };
      for (let turn = 0; turn < Math.min(WARM_TURNS, turns); turn += 1) await takeOne();
      const startedMs = performance.now();
      for (let turn = 0; turn < turns; turn += 1) await takeOne();
      const microseconds = ((performance.now() - startedMs) * 1000) / turns;
      await close();
      return microseconds;
    },
  };
}

interface Turns {
  take(): Promise<string | undefined>;
  close?(): Promise<void>;
}

export function ours(name: string, turns: number, openStorage: () => Promise<OpenedStorage>): Contender {
  return contender(name, turns, async () => {
    const { storage, close } = await openStorage();
    const worker = {
      model: 'fixed',
      tools: { comms: true, host: ['add'] },
      runtime_mode: 'turn_driven',
      external_addressable: true,
    } as const;
    const engine = createMobEngine({
      storage,
      allowEphemeralSessions: true,
      maxSessions: 100_000,
      providers: () => [{ client: fixedModel, supports: () => true }],
      tools: () => [
        {
          name: 'add',
          description: 'Adds two numbers',
          inputSchema: z.toJSONSchema(schema),
          run: async (args) => add(schema.parse(args)),
        },
      ],
    });
    let answer: string | undefined;
    const { mob } = await engine.open({
      definition: { id: 'bench', profiles: { worker } },
      onAgentEvent: ({ payload }) => {
        if (payload.type === 'run_completed') answer = payload.result;
      },
    });
    mob.start();
    // One for each turn, so that none has a history: the peers have none. Spawned before the clock runs.
    const identities = Array.from({ length: turns + WARM_TURNS }, (_, at) => `w${at}`);
    for (const identity of identities) await mob.spawn({ identity, profile: 'worker' });
    let taken = 0;
    return {
      async take() {
        const identity = identities[taken++] ?? '';
        answer = undefined;
        await mob.send(identity, PROMPT);
        await mob.whenIdle();
        return answer;
      },
      async close() {
        await mob.shutdown();
        await close();
      },
    };
  });
}

export interface OpenedStorage {
  readonly storage: Storage;
  close(): Promise<void>;
}

const fixedModel: LlmClient = {
  provider: 'fixed',
  async *stream({ messages }) {
    yield { type: 'usage_update', usage: { input_tokens: 10, output_tokens: 5 } };
    if (messages.at(-1)?.role === 'tool') {
      yield { type: 'text_delta', delta: ANSWER };
      yield { type: 'done', stopReason: 'end_turn' };
      return;
    }
    yield { type: 'tool_call_complete', call: { id: 'call-1', name: 'add', args: ARGS } };
    yield { type: 'done', stopReason: 'tool_use' };
  },
  healthCheck: async () => {},
};

export function ai(turns: number): Contender {
  return contender('ai_us', turns, async () => {
    const usage = {
      inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 5, text: 5, reasoning: 0 },
    };
    const model = new MockLanguageModelV3({
      doGenerate: async ({ prompt }) => {
        const finished = prompt.at(-1)?.role === 'tool';
        return {
          content: finished
            ? [{ type: 'text', text: ANSWER }]
            : [{ type: 'tool-call', toolCallId: 'call-1', toolName: 'add', input: JSON.stringify(ARGS) }],
          finishReason: { unified: finished ? 'stop' : 'tool-calls', raw: undefined },
          usage,
          warnings: [],
        };
      },
    });
    const tools = {
      add: aiTool({
        description: 'Adds two numbers',
        inputSchema: schema,
        execute: async (args: z.infer<typeof schema>) => add(args),
      }),
    };
    return {
      take: async () => (await generateText({ model, tools, prompt: PROMPT, stopWhen: stepCountIs(5) })).text,
    };
  });
}

export function openaiAgents(turns: number): Contender {
  return contender('openai_agents_us', turns, async () => {
    setTracingDisabled(true);
    const usage = { requests: 1, inputTokens: 10, outputTokens: 5, totalTokens: 15 };
    const model = {
      async getResponse({ input }: ModelRequest) {
        const finished = Array.isArray(input) && input.some(({ type }) => type === 'function_call_result');
        return {
          usage,
          output: finished
            ? [
                {
                  type: 'message',
                  role: 'assistant',
                  status: 'completed',
                  content: [{ type: 'output_text', text: ANSWER }],
                },
              ]
            : [
                {
                  type: 'function_call',
                  callId: 'call-1',
                  name: 'add',
                  status: 'completed',
                  arguments: JSON.stringify(ARGS),
                },
              ],
        };
      },
      getStreamedResponse() {
        throw new Error('Nobody asked for a stream');
      },
    } as unknown as Model;
    const parameters = schema;
    const tools = [
      openaiTool({
        name: 'add',
        description: 'Adds two numbers',
        parameters,
        execute: async (args) => add(args),
      }),
    ];
    const agent = new Agent({ name: 'worker', instructions: 'You are a worker.', model, tools });
    const runner = new Runner({ tracingDisabled: true });
    return { take: async () => (await runner.run(agent, PROMPT)).finalOutput };
  });
}

export function langgraph(turns: number): Contender {
  return contender('langgraph_us', turns, async () => {
    const tools = [
      langchainTool(async (args: z.infer<typeof schema>) => add(args), {
        name: 'add',
        description: 'Adds two numbers',
        schema,
      }),
    ];
    const agent = createReactAgent({ llm: new FixedChatModel({}), tools });
    return {
      async take() {
        const { messages } = await agent.invoke({ messages: [{ role: 'user', content: PROMPT }] });
        return messages.at(-1)?.text;
      },
    };
  });
}

class FixedChatModel extends BaseChatModel {
  _llmType(): string {
    return 'fixed';
  }

  override bindTools() {
    return this;
  }

  async _generate(messages: Parameters<BaseChatModel['_generate']>[0]): Promise<ChatResult> {
    const finished = messages.at(-1)?.getType() === 'tool';
    const message = finished
      ? new AIMessage(ANSWER)
      : new AIMessage({ content: '', tool_calls: [{ id: 'call-1', name: 'add', args: ARGS }] });
    return { generations: [{ text: finished ? ANSWER : '', message }] };
  }
}
