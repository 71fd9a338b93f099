import { checkText } from '../check-arguments.js';
import { copyJson } from '../copy-json.js';
import type { RecordsDefinition } from '../definition.js';
import type { JsonValue } from '../json-value.js';
import { scopedName } from '../scoped-name.js';
import type { PutWrite } from '../storage.js';
import type { Resolution } from './router.js';

/** What `enlist` needs of a connection: `pg`'s `Client` and `PoolClient` have it, and others that speak as they do. */
export interface TransactionClient {
  query(text: string, values: unknown[]): PromiseLike<unknown>;
}

/**
 * Takes requests for deliveries in a transaction of the application's own. Stores offer it whose transactions an application
 * can share.
 */
export interface DeliveryOutbox {
  /**
   * Asks for deliveries, on a connection and in a transaction that are the caller's. When that commits they are handed to the
   * delivery, by this process or another one that runs a mob over the store, also after a crash; when it is rolled back they
   * never were. Outside a transaction they are asked for at once. What the connection throws passes through.
   *
   * An id that waits already is not asked for again, whatever stands beside it. One that was refused is.
   *
   * @throws TypeError naming the first request that cannot be kept, and the second of one id; nothing was written.
   */
  enlist(client: TransactionClient, requests: readonly OutboxRequest[]): Promise<void>;

  /**
   * Calls `wake` when something may have been asked for, in any process: soon after the commit, and now and then for nothing. Returns
   * what ends it.
   */
  onEnlisted(wake: () => void): () => void;
}

/** A delivery to ask for. Which way it goes is decided when it is handed over, by the routes there are then. */
export interface OutboxRequest {
  /**
   * Names it: asked for again under the same id it is the same delivery, for as long as the delivery keeps the key
   * `outbox:<id>`.
   */
  readonly id: string;
  readonly recipient: string;
  /** @defaultValue `notification` */
  readonly channel?: string;
  readonly payload: JsonValue;
  /** A name for what sends it. */
  readonly from?: string;
  readonly interactionId?: string;
  /** The mob whose routes and sinks carry it. @defaultValue whichever has the store open */
  readonly mobId?: string;
}

/** Where a `Storage` keeps what was asked for of whichever mob has it open, by id, until it is handed over. */
export const deliveryOutboxDefinition = {
  kind: 'records',
  name: 'delivery_outbox',
  fields: { recipient: 'text', status: 'text' },
} as const satisfies RecordsDefinition;

/** Where a `Storage` keeps what was asked for of one mob, which is nothing to another. */
export function deliveryOutboxOf(mobId: string): RecordsDefinition {
  return { ...deliveryOutboxDefinition, name: scopedName(deliveryOutboxDefinition.name, mobId) };
}

/** What is kept of a request. */
export interface KeptOutboxRequest extends OutboxRequest {
  /**
   * `waiting` to be handed over; `refused` when that can never be: then it is kept for a while, unless it is asked for again, for
   * people to see.
   */
  readonly status: 'waiting' | 'refused';
  /** Why it was refused, or is tried again. */
  readonly error?: string;
  /** How often handing it over has failed for the moment, or it was left to another mob. */
  readonly failures?: number;
  /** The way it goes, from when it was first handed over: a second time, after a crash, is then known for the same. */
  readonly resolution?: Resolution;
}

/**
 * What asks for a delivery in a commit of one's own: `storage.commit({ puts: [outboxWrite(request, clock.now())] })`. For any
 * store, and whoever has no transaction but that; it is found within 15 seconds. Written over what waits under that id. The storage
 * has to be prepared with the definition that it names: `deliveryOutboxDefinition`, or `deliveryOutboxOf` the mob.
 *
 * @throws TypeError for a request that cannot be kept.
 */
export function outboxWrite(request: OutboxRequest, nowMs: number): PutWrite {
  const { id, recipient, channel, from, interactionId, mobId } = request;
  checkName('id', id);
  checkName('recipient', recipient);
  for (const [name, value] of Object.entries({ channel, from, interactionId, mobId })) {
    if (value !== undefined) checkName(name, value);
  }
  if (id.length > MOST_ID)
    throw new TypeError(`An id of the outbox has more than ${MOST_ID} characters: ${id}`);
  const payload = copyJson(request.payload, 'payload', (field, problem) => {
    throw new TypeError(`${field} of "${id}" ${problem}`);
  });
  return outboxPut({ ...request, payload, status: 'waiting' }, nowMs);
}

/**
 * The write that keeps a request in the outbox, for a `commit` of one's own.
 *
 * @param dueAtMs - when it is handed over, or forgotten when it is refused; absent: never by itself.
 */
export function outboxPut(kept: KeptOutboxRequest, dueAtMs?: number): PutWrite {
  const { id, recipient, status } = kept;
  const record = {
    fields: { recipient, status },
    data: JSON.stringify(kept),
    ...(dueAtMs !== undefined && { dueAtMs }),
  };
  const records = kept.mobId === undefined ? deliveryOutboxDefinition : deliveryOutboxOf(kept.mobId);
  return { records, key: id, record };
}

/** With what is put before it, an id still names a record. */
const MOST_ID = 300;

function checkName(name: string, value: string): void {
  checkText(`${name} of what the outbox is asked`, value);
  if (value.trim() === '') throw new TypeError(`${name} of what the outbox is asked is blank`);
}
