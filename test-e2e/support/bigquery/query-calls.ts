import { randomUUID } from 'node:crypto';

import type { TimestampFormat } from './cells.js';
import { changed, type Job, jobResource, type Jobs } from './job.js';
import { type LoadConfiguration, runLoadJob } from './load-job.js';
import type { QueryParameter } from './parameters.js';
import { type QueryDeps, type QueryRequest, runQueryJob } from './query-job.js';
import { invalid, notFound, Refusal } from './refusal.js';
import { type ApiRequest, jsonOf } from './request.js';

export interface JobDeps extends QueryDeps {
  readonly jobs: Jobs;
}

interface QueryConfiguration {
  readonly query: string;
  readonly useLegacySql?: boolean;
  readonly queryParameters?: readonly QueryParameter[];
  readonly defaultDataset?: { readonly datasetId: string };
  readonly maximumBytesBilled?: string | number;
}

interface QueryBody extends QueryConfiguration {
  readonly dryRun?: boolean;
  readonly requestId?: string;
  readonly location?: string;
  readonly maxResults?: number;
  readonly formatOptions?: { readonly useInt64Timestamp?: boolean; readonly timestampOutputFormat?: string };
}

export interface JobBody {
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly configuration?: {
    readonly query?: QueryConfiguration;
    readonly load?: LoadConfiguration;
    readonly dryRun?: boolean;
  };
}

const MOST_ROWS = 100_000;

/** `jobs.query`: runs a statement and answers with its first rows. The same request id again gets the same answer. */
export async function query(deps: JobDeps, projectId: string, request: ApiRequest): Promise<object> {
  const body = jsonOf(request) as QueryBody;
  const known = body.requestId === undefined ? undefined : deps.jobs.ofRequest(projectId, body.requestId);
  const location = body.location ?? 'US';
  const job =
    known ??
    (await runQueryJob(deps, {
      ...statementOf(body),
      projectId,
      jobId: `job_${randomUUID()}`,
      location,
      dryRun: body.dryRun ?? false,
      configuration: { query: body, dryRun: body.dryRun },
    }));
  if (body.dryRun)
    return { kind: 'bigquery#queryResponse', ...described(job), jobReference: { projectId, location } };
  if (!known) deps.jobs.add(job, body.requestId);
  if (job.failure) throw job.failure;
  return page(job, 'bigquery#queryResponse', 0, body.maxResults, timestampFormat(body.formatOptions ?? {}));
}

/** `jobs.getQueryResults` */
export function queryResults(
  { jobs }: JobDeps,
  projectId: string,
  jobId: string,
  { query: said }: ApiRequest,
): object {
  const job = jobOf(jobs, projectId, jobId);
  if (job.type !== 'QUERY') throw invalid(`Job ${jobId} is not a query job`);
  if (job.polls > 0) job.polls--;
  if (job.polls === 0 && job.failure) throw job.failure;
  const token = said.get('pageToken');
  const from = token === null ? Number(said.get('startIndex') ?? 0) : offsetOf(jobId, token);
  const most = said.get('maxResults');
  const format = timestampFormat({
    useInt64Timestamp: said.get('formatOptions.useInt64Timestamp') === 'true',
    ...(said.has('formatOptions.timestampOutputFormat') && {
      timestampOutputFormat: said.get('formatOptions.timestampOutputFormat') ?? '',
    }),
  });
  return page(
    job,
    'bigquery#getQueryResultsResponse',
    from,
    most === null ? undefined : Number(most),
    format,
  );
}

/** `jobs.insert` */
export async function insertJob(
  deps: JobDeps,
  projectId: string,
  body: JobBody,
  data?: Buffer,
): Promise<object> {
  const { jobId = `job_${randomUUID()}`, location = 'US' } = body.jobReference ?? {};
  const { configuration } = body;
  if (!/^[\w-]{1,1024}$/.test(jobId)) throw invalid(`Invalid job ID "${jobId}"`);
  return deps.jobs.alone(projectId, jobId, () =>
    startJob(deps, { projectId, jobId, location }, configuration, data),
  );
}

async function startJob(
  deps: JobDeps,
  {
    projectId,
    jobId,
    location,
  }: { readonly projectId: string; readonly jobId: string; readonly location: string },
  configuration: JobBody['configuration'],
  data: Buffer | undefined,
): Promise<object> {
  if (deps.jobs.find(projectId, jobId)) {
    throw new Refusal(409, 'duplicate', `Already Exists: Job ${projectId}:${location}.${jobId}`);
  }
  if (configuration?.query) {
    const dryRun = configuration.dryRun ?? false;
    const request = { ...statementOf(configuration.query), projectId, jobId, location, dryRun };
    const job = await runQueryJob(deps, { ...request, configuration: { ...configuration } });
    if (dryRun) return { ...jobResource(job), jobReference: { projectId, location } };
    deps.jobs.add(job);
    return resourceNow(job);
  }
  const load = configuration?.load;
  if (!load) throw invalid('Only query and load jobs are known here');
  if (!data) throw invalid('Only uploads are known here: a load job needs its data');
  const job = await runLoadJob(deps, { projectId, jobId, location, configuration: { load }, data });
  deps.jobs.add(job);
  return resourceNow(job);
}

/** `jobs.get` */
export function getJob({ jobs }: JobDeps, projectId: string, jobId: string): object {
  return jobResource(jobOf(jobs, projectId, jobId));
}

/** `jobs.cancel`: it is too late for every one. */
export function cancelJob({ jobs }: JobDeps, projectId: string, jobId: string): object {
  return { kind: 'bigquery#jobCancelResponse', job: resourceNow(jobOf(jobs, projectId, jobId)) };
}

/** The answer to what is no poll. */
function resourceNow(job: Job): object {
  const { polls } = job;
  const resource = jobResource(job);
  job.polls = polls;
  return resource;
}

function jobOf(jobs: Jobs, projectId: string, jobId: string): Job {
  const job = jobs.find(projectId, jobId);
  if (!job) throw notFound('Job', `${projectId}:${jobId}`);
  return job;
}

function statementOf(
  body: QueryConfiguration,
): Pick<QueryRequest, 'query' | 'useLegacySql' | 'parameters' | 'defaultDatasetId' | 'maximumBytesBilled'> {
  if (typeof body.query !== 'string')
    throw new Refusal(400, 'required', 'Required parameter is missing: query');
  return {
    query: body.query,
    // What is not said means the old language.
    useLegacySql: body.useLegacySql ?? true,
    parameters: body.queryParameters ?? [],
    defaultDatasetId: body.defaultDataset?.datasetId,
    maximumBytesBilled: body.maximumBytesBilled === undefined ? undefined : Number(body.maximumBytesBilled),
  };
}

function described({ query: done }: Job): object {
  return {
    schema: { fields: done?.fields ?? [] },
    totalBytesProcessed: String(done?.totalBytesProcessed ?? 0),
    jobComplete: true,
    cacheHit: false,
  };
}

function page(
  job: Job,
  kind: string,
  from: number,
  most: number | undefined,
  format: TimestampFormat,
): object {
  const { projectId, jobId, location } = job;
  const jobReference = { projectId, jobId, location };
  if (job.polls > 0) return { kind, jobReference, jobComplete: false };
  const outcome = job.query?.outcome;
  const total = outcome?.count ?? 0;
  const rows = outcome?.cells(from, Math.min(most ?? MOST_ROWS, MOST_ROWS), format) ?? [];
  const next = from + rows.length;
  return {
    kind,
    jobReference,
    ...described(job),
    totalRows: String(total),
    ...(rows.length > 0 && { rows }),
    ...(next < total && { pageToken: Buffer.from(`${jobId} ${next}`).toString('base64url') }),
    ...changed(outcome),
  };
}

function offsetOf(jobId: string, token: string): number {
  const [id, offset] = Buffer.from(token, 'base64url').toString().split(' ');
  if (id !== jobId || !/^\d+$/.test(offset ?? '')) throw invalid('Invalid page token');
  return Number(offset);
}

export function timestampFormat(said: {
  readonly useInt64Timestamp?: boolean;
  readonly timestampOutputFormat?: string;
}): TimestampFormat {
  const { timestampOutputFormat: wanted } = said;
  if (wanted === 'INT64' || wanted === 'ISO8601_STRING' || wanted === 'FLOAT64') return wanted;
  return said.useInt64Timestamp ? 'INT64' : 'FLOAT64';
}
