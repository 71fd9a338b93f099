import type { NewRecord, RecordsDefinition, StoredRecord } from '@mobkit/core';
import { MobError } from '@mobkit/core';
import type { Content, HandlingMode, Incarnation, LlmMessage } from '@mobkit/core/mob';

import type { ParkedTurn } from '../agent/parked-turn.js';
import type { ToolOverlay } from './requested-turn.js';

/** Where messages wait for their run, and stay while it lasts. Keys sort in the order in which they were accepted. */
export const inputsDefinition = {
  kind: 'records',
  name: 'mob_inputs',
  fields: { mob_id: 'text', identity: 'text' },
} as const satisfies RecordsDefinition;

/** A message that a member will work on. */
export interface Input {
  readonly id: string;
  /** `kickoff`: the first turn. `message`: from outside. `peer`: from another member. `internal`: a requested turn. */
  readonly kind: 'kickoff' | 'message' | 'peer' | 'internal';
  /** Of the incarnation it was accepted for. */
  readonly generation: number;
  readonly interactionId: string;
  /** Who says it; absent for a first turn, and for a requested one that stands alone. */
  readonly from?: string;
  readonly content: Content;
  readonly acceptedAtMs: number;
  /** @defaultValue `queue` */
  readonly handlingMode?: HandlingMode;
  /** What a message of a peer is beside its words; absent: nothing. */
  readonly about?: PeerHeading;
  /** For its turn only. */
  readonly tools?: ToolOverlay;
  /** For its turn, instead of the profile's. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  /** The engine that began its run; absent while it waits. */
  readonly startedBy?: string;
  /** Where its run waits for somebody: the next process goes on from there. */
  readonly parked?: ParkedRun;
}

/** A run that calls of tools wait in. */
export interface ParkedRun {
  /** What was said in the run and is not in the session. */
  readonly messages: readonly LlmMessage[];
  readonly turn: ParkedTurn;
  /** By which the gate knows the calls that wait. */
  readonly callKeys: readonly string[];
  /** Up to which entry of the ledger it was told who its peers are. */
  readonly peersTold: number;
}

/** A request has the id of its input. */
export type PeerHeading =
  | { readonly kind: 'request'; readonly intent: string }
  | {
      readonly kind: 'response';
      readonly inReplyTo: string;
      readonly status: 'accepted' | 'completed' | 'failed';
    };

/** Wide enough for every safe integer. */
const SEQ_DIGITS = 16;

/** Every incarnation counts from 1 on keys of its own, so that nothing an earlier one left can be in its way. */
export function inputKey(mobId: string, { identity, generation }: Incarnation, seq: number): string {
  return `${mobId}/${identity}/${generation}/${String(seq).padStart(SEQ_DIGITS, '0')}`;
}

export function inputSeq(key: string): number {
  return Number(key.slice(-SEQ_DIGITS));
}

export function toInputRecord(mobId: string, identity: string, input: Input): NewRecord {
  return { fields: { mob_id: mobId, identity }, data: JSON.stringify(input) };
}

export function parseInput({ key, data }: StoredRecord): Input {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new MobError('MOB_LEDGER_INVALID', `The message kept as "${key}" is not JSON`, {
      cause,
      details: { key },
    });
  }
}

/** What the model reads. */
export function renderInput(input: Input): Content {
  const { from, content } = input;
  if (from === undefined) return content;
  const heading = `[${headingOf(input, from)}]`;
  if (typeof content === 'string') return content === '' ? heading : `${heading}\n${content}`;
  return [{ type: 'text', text: heading }, ...content];
}

function headingOf({ id, about }: Input, from: string): string {
  if (about?.kind === 'request') return `request ${id} from ${from}: ${about.intent}`;
  if (about?.kind === 'response')
    return `response from ${from} to request ${about.inReplyTo}: ${about.status}`;
  return `message from ${from}`;
}
