import { isMobError, MobError, type SessionRow, type SessionStore } from '@mobkit/core';
import type { SessionWarehouse } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { Method } from './method.js';
import { parseSessionStoreRequest, type SessionStoreRequest } from './session-store-params.js';
import { onTheWire } from './wire-field.js';

const bigquery: Method = async ({ runtime }, params) => {
  const request = parseSessionStoreRequest(params);
  const warehouse = warehouseOf(runtime);
  try {
    return await onTheWire(warehouse.withSessions(request.table, (sessions) => execute(sessions, request)));
  } catch (error) {
    throw toldTo(request, error);
  }
};

export const sessionStoreMethods = { 'mobkit/session_store/bigquery': bigquery };

async function execute(sessions: SessionStore, request: SessionStoreRequest) {
  const { operation } = request;
  if (operation === 'stream_insert_rows') {
    await sessions.append(request.rows);
    return { operation, accepted: true, inserted_rows: request.rows.length };
  }
  const { rows, next } = await read(sessions, request);
  return { operation, rows: rows.map(toWireSession), ...(next !== undefined && { next }) };
}

type ReadRequest = Exclude<SessionStoreRequest, { readonly operation: 'stream_insert_rows' }>;

interface Page {
  readonly rows: readonly SessionRow[];
  /** What `after` of the next request is; absent when there is no more. */
  readonly next?: string;
}

async function read(sessions: SessionStore, { operation, after, limit }: ReadRequest): Promise<Page> {
  if (operation === 'read_rows') {
    return sessions.history({ limit, ...(after !== undefined && { after }) });
  }
  const query = { limit, ...(after !== undefined && { afterSessionId: after }) };
  const page = await (operation === 'read_live_rows' ? sessions.live(query) : sessions.latest(query));
  const last = page.rows.at(-1);
  return { rows: page.rows, ...(page.more && last && { next: last.sessionId }) };
}

function toWireSession({ sessionId, updatedAtMs, deleted, payload, labels }: SessionRow) {
  return { session_id: sessionId, updated_at_ms: updatedAtMs, deleted, payload, labels };
}

function warehouseOf({ sessionWarehouse }: UnifiedRuntime): SessionWarehouse {
  if (sessionWarehouse) return sessionWarehouse;
  throw new MobError('MOB_CONFIG_INVALID', 'This runtime has no warehouse of sessions', {
    details: { part: 'session_warehouse' },
  });
}

/** Codes of what the caller's words do not make wrong. */
const OF_THE_STORE = ['MOB_STORE_UNAVAILABLE', 'MOB_STORE_REFUSED', 'MOB_CONFIG_INVALID'] as const;

/** A failure as callers of this method know it; one that is none of theirs stays as it is. */
function toldTo({ operation }: SessionStoreRequest, error: unknown): unknown {
  if (isMobError(error) && OF_THE_STORE.some((code) => code === error.code)) {
    const { message, details, retryable } = error;
    const said = `BigQuery session store request failed: ${message}`;
    return new MobError('MOB_SESSION_STORE_FAILED', said, { cause: error, details, retryable });
  }
  // Only who reads a cursor knows one that is none.
  if (error instanceof TypeError) {
    const field = operation === 'stream_insert_rows' ? 'rows' : 'after';
    return new MobError('MOB_REQUEST_INVALID', error.message, { cause: error, details: { field } });
  }
  return error;
}
