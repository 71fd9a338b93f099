import type {
  AppendWrite,
  LogDefinition,
  NewEntry,
  PutWrite,
  RecordsDefinition,
  Storage,
} from '@mobkit/core';
import type { LlmMessage, Usage } from '@mobkit/core/mob';

import type { MemberSettings } from './member-settings.js';

/** Sessions of members, by session id. */
export const sessionsDefinition = {
  kind: 'records',
  name: 'mob_sessions',
  fields: { mob_id: 'text', identity: 'text' },
} as const satisfies RecordsDefinition;

/** What was said in sessions, a partition for each. */
export const transcriptDefinition = {
  kind: 'log',
  name: 'session_transcript',
  fields: { role: 'text' },
} as const satisfies LogDefinition;

/** What is kept of a session beside its transcript. */
export interface SessionRecord extends MemberSettings {
  readonly mob_id: string;
  readonly identity: string;
  readonly generation: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly additional_instructions: readonly string[];
  /** Messages in the transcript. */
  readonly messages: number;
  /** Runs that ended, well or not. */
  readonly runs: number;
  readonly usage: Usage;
  readonly created_at_ms: number;
  /** When its member was retired; absent while it has one. */
  readonly archived_at_ms?: number;
}

/** The conversation of one incarnation. What is in memory is what is kept. */
export class Session {
  readonly id: string;
  #record: SessionRecord;
  #messages: readonly LlmMessage[];

  constructor(id: string, record: SessionRecord, messages: readonly LlmMessage[] = []) {
    this.id = id;
    this.#record = record;
    this.#messages = messages;
  }

  get record(): SessionRecord {
    return this.#record;
  }

  /** Oldest first, without the system prompt. */
  get messages(): readonly LlmMessage[] {
    return this.#messages;
  }

  put(): PutWrite {
    return putSession(this.id, this.#record);
  }

  putArchived(archivedAtMs: number): PutWrite {
    return putSession(this.id, { ...this.#record, archived_at_ms: archivedAtMs });
  }

  /** What keeps the messages of a run that ended, and what to call when they are kept. Entry ids make it repeatable. */
  extend(runId: string, messages: readonly LlmMessage[], usage: Usage, timestampMs: number) {
    const record: SessionRecord = {
      ...this.#record,
      messages: this.#record.messages + messages.length,
      runs: this.#record.runs + 1,
      usage: addUsage(this.#record.usage, usage),
    };
    const entries = messages.map((message, at): NewEntry => ({
      id: transcriptEntryId(runId, at),
      timestampMs,
      fields: { role: message.role },
      data: JSON.stringify(message),
    }));
    const append: AppendWrite = {
      log: transcriptDefinition,
      partition: this.id,
      entries,
      expectedLastSeq: this.#record.messages,
    };
    const kept = () => {
      this.#record = record;
      this.#messages = [...this.#messages, ...messages];
    };
    return { put: putSession(this.id, record), append, kept };
  }

  /** Whether the messages of a run are in the transcript. */
  async holds(storage: Storage, runId: string): Promise<boolean> {
    const { entries } = await storage
      .log(transcriptDefinition, this.id)
      .read({ afterSeq: this.#record.messages, limit: 1 });
    return entries[0]?.id === transcriptEntryId(runId, 0);
  }
}

export function addUsage(one: Usage, other: Usage): Usage {
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
  };
}

function putSession(key: string, record: SessionRecord): PutWrite {
  const fields = { mob_id: record.mob_id, identity: record.identity };
  return { records: sessionsDefinition, key, record: { fields, data: JSON.stringify(record) } };
}

function transcriptEntryId(runId: string, at: number): string {
  return `${runId}:${at}`;
}
