import { type JsonObject, MobError } from '@mobkit/core';

import type { BigQueryClient } from './bigquery-client.js';
import { storeError } from './errors.js';
import type { BigQueryInfo } from './options.js';
import { isObject } from './query-rows.js';

/** The longest the server is let wait for a job before it answers; then it is asked again. */
export const LONG_POLL_MS = 10_000;
/** A job may take this many times as long as a request. */
const JOB_TIMEOUTS = 10;

/** When a job must be done, by the clock. */
export function jobDeadline({ clock, options }: BigQueryClient): number {
  return clock.now() + options.timeoutMs * JOB_TIMEOUTS;
}

/** The id in a `jobReference`, and where the job runs: asking for it anywhere but in the US needs that. */
export function jobOf(
  answer: JsonObject,
): { readonly jobId: string; readonly location?: string } | undefined {
  const { jobReference } = answer;
  if (!isObject(jobReference) || typeof jobReference['jobId'] !== 'string') return undefined;
  const { jobId, location } = jobReference;
  return typeof location === 'string' ? { jobId, location } : { jobId };
}

/**
 * Starts a job under an id of the caller's, once: when the answer is lost and the call repeated, or another process starts the
 * same, there is still one job. Resolves when it was accepted, with whether it was there already.
 */
export async function startJob(
  client: BigQueryClient,
  doing: string,
  jobId: string,
  configuration: JsonObject,
  upload?: { readonly uploadType: string; readonly body: (metadata: string) => string },
): Promise<{ readonly jobId: string; readonly location?: string; readonly existed: boolean }> {
  const { projectId, location } = client.options;
  const jobReference = { projectId, jobId, ...(location !== undefined && { location }) };
  const metadata = JSON.stringify({ jobReference, configuration });
  try {
    const answer = await client.call({
      doing,
      method: 'POST',
      path: '/jobs',
      ...(upload
        ? {
            body: upload.body(metadata),
            uploadType: upload.uploadType,
            parameters: { uploadType: 'multipart' },
          }
        : { body: metadata }),
    });
    return { ...(jobOf(answer) ?? jobReference), existed: false };
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    return { ...jobReference, existed: true };
  }
}

/**
 * Waits until a job is done, asking again with growing pauses.
 *
 * @throws MobError why it failed, with `details.job_id`; `MOB_STORE_UNAVAILABLE` when it is not done in time.
 */
export async function awaitJob(
  client: BigQueryClient,
  doing: string,
  job: { readonly jobId: string; readonly location?: string },
): Promise<JsonObject> {
  const deadline = jobDeadline(client);
  const parameters = job.location === undefined ? {} : { location: job.location };
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, LONG_POLL_MS)) {
    const answer = await client.call({ doing, method: 'GET', path: `/jobs/${job.jobId}`, parameters });
    const { status } = answer;
    if (isObject(status) && status['state'] === 'DONE') {
      throwJobError(doing, job.jobId, status);
      return answer;
    }
    if (client.clock.now() + pauseMs >= deadline) throw lateJob(doing, job.jobId);
    await client.pause(doing, pauseMs);
  }
}

/** Tells `onInfo` of a job that is done. */
export function tell(
  client: BigQueryClient,
  info: Omit<BigQueryInfo, 'bytesProcessed'>,
  bytes: unknown,
): void {
  client.options.onInfo({ ...info, bytesProcessed: Number(bytes ?? 0) });
}

export function lateJob(doing: string, jobId: string): MobError {
  return storeError({ doing, message: `job ${jobId} is not done yet`, details: { job_id: jobId } });
}

/** The HTTP status of the answer that an error is of. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof MobError)) return undefined;
  const { status } = error.details;
  return typeof status === 'number' ? status : undefined;
}

function throwJobError(doing: string, jobId: string, status: JsonObject): void {
  const { errorResult } = status;
  if (!isObject(errorResult)) return;
  const { reason, message } = errorResult;
  throw storeError({
    doing,
    reason: typeof reason === 'string' ? reason : 'unknown',
    ...(typeof message === 'string' && { message }),
    details: { job_id: jobId },
  });
}
