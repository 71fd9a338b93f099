import { randomBytes } from 'node:crypto';

import { onTestFinished } from 'vitest';

import type { Cell } from './bigquery/cells.js';
import type { FaultSwitches } from './bigquery/faults.js';
import type { StatementEntry } from './bigquery/statement-log.js';

const PROJECT = 'mobkit-test';

/** What the service answers: a status, and of the body what belongs to the call. */
export interface Answered {
  readonly status: number;
  readonly body: AnswerBody;
}

interface Problem {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

interface AnswerBody {
  readonly error?: { readonly message: string; readonly errors: readonly [Problem] };
  readonly schema?: { readonly fields: readonly { readonly type: string; readonly mode: string }[] };
  readonly rows?: readonly { readonly f: readonly Cell[] }[];
  readonly totalRows?: string;
  readonly pageToken?: string;
  readonly jobReference?: { readonly jobId: string };
  readonly totalBytesProcessed?: string;
  readonly numDmlAffectedRows?: string;
  readonly dmlStats?: object;
  readonly insertErrors?: readonly { readonly errors: readonly Problem[] }[];
  readonly status?: { readonly errorResult?: Problem; readonly errors?: readonly Problem[] };
  readonly streamingBuffer?: { readonly estimatedRows: string };
  readonly jobComplete?: boolean;
}

/** A dataset of the running test's own on the local BigQuery, gone when it is finished. */
export async function openDataset() {
  const endpoint = process.env['MOBKIT_TEST_BIGQUERY_ENDPOINT'];
  if (!endpoint) throw new Error('MOBKIT_TEST_BIGQUERY_ENDPOINT is not set: bigquery-server.ts sets it');
  const name = `d_${randomBytes(6).toString('hex')}`;
  const dataset = new TestDataset(endpoint, name);
  await dataset.call('POST', '/datasets', { datasetReference: { datasetId: name } });
  onTestFinished(async () => {
    await dataset.faults({});
    await dataset.call('DELETE', `/datasets/${name}?deleteContents=true`);
  });
  return dataset;
}

/** Speaks to the service as any client would. */
class TestDataset {
  readonly endpoint: string;
  readonly name: string;

  constructor(endpoint: string, name: string) {
    this.endpoint = endpoint;
    this.name = name;
  }

  get root(): string {
    return `${this.endpoint}/bigquery/v2/projects/${PROJECT}`;
  }

  get uploads(): string {
    return `${this.endpoint}/upload/bigquery/v2/projects/${PROJECT}/jobs`;
  }

  async call(method: string, path: string, body?: object): Promise<Answered> {
    const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${this.root}${path}`, { method, ...sent });
    return { status: response.status, body: (await response.json()) as AnswerBody };
  }

  /** A table partitioned by the day of `happened_at`. */
  makeTable(tableId: string, more: object = {}): Promise<Answered> {
    const fields = [
      { name: 'id', type: 'STRING', mode: 'REQUIRED' },
      { name: 'seq', type: 'INTEGER' },
      { name: 'happened_at', type: 'TIMESTAMP' },
      { name: 'payload', type: 'JSON' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    ];
    return this.call('POST', `/datasets/${this.name}/tables`, {
      tableReference: { tableId },
      schema: { fields },
      timePartitioning: { type: 'DAY', field: 'happened_at' },
      ...more,
    });
  }

  /** Streams rows; each has its `id` as insert id. */
  insert(
    tableId: string,
    rows: readonly { readonly id?: string; readonly [column: string]: unknown }[],
    more: object = {},
  ): Promise<Answered> {
    return this.call('POST', `/datasets/${this.name}/tables/${tableId}/insertAll`, {
      rows: rows.map((json) => ({ insertId: json.id, json })),
      ...more,
    });
  }

  /** Runs a statement in which `$t` stands for the dataset, as `$t.events`. */
  query(sql: string, more: object = {}): Promise<Answered> {
    const query = sql.replaceAll(/\$t\.(\w+)/g, `\`${PROJECT}.${this.name}.$1\``);
    return this.call('POST', '/queries', { query, useLegacySql: false, ...more });
  }

  /** The values of a statement's rows. */
  async rows(sql: string, more: object = {}): Promise<readonly (readonly Cell['v'][])[]> {
    const { status, body } = await this.query(sql, more);
    if (status !== 200) throw new Error(body.error?.message);
    return (body.rows ?? []).map(({ f }) => f.map(({ v }) => v));
  }

  async faults(switches: FaultSwitches): Promise<void> {
    await this.#control('POST', 'faults', switches);
  }

  async release(): Promise<void> {
    await this.#control('POST', 'release', {});
  }

  async statements(): Promise<readonly StatementEntry[]> {
    return (await this.#control('GET', 'statements')).statements as readonly StatementEntry[];
  }

  async #control(method: string, what: string, body?: object): Promise<Record<string, unknown>> {
    const sent = body && { body: JSON.stringify(body) };
    const response = await fetch(`${this.endpoint}/_local/${what}?dataset=${this.name}`, {
      method,
      ...sent,
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, unknown>;
  }
}

/** A named parameter of a plain type. */
export function parameter(name: string, type: string, value: string | readonly string[]) {
  if (typeof value === 'string') return { name, parameterType: { type }, parameterValue: { value } };
  const arrayValues = value.map((one) => ({ value: one }));
  return { name, parameterType: { type: 'ARRAY', arrayType: { type } }, parameterValue: { arrayValues } };
}
