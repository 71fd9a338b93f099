import { type Clock, isMobError } from '@mobkit/core';

import type { Failures } from './failures.js';
import type { Connection, ServerKind } from './model-server.js';

const TIMEOUT_MS = 10_000;

export interface HealthDeps {
  readonly kind: ServerKind;
  readonly connection: Connection;
  readonly failures: Failures;
  readonly clock: Clock;
}

/** Asks for the list of models: it costs nothing, and needs the key. @throws MobError `MOB_LLM_FAILED`. */
export async function checkHealth({ kind, connection, failures, clock }: HealthDeps): Promise<void> {
  const { baseUrl, apiKey, fetch } = connection;
  const call = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => {
    call.abort(failures.failure('timeout', `nothing came for ${TIMEOUT_MS} ms`, { retryable: true }));
  });
  try {
    const headers = apiKey === undefined ? {} : kind.headers(apiKey);
    const response = await fetch(`${baseUrl}/models`, { headers, signal: call.signal });
    const body = await response.text();
    if (response.ok) return;
    const { status, statusText: message } = response;
    const header = (name: string) => response.headers.get(name) ?? undefined;
    throw failures.refusal({ status, message, words: [], body, header }, {});
  } catch (error) {
    throw isMobError(error) ? error : failures.of(error);
  } finally {
    cancel();
  }
}
