import type { Clock } from '@mobkit/core';

import { BigQueryClient } from './bigquery-client.js';
import type { BigQueryOptions } from './options.js';

/**
 * What was prepared with a client, which is closed again when that fails. An aborted `signal` ends the preparing at once, and
 * means nothing afterwards.
 */
export async function openPrepared<T>(
  options: BigQueryOptions,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
  prepare: (client: BigQueryClient) => Promise<T>,
): Promise<T> {
  const client = await BigQueryClient.open(options, clock);
  const abort = () => client.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    return await prepare(client);
  } catch (error) {
    await client.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
