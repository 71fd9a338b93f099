import type { BigQueryOptions, SessionWarehouseOptions } from '@mobkit/store-bigquery';
import { z } from 'zod';

/** The part `session_store` of a config: what `mobkit/session_store/bigquery` may use. */
export const sessionStoreSchema = z
  .strictObject({
    // Whether callers that bring no token act with what `bigquery` has or finds.
    app_credentials: z.boolean().default(false),
  })
  .prefault({});

/** How callers reach tables that they name: as the section `bigquery` says, but for the dataset, which they name. */
export function sessionWarehouseOf(
  { app_credentials: ownCredentials }: z.output<typeof sessionStoreSchema>,
  bigquery: Partial<BigQueryOptions> = {},
): SessionWarehouseOptions {
  const { dataset: _, ...reach } = bigquery;
  return { ...reach, ownCredentials };
}
