import { errorText } from '@mobkit/core';
import { type AgentEventPayload, type LlmMessage, textOf, type Usage } from '@mobkit/core/mob';

/** Tokens of a request from which on what was said is made shorter. */
export const COMPACTION_THRESHOLD = 100_000;
/** Turns at the end that stay as they are. */
const KEPT_TURNS = 4;
/** Turns between one compaction and the next. */
const TURNS_BETWEEN = 3;
const SUMMARY_TOKENS = 4_096;
/** About how many characters make a token, where nobody counted. */
const CHARACTERS_PER_TOKEN = 4;

/** What stands for the start of a conversation. */
export interface Compaction {
  readonly summary: string;
  /** Messages it stands for, from the first on. */
  readonly covers: number;
}

/** What a model is sent of a conversation. The whole of it stays in the transcript. */
export function compactedView(
  messages: readonly LlmMessage[],
  compaction: Compaction | undefined,
): readonly LlmMessage[] {
  if (!compaction) return messages;
  const content = `[summary of what was said before]\n${compaction.summary}`;
  return [{ role: 'user', content }, ...messages.slice(compaction.covers)];
}

export interface CompactOptions {
  readonly emit: (payload: AgentEventPayload) => void;
  /** Asks the model without tools. */
  readonly ask: (
    messages: readonly LlmMessage[],
    maxTokens: number,
  ) => Promise<{ readonly text: string; readonly usage?: Usage }>;
}

/** Decides when the conversation of one session is made shorter, and has the model write what stands for its start. */
export class Compactor {
  #compaction: Compaction | undefined;
  #turnsSince = TURNS_BETWEEN;
  #lastInputTokens: number | undefined;

  constructor(compaction: Compaction | undefined) {
    this.#compaction = compaction;
  }

  get compaction(): Compaction | undefined {
    return this.#compaction;
  }

  /** Whether a request is long by now, and the last time long enough ago. @param messages - Asked for only when nobody counted. */
  isDue(messages: () => readonly LlmMessage[]): boolean {
    if (this.#turnsSince < TURNS_BETWEEN) return false;
    const tokens = this.#lastInputTokens ?? estimateTokens(compactedView(messages(), this.#compaction));
    return tokens >= COMPACTION_THRESHOLD;
  }

  /** Call it after every turn. */
  countTurn(usage: Usage | undefined): void {
    this.#turnsSince += 1;
    if (usage) this.#lastInputTokens = usage.input_tokens;
  }

  /**
   * Makes the conversation shorter if it is due; what fails changes nothing. Answers what that used.
   *
   * @param messages - All of them, also those that are summarised already.
   */
  async compact(messages: readonly LlmMessage[], { emit, ask }: CompactOptions): Promise<Usage | undefined> {
    const view = compactedView(messages, this.#compaction);
    const estimated = this.#lastInputTokens ?? estimateTokens(view);
    if (estimated < COMPACTION_THRESHOLD) return undefined;
    const covers = startOfKept(messages);
    if (covers <= (this.#compaction?.covers ?? 0)) return undefined;
    this.#turnsSince = 0;
    this.#lastInputTokens = undefined;
    emit({
      type: 'compaction_started',
      input_tokens: estimated,
      estimated_history_tokens: estimateTokens(view),
      message_count: view.length,
    });
    try {
      const replaced = compactedView(messages.slice(0, covers), this.#compaction);
      const { text, usage } = await ask(
        [{ role: 'user', content: summaryRequest(replaced) }],
        SUMMARY_TOKENS,
      );
      if (text.trim() === '') throw new Error('the model wrote no summary');
      this.#compaction = { summary: text, covers };
      emit({
        type: 'compaction_completed',
        summary_tokens: usage?.output_tokens ?? Math.ceil(text.length / CHARACTERS_PER_TOKEN),
        messages_before: view.length,
        messages_after: messages.length - covers + 1,
      });
      return usage;
    } catch (error) {
      emit({ type: 'compaction_failed', error: errorText(error) });
      return undefined;
    }
  }
}

/** Where the last turns begin, with the message that the first of them answers. */
function startOfKept(messages: readonly LlmMessage[]): number {
  let turns = 0;
  let at = messages.length;
  while (at > 0 && turns < KEPT_TURNS) {
    at -= 1;
    if (messages[at]?.role === 'assistant') turns += 1;
  }
  while (at > 0 && messages[at - 1]?.role === 'user') at -= 1;
  return at;
}

function estimateTokens(messages: readonly LlmMessage[]): number {
  const characters = messages.reduce((sum, message) => sum + lengthOf(message), 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function lengthOf(message: LlmMessage): number {
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  const called = calls.reduce((sum, { args }) => sum + JSON.stringify(args).length, 0);
  return textOf(message.content).length + called;
}

function summaryRequest(messages: readonly LlmMessage[]): string {
  const said = messages
    .map(({ content, ...message }) => JSON.stringify({ ...message, content: textOf(content) }))
    .join('\n');
  return (
    'Below is the start of a conversation of yours, one JSON object a line. Write what you must know of it to go on: ' +
    'the task you are on and how far it is, what was decided, facts and names, promises, what is still open. It takes the place ' +
    `of those lines; nothing else of them will be shown to you. Write that text alone.\n${said}`
  );
}
