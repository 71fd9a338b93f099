import type { BigQueryOptions } from '@mobkit/store-bigquery';
import { z } from 'zod';

import { fromEnvironment } from './from-environment.js';

const text = z.string().trim().min(1);

/** The part `bigquery` of a config: how to reach a dataset, for whatever is kept there. What it may be is checked when it is opened. */
export const bigqueryConfig = z
  .strictObject({
    project: text.optional(),
    dataset: text,
    location: text.optional(),
    endpoint: text.optional(),
    allowed_hosts: z.array(text).optional(),
    // Short-lived, and so of the environment at best; without it application default credentials are found and renewed.
    access_token: fromEnvironment.optional(),
    timeout_ms: z.int().min(1).max(600_000).optional(),
    max_bytes_billed: z.int().min(1).optional(),
  })
  .transform(
    ({
      project: projectId,
      dataset,
      location,
      endpoint: apiEndpoint,
      allowed_hosts: allowedHosts,
      access_token: accessToken,
      timeout_ms: timeoutMs,
      max_bytes_billed: maxBytesBilled,
    }): BigQueryOptions => ({
      dataset,
      ...(projectId !== undefined && { projectId }),
      ...(location !== undefined && { location }),
      ...(apiEndpoint !== undefined && { apiEndpoint }),
      ...(allowedHosts && { allowedHosts }),
      ...(accessToken !== undefined && { accessToken }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(maxBytesBilled !== undefined && { maxBytesBilled }),
    }),
  );
