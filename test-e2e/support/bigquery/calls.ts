import { randomUUID } from 'node:crypto';

import {
  cancelJob,
  getJob,
  insertJob,
  type JobBody,
  type JobDeps,
  query,
  queryResults,
} from './query-calls.js';
import { Refusal } from './refusal.js';
import { type ApiRequest, jsonOf, partsOfBody } from './request.js';
import { datasetsIn } from './statement-log.js';
import { callTable, insertTable, listTables } from './table-calls.js';
import type { Dataset } from './warehouse.js';

/** An answer; its body is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** The calls of the service, as its clients make them. */
export class Calls {
  readonly #deps: JobDeps;
  /** Uploads that were announced, with what has come of each. */
  readonly #uploads = new Map<string, { readonly body: JobBody; data: Buffer }>();

  constructor(deps: JobDeps) {
    this.#deps = deps;
  }

  /** The datasets that a request is about, as far as it says so. */
  datasetsOf({ parts, body, query: said }: ApiRequest): readonly string[] {
    if (parts[2] === 'datasets' && parts[3] !== undefined) return [parts[3]];
    if (parts[3] !== undefined) {
      const job = this.#deps.jobs.find(parts[1] ?? '', parts[3]);
      if (job) return job.datasets;
    }
    const upload = this.#uploads.get(said.get('upload_id') ?? '');
    const text = upload ? JSON.stringify(upload.body) : body.subarray(0, 100_000).toString('utf8');
    const inNames = [...text.matchAll(/"datasetId":\s*"([^"]+)"/g)].map(([, dataset = '']) => dataset);
    return [...new Set([...datasetsIn(text), ...inNames])];
  }

  async answer(request: ApiRequest): Promise<Answer> {
    const { method, parts } = request;
    const [projects, projectId = '', collection, name, rest, ...more] = parts;
    if (projects !== 'projects') throw noCall(request);
    if (request.upload) return this.#upload(projectId, request);
    if (collection === 'queries') {
      if (method === 'POST' && name === undefined) return ok(await query(this.#deps, projectId, request));
      if (method === 'GET' && name !== undefined)
        return ok(queryResults(this.#deps, projectId, name, request));
    }
    if (collection === 'jobs') {
      if (method === 'POST' && name === undefined)
        return ok(await insertJob(this.#deps, projectId, jsonOf(request) as JobBody));
      if (method === 'GET' && name !== undefined) return ok(getJob(this.#deps, projectId, name));
      if (method === 'POST' && name !== undefined && rest === 'cancel') {
        return ok(cancelJob(this.#deps, projectId, name));
      }
    }
    if (collection === 'datasets') {
      if (name === undefined) return ok(await this.#datasets(projectId, request));
      if (rest === undefined) return ok(await this.#dataset(projectId, name, request));
      if (rest === 'tables') return ok(await this.#tables(projectId, name, more, request));
    }
    throw noCall(request);
  }

  async #datasets(projectId: string, request: ApiRequest): Promise<object> {
    const { warehouse } = this.#deps;
    if (request.method === 'GET') {
      const datasets = warehouse.datasets(projectId).map(datasetResource);
      return { kind: 'bigquery#datasetList', datasets };
    }
    if (request.method !== 'POST') throw noCall(request);
    const body = jsonOf(request) as Readonly<Record<string, unknown>>;
    return datasetResource(await warehouse.duck.alone(() => warehouse.addDataset(projectId, body)));
  }

  async #dataset(projectId: string, datasetId: string, request: ApiRequest): Promise<object> {
    const { warehouse } = this.#deps;
    const dataset = warehouse.dataset(projectId, datasetId);
    if (request.method === 'GET') return datasetResource(dataset);
    if (request.method === 'PATCH' || request.method === 'PUT') {
      dataset.resource = { ...dataset.resource, ...(jsonOf(request) as object) };
      return datasetResource(dataset);
    }
    if (request.method !== 'DELETE') throw noCall(request);
    const contents = request.query.get('deleteContents') === 'true';
    await warehouse.duck.alone(() => warehouse.removeDataset(projectId, datasetId, contents));
    return {};
  }

  async #tables(
    projectId: string,
    datasetId: string,
    [tableId, call]: readonly (string | undefined)[],
    request: ApiRequest,
  ): Promise<object> {
    if (tableId === undefined && request.method === 'POST') {
      return insertTable(this.#deps, projectId, datasetId, request);
    }
    if (tableId === undefined && request.method === 'GET')
      return listTables(this.#deps, projectId, datasetId, request);
    if (tableId === undefined) throw noCall(request);
    const name = { projectId, datasetId, tableId };
    const done = await callTable(this.#deps, name, request.method, call, request);
    if (!done) throw noCall(request);
    return done;
  }

  async #upload(projectId: string, request: ApiRequest): Promise<Answer> {
    const how = request.query.get('uploadType');
    if (request.method === 'POST' && how === 'multipart') {
      const [about, data] = partsOfBody(request);
      return ok(await insertJob(this.#deps, projectId, JSON.parse(about.toString('utf8')) as JobBody, data));
    }
    if (request.method === 'POST' && how === 'resumable') {
      const id = randomUUID();
      this.#uploads.set(id, { body: jsonOf(request) as JobBody, data: Buffer.alloc(0) });
      const location = `${request.origin}${request.path}?uploadType=resumable&upload_id=${id}`;
      return { status: 200, headers: { location }, body: {} };
    }
    const id = request.query.get('upload_id') ?? '';
    const upload = this.#uploads.get(id);
    if (request.method !== 'PUT' || !upload) throw noCall(request);
    const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(request.headers['content-range'] ?? '');
    if (range?.[1] === undefined || Number(range[1]) === upload.data.length) {
      upload.data = Buffer.concat([upload.data, request.body]);
    }
    if (range && (range[3] === '*' || Number(range[3]) > upload.data.length)) {
      const got = upload.data.length > 0 ? { range: `bytes=0-${upload.data.length - 1}` } : {};
      return { status: 308, headers: got, body: {} };
    }
    this.#uploads.delete(id);
    return ok(await insertJob(this.#deps, projectId, upload.body, upload.data));
  }
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function noCall({ method, path }: ApiRequest): Refusal {
  return new Refusal(404, 'notFound', `Not found: ${method} ${path} is not known here`);
}

function datasetResource(dataset: Dataset): object {
  const { projectId, datasetId, created } = dataset;
  return {
    location: 'US',
    ...dataset.resource,
    kind: 'bigquery#dataset',
    id: `${projectId}:${datasetId}`,
    datasetReference: { projectId, datasetId },
    creationTime: String(created),
    lastModifiedTime: String(created),
  };
}
