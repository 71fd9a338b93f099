import { MobError, type SessionRow, type SessionStore, sessionRowToJson } from '@mobkit/core';
import { z } from 'zod';

import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { name, parseParams, says, text, wholeNumber } from './params.js';

/** A row of a mob is well below 1 kB. */
const MAX_ROWS = 1_000;

const limit = wholeNumber
  .refine((value) => value >= 1 && value <= MAX_ROWS, `must be from 1 to ${MAX_ROWS}: page on`)
  .default(256);

const listParams = z.strictObject({
  after_session_id: name.optional(),
  /** Archived ones too. */
  all: z.boolean(says('must be true or false')).default(false),
  limit,
});

const historyParams = z.strictObject({ session_id: name, after: text.optional(), limit });

const list: Method = async ({ runtime }, params) => {
  const { after_session_id: after, all, limit: most } = parseParams(listParams, params);
  const sessions = expectPart(runtime, 'sessionStore');
  const query = { limit: most, ...(after !== undefined && { afterSessionId: after }) };
  const { rows, more } = await (all ? sessions.latest(query) : sessions.live(query));
  return { sessions: rows.map((row) => sessionRowToJson(row)), has_more: more };
};

const history: Method = async ({ runtime }, params) => {
  const { session_id: sessionId, after, limit: most } = parseParams(historyParams, params);
  const sessions = expectPart(runtime, 'sessionStore');
  const { rows, next } = await readHistory(sessions, {
    sessionId,
    limit: most,
    ...(after !== undefined && { after }),
  });
  return { rows: rows.map((row: SessionRow) => sessionRowToJson(row)), next: next ?? null };
};

export const sessionMethods = {
  'mobkit/sessions/list': list,
  'mobkit/sessions/history': history,
};

/** What is no place of a page is known to the store alone. */
async function readHistory(sessions: SessionStore, query: Parameters<SessionStore['history']>[0]) {
  try {
    return await sessions.history(query);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const details = { field: 'after' };
    throw new MobError('MOB_REQUEST_INVALID', error.message, { cause: error, details });
  }
}
