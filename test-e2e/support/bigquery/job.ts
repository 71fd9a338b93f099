import type { Field } from './field.js';
import type { Refusal } from './refusal.js';
import type { Outcome } from './run-statement.js';

/** A job that was run. That it is done is told after so many polls. */
export interface Job {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly type: 'QUERY' | 'LOAD';
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The datasets it is about, for the switches of each. */
  readonly datasets: readonly string[];
  readonly created: number;
  readonly failure?: Refusal;
  readonly problems?: readonly object[];
  readonly query?: QueryDone;
  readonly load?: { readonly outputRows: number; readonly outputBytes: number; readonly badRecords: number };
  polls: number;
}

export interface QueryDone {
  readonly kind: string;
  readonly totalBytesProcessed: number;
  readonly fields: readonly Field[];
  readonly outcome?: Outcome;
}

/** A job as the wire has it. Asking is a poll. */
export function jobResource(job: Job): object {
  const { projectId, jobId, location, configuration } = job;
  const running = job.polls > 0;
  if (running) job.polls--;
  const time = String(job.created);
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    jobReference: { projectId, jobId, location },
    configuration: { ...configuration, jobType: job.type },
    statistics: {
      creationTime: time,
      startTime: time,
      ...(!running && { endTime: time }),
      ...(job.query && queryStatistics(job.query)),
      ...(job.load && {
        load: {
          outputRows: String(job.load.outputRows),
          outputBytes: String(job.load.outputBytes),
          badRecords: String(job.load.badRecords),
        },
      }),
    },
    status: {
      state: running ? 'RUNNING' : 'DONE',
      ...(!running &&
        job.failure && { errorResult: job.failure.item, errors: job.problems ?? [job.failure.item] }),
    },
  };
}

function queryStatistics(query: QueryDone) {
  const { kind, fields, outcome } = query;
  const bytes = String(query.totalBytesProcessed);
  return {
    totalBytesProcessed: bytes,
    query: {
      statementType: kind,
      totalBytesProcessed: bytes,
      totalBytesBilled: bytes,
      cacheHit: false,
      schema: { fields },
      ...changed(outcome),
    },
  };
}

/** How many rows a statement changed, where it is one that changes rows. */
export function changed(outcome: Outcome | undefined): object {
  if (!outcome?.change) return {};
  const { inserted, updated, deleted } = outcome.change;
  return {
    numDmlAffectedRows: String(inserted + updated + deleted),
    dmlStats: {
      insertedRowCount: String(inserted),
      updatedRowCount: String(updated),
      deletedRowCount: String(deleted),
    },
  };
}

const MOST_JOBS = 5000;

/** The jobs there were, the oldest of many forgotten. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #requests = new Map<string, Job>();
  readonly #starting = new Map<string, Promise<unknown>>();

  /** Of several that would start a job of one id at a time each waits for the one before. */
  async alone<T>(projectId: string, jobId: string, start: () => Promise<T>): Promise<T> {
    const key = `${projectId}.${jobId}`;
    for (let one = this.#starting.get(key); one; one = this.#starting.get(key)) await one;
    const started = start();
    const settled = Promise.allSettled([started]).then(() => this.#starting.delete(key));
    this.#starting.set(key, settled);
    return started;
  }

  add(job: Job, requestId?: string): void {
    this.#jobs.set(`${job.projectId}.${job.jobId}`, job);
    if (requestId !== undefined) this.#requests.set(`${job.projectId}.${requestId}`, job);
    for (const known of [this.#jobs, this.#requests]) {
      for (const key of known.keys()) {
        if (known.size <= MOST_JOBS) break;
        known.delete(key);
      }
    }
  }

  find(projectId: string, jobId: string): Job | undefined {
    return this.#jobs.get(`${projectId}.${jobId}`);
  }

  ofRequest(projectId: string, requestId: string): Job | undefined {
    return this.#requests.get(`${projectId}.${requestId}`);
  }
}
