import type {
  AppendWrite,
  LogDefinition,
  NewEntry,
  NewRecord,
  PutWrite,
  RecordsDefinition,
  Storage,
} from '@mobkit/core';
import type { LlmMessage, Usage } from '@mobkit/core/mob';

import { addUse, type Use } from '../agent/budget.js';
import type { Compaction } from '../agent/compaction.js';
import { addUsage } from '../agent/add-usage.js';
import type { RunSoFar } from '../agent/run-agent.js';

import type { MemberSettings } from './member-settings.js';

/** Sessions of members, by session id. */
export const sessionsDefinition = {
  kind: 'records',
  name: 'mob_sessions',
  // `open` is 1 until the session is archived, then absent.
  fields: { mob_id: 'text', identity: 'text', open: 'integer' },
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
  /** Up to which entry of the ledger it knows who its peers are; absent before its first run. */
  readonly peers_told?: number;
  /** Runs that ended, well or not. */
  readonly runs: number;
  readonly usage: Usage;
  /** Time in runs; absent for none yet. */
  readonly duration_ms?: number;
  /** Absent for none yet. */
  readonly tool_calls?: number;
  /** A run of which only a part is kept; when it is not under way, the process that worked on it died. */
  readonly open_run?: OpenRun | undefined;
  /** What models are sent instead of its start. */
  readonly compaction?: Compaction;
  readonly created_at_ms: number;
  /** When its member was retired; absent while it has one. */
  readonly archived_at_ms?: number;
}

interface OpenRun {
  /** Of its input. */
  readonly id: string;
  /** Of its messages, those that are in the transcript. */
  readonly messages: number;
  /** What the session had used up before it. */
  readonly before: Use;
}

/** What a commit adds to a session. */
export interface Extension {
  readonly put: PutWrite;
  readonly append: AppendWrite;
  /** Call it when they are kept. */
  readonly applied: () => void;
}

/** The conversation of one incarnation. What is in memory is what is kept. */
export class Session {
  readonly id: string;
  #record: SessionRecord;
  #messages: readonly LlmMessage[];
  #telling: number | undefined;

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

  get used(): Use {
    const { usage, duration_ms: durationMs = 0, tool_calls: toolCalls = 0 } = this.#record;
    return { usage, durationMs, toolCalls };
  }

  /** What is kept next of a run also tells of its peers up to that entry of the ledger. */
  tell(seq: number): void {
    this.#telling = seq;
  }

  put(): PutWrite {
    return putSession(this.id, this.#record);
  }

  putArchived(archivedAtMs: number): PutWrite {
    return putSession(this.id, { ...this.#record, archived_at_ms: archivedAtMs });
  }

  /** What keeps a run as far as it has come, beyond what is kept of it. Entry ids make it repeatable. */
  extend(
    runId: string,
    { messages, use, compaction }: RunSoFar,
    over: boolean,
    timestampMs: number,
  ): Extension {
    const { open_run: open } = this.#record;
    const begun = open?.id === runId ? open : { messages: 0, before: this.used };
    const fresh = messages.slice(begun.messages);
    const { usage, durationMs, toolCalls } = addUse(begun.before, use);
    const record: SessionRecord = {
      ...this.#record,
      messages: this.#record.messages + fresh.length,
      runs: this.#record.runs + (over ? 1 : 0),
      usage,
      duration_ms: durationMs,
      tool_calls: toolCalls,
      ...(this.#telling !== undefined && { peers_told: this.#telling }),
      ...(compaction && { compaction }),
      // Never left out: an object without one of its properties is slow to make and slow to write.
      open_run: over ? undefined : { id: runId, messages: messages.length, before: begun.before },
    };
    const entries = fresh.map((message, at): NewEntry => ({
      id: `${runId}:${begun.messages + at}`,
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
    const applied = () => {
      this.#record = record;
      this.#messages = [...this.#messages, ...fresh];
    };
    return { put: putSession(this.id, record), append, applied };
  }

  /** Counts what was used outside a run; it is kept with the next one. */
  count(usage: Usage): void {
    this.#record = { ...this.#record, usage: addUsage(this.#record.usage, usage) };
  }

  /** Whether an extension is in storage. */
  async holds(storage: Storage, { put }: Extension): Promise<boolean> {
    return (await storage.records(sessionsDefinition).get(this.id))?.data === put.record.data;
  }
}

function putSession(key: string, record: SessionRecord): PutWrite {
  return { records: sessionsDefinition, key, record: toRecord(record) };
}

/** The record of a session, as it was read, once nobody has it any more. */
export function archivedRecord(record: SessionRecord, archivedAtMs: number): NewRecord {
  return toRecord({ ...record, archived_at_ms: archivedAtMs });
}

function toRecord(record: SessionRecord): NewRecord {
  const { mob_id, identity, archived_at_ms: archivedAtMs } = record;
  const fields = { mob_id, identity, ...(archivedAtMs === undefined && { open: 1 }) };
  return { fields, data: JSON.stringify(record) };
}
