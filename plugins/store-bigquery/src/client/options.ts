import { MobError } from '@mobkit/core';
import { z } from 'zod';

import { type Endpoint, parseEndpoint } from './endpoint.js';
import { checkDataset, checkProject } from './names.js';

/** How to reach a dataset. */
export interface BigQueryOptions {
  /** @defaultValue `BIGQUERY_PROJECT_ID`, else `GOOGLE_CLOUD_PROJECT`, of the environment */
  readonly projectId?: string;
  /** Of letters, digits and `_`. */
  readonly dataset: string;
  /** Where the dataset is, e.g. `EU`: jobs outside the US need it. */
  readonly location?: string;
  /** Scheme and host, e.g. of a regional or a local server. @defaultValue `https://bigquery.googleapis.com` */
  readonly apiEndpoint?: string;
  /**
   * Hosts that `apiEndpoint` may name beside those of `googleapis.com`: `127.0.0.1`, `localhost` or `[::1]` allow a server on
   * this machine, over http too, which is sent no credentials but an `accessToken` given here. @defaultValue none
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Sent as it is, and not renewed.
   *
   * @defaultValue `BIGQUERY_ACCESS_TOKEN`, `GOOGLE_OAUTH_ACCESS_TOKEN` or `GOOGLE_ACCESS_TOKEN` of the environment, else
   * application default credentials, which are renewed
   */
  readonly accessToken?: string;
  /** How long a request may take, its repeats included; a job may take ten times as long. @defaultValue 30000 */
  readonly timeoutMs?: number;
  /**
   * A query that would read more bytes than this is refused by the server, and costs nothing. Not of what writing events has to look
   * at: of the partition that is written to. @defaultValue no ceiling
   */
  readonly maxBytesBilled?: number;
  /** Told of every job when it is done, e.g. for a log. Must not throw. */
  readonly onInfo?: (info: BigQueryInfo) => void;
}

/** A job that was run. */
export interface BigQueryInfo {
  readonly kind: 'query' | 'dry_run' | 'load';
  /** What it was run for, e.g. `read events`. */
  readonly doing: string;
  /** Absent for a dry run, and where the server ran the query without a job. */
  readonly jobId?: string;
  /** What was read, and is billed for unless it came from the cache; of a dry run what would be. */
  readonly bytesProcessed: number;
}

export interface ParsedOptions {
  readonly projectId: string;
  readonly dataset: string;
  readonly location: string | undefined;
  readonly endpoint: Endpoint;
  /** Undefined: the application default ones, or none for a server on this machine. */
  readonly accessToken: string | undefined;
  readonly timeoutMs: number;
  readonly maxBytesBilled: number | undefined;
  readonly onInfo: (info: BigQueryInfo) => void;
}

const optionsSchema = z.strictObject({
  projectId: z.string().optional(),
  dataset: z.string(),
  location: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional(),
  apiEndpoint: z.string().optional(),
  allowedHosts: z.array(z.string().min(1)).default([]),
  accessToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'not a token')
    .optional(),
  timeoutMs: z.int().min(1).max(600_000).default(30_000),
  maxBytesBilled: z.int().min(1).optional(),
  onInfo: z
    .custom<(info: BigQueryInfo) => void>((value) => typeof value === 'function')
    .default(() => () => {}),
});

const PROJECT_VARIABLES = ['BIGQUERY_PROJECT_ID', 'GOOGLE_CLOUD_PROJECT'];
const TOKEN_VARIABLES = ['BIGQUERY_ACCESS_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN', 'GOOGLE_ACCESS_TOKEN'];

/**
 * Checks the options and completes them from the environment.
 *
 * @throws MobError `MOB_CONFIG_INVALID` with `details.field`, e.g. when there is no project.
 */
export function parseOptions(
  options: BigQueryOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ParsedOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'options');
    throw new MobError('MOB_CONFIG_INVALID', `store-bigquery: ${z.prettifyError(parsed.error)}`, {
      details: { field },
    });
  }
  const {
    apiEndpoint,
    allowedHosts,
    projectId: given,
    dataset,
    location,
    maxBytesBilled,
    ...rest
  } = parsed.data;
  const projectId = given ?? firstOf(env, PROJECT_VARIABLES);
  if (projectId === undefined) {
    throw new MobError(
      'MOB_CONFIG_INVALID',
      `missing BigQuery project_id: give projectId, or set ${PROJECT_VARIABLES[0]} in the environment`,
      { details: { field: 'projectId' } },
    );
  }
  checkProject(projectId);
  checkDataset(dataset);
  const endpoint = parseEndpoint(apiEndpoint, allowedHosts);
  // What the environment holds was meant for Google.
  const accessToken = rest.accessToken ?? (endpoint.loopback ? undefined : firstOf(env, TOKEN_VARIABLES));
  return { ...rest, projectId, dataset, location, endpoint, accessToken, maxBytesBilled };
}

function firstOf(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value);
}
