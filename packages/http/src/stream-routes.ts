import { MobError } from '@mobkit/core';
import { parseStructuralSearch } from '@mobkit/rpc';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { openAgentFrames } from './agent-stream.js';
import { openLedgerFrames } from './ledger-stream.js';
import type { StreamClients } from './stream-clients.js';
import { parseLedgerId, parseStreamId } from './stream-ids.js';

export interface StreamRequest {
  readonly runtime: UnifiedRuntime;
  readonly request: Request;
  readonly disconnect?: (() => void) | undefined;
}

/** The three event streams. Each throws a `MobError` for a request it cannot serve, before anything is sent. */
export function createStreamRoutes(clients: StreamClients) {
  return {
    /** The events of every agent; or of one, by its identity. */
    agents({ runtime, request, disconnect }: StreamRequest, identity?: string): Response {
      if (identity !== undefined && !runtime.mob.member(identity)) {
        throw new MobError('MOB_MEMBER_NOT_FOUND', `No member is named "${identity}"`);
      }
      const search = only(['after'], new URL(request.url).searchParams);
      const id = lastEventId(request) ?? search.get('after') ?? undefined;
      const stream = {
        ...(identity !== undefined && { identity }),
        ...(id !== undefined && { after: parseStreamId(identity ?? 'mob', id) }),
      };
      return clients.open((signal) => openAgentFrames(runtime, stream, signal), disconnect);
    },

    /** Structural events, filtered by the fields of the URL. */
    async ledger({ runtime, request, disconnect }: StreamRequest): Promise<Response> {
      const { afterCursor, ...filter } = parseStructuralSearch(new URL(request.url).searchParams);
      const id = lastEventId(request);
      const { latestCursor } = await runtime.queryMobEvents({ limit: 1 });
      const after = id === undefined ? (afterCursor ?? latestCursor) : parseLedgerId(id);
      if (after > latestCursor) throw beyondLedger(after, latestCursor);
      return clients.open((signal) => openLedgerFrames(runtime, filter, after, signal), disconnect);
    },
  };
}

/** Where the client says it is. Wins over the URL, which a browser repeats unchanged when it reconnects. */
function lastEventId(request: Request): string | undefined {
  return request.headers.get('last-event-id') || undefined;
}

function only(known: readonly string[], search: URLSearchParams): URLSearchParams {
  for (const field of search.keys()) {
    if (known.includes(field)) continue;
    throw new MobError('MOB_REQUEST_INVALID', `"${field}" is not a field of this stream: leave it out`, {
      details: { field },
    });
  }
  return search;
}

function beyondLedger(afterSeq: number, lastSeq: number): MobError {
  return new MobError(
    'MOB_CURSOR_STALE',
    `Cursor ${afterSeq} is beyond the ledger, which ends at ${lastSeq}`,
    {
      details: { afterSeq, lastSeq },
    },
  );
}
