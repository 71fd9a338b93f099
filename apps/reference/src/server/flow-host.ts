import { isMobError, MobError } from '@mobkit/core';
import { createRpcHandler, toWireStructuralEvent, type WireStructuralEvent } from '@mobkit/rpc';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { ServerClient } from './server-client.js';

export type WireStep = Pick<WireStructuralEvent, 'kind' | 'step_id' | 'timestamp_ms' | 'data'>;

/** Where a flow runs: a server, or this process. */
export interface FlowHost {
  /** @throws MobError `mobkit/rpc`, as a server answers. */
  call<T>(method: string, params: object): Promise<T>;
  /** What the ledger says of a run after a cursor, then live; ends when nothing more can come. */
  events(runId: string, afterCursor: number): AsyncIterable<WireStep>;
}

export function serverHost(server: ServerClient): FlowHost {
  return {
    call: (method, params) => server.call(method, params),
    async *events(runId, afterCursor) {
      const page = await server.call<{
        readonly events: readonly WireStep[];
        readonly subscribe_url: string;
      }>('mobkit/mob_events/subscribe', { run_id: runId, after_seq: afterCursor });
      yield* page.events;
      for await (const { event, data } of server.stream(page.subscribe_url)) {
        // The opening of the stream, and what keeps it alive, are no events of the ledger.
        const told = event === 'gap' ? undefined : parse(data);
        if (told) yield told;
      }
    },
  };
}

export function runtimeHost(runtime: UnifiedRuntime): FlowHost {
  const handler = createRpcHandler({ runtime });
  return {
    async call<T>(method: string, params: object) {
      const response = await handler.handle({ jsonrpc: '2.0', id: 1, method, params });
      if (response && 'error' in response) {
        throw new MobError('mobkit/rpc', response.error.message, { details: response.error.data });
      }
      return response?.result as T;
    },
    async *events(runId, afterCursor) {
      try {
        for await (const event of runtime.tailMobEvents({ runId, afterCursor }))
          yield toWireStructuralEvent(event);
      } catch (error) {
        if (!isMobError(error, 'MOB_SHUTTING_DOWN')) throw error;
      }
    },
  };
}

function parse(data: string): WireStep | undefined {
  const told = JSON.parse(data) as Partial<WireStep>;
  return typeof told.kind === 'string' ? (told as WireStep) : undefined;
}
