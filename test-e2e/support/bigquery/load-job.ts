import type { FaultBoard } from './fault-board.js';
import type { Field } from './field.js';
import type { Job } from './job.js';
import { invalid, notFound, Refusal } from './refusal.js';
import { insertSql, readRow } from './rows.js';
import type { Table, TableName, TableResource } from './table.js';
import type { Warehouse } from './warehouse.js';

export interface LoadConfiguration extends TableResource {
  readonly destinationTable: TableName;
  readonly sourceFormat?: string;
  readonly sourceUris?: readonly string[];
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
  readonly ignoreUnknownValues?: boolean;
  readonly maxBadRecords?: number;
  readonly schemaUpdateOptions?: readonly string[];
}

export interface LoadRequest {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly configuration: { readonly load: LoadConfiguration };
  readonly data: Buffer;
}

interface LoadDeps {
  readonly warehouse: Warehouse;
  readonly faults: FaultBoard;
}

/** Loads lines of JSON: all of them, or when more are wrong than may be, none. */
export function runLoadJob(deps: LoadDeps, request: LoadRequest): Promise<Job> {
  return deps.warehouse.duck.alone(() => run(deps, request));
}

async function run({ warehouse, faults }: LoadDeps, request: LoadRequest): Promise<Job> {
  const { projectId, jobId, location, configuration, data } = request;
  const { load } = configuration;
  const name = { ...load.destinationTable, projectId: load.destinationTable.projectId ?? projectId };
  const datasets = [name.datasetId];
  const base = {
    projectId,
    jobId,
    location,
    type: 'LOAD' as const,
    configuration,
    datasets,
    created: Date.now(),
  };
  const job = { ...base, polls: faults.of(datasets).slowJobs };
  if (load.sourceFormat !== 'NEWLINE_DELIMITED_JSON')
    throw invalid('Only NEWLINE_DELIMITED_JSON is known here');
  if (load.sourceUris) throw invalid('Only uploads are known here, and no sourceUris');
  warehouse.dataset(name.projectId, name.datasetId);
  try {
    const { rows, problems } = await loadInto(warehouse, name, load, data);
    const statistics = { outputRows: rows, outputBytes: data.length, badRecords: problems.length };
    return { ...job, load: statistics, problems };
  } catch (error) {
    if (!(error instanceof LoadFailure)) {
      if (!(error instanceof Refusal)) throw error;
      return { ...job, failure: error };
    }
    return { ...job, failure: error.refusal, problems: error.problems };
  }
}

class LoadFailure extends Error {
  readonly refusal: Refusal;
  readonly problems: readonly object[];

  constructor(problems: readonly object[]) {
    super('rows were wrong');
    this.problems = problems;
    this.refusal = invalid(
      `Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: ${problems.length}; errors: ${problems.length}. Please look into the errors[] collection for more details.`,
    );
  }
}

async function loadInto(warehouse: Warehouse, name: TableName, load: LoadConfiguration, data: Buffer) {
  const table = await destination(warehouse, name, load);
  const { rows, problems } = readLines(table.fields, load, data);
  if (problems.length > (load.maxBadRecords ?? 0)) throw new LoadFailure(problems.map(({ item }) => item));
  await warehouse.duck.transaction(async () => {
    if (load.writeDisposition === 'WRITE_TRUNCATE') {
      await warehouse.duck.run(`DELETE FROM ${table.stored}`);
      await warehouse.duck.run(`DELETE FROM ${table.buffer}`);
    }
    if (rows.length > 0) await warehouse.duck.run(insertSql(table, 'stored'), [JSON.stringify(rows)]);
  });
  table.changed();
  return { rows: rows.length, problems: problems.map(({ item }) => item) };
}

async function destination(warehouse: Warehouse, name: TableName, load: LoadConfiguration): Promise<Table> {
  if (!warehouse.has(name)) {
    if (load.createDisposition === 'CREATE_NEVER')
      throw notFound('Table', `${name.projectId}:${name.datasetId}.${name.tableId}`);
    if (!load.schema) throw invalid('No schema specified on job or table.');
    const { schema, timePartitioning, clustering } = load;
    return warehouse.addTable(name, {
      schema,
      ...(timePartitioning && { timePartitioning }),
      ...(clustering && { clustering }),
    });
  }
  const table = warehouse.table(name);
  if (table.type !== 'TABLE') throw invalid(`Cannot load into ${table.id}, which is a view`);
  if (table.fields.length === 0 && load.schema?.fields) await warehouse.setFields(table, load.schema.fields);
  const isThere = (field: Field) =>
    table.fields.some(({ name: one }) => one.toLowerCase() === field.name.toLowerCase());
  const added = (load.schema?.fields ?? []).filter((field) => !isThere(field));
  if (added.length > 0) {
    if (!load.schemaUpdateOptions?.includes('ALLOW_FIELD_ADDITION')) {
      throw invalid(
        `Provided Schema does not match Table ${table.id}. Cannot add fields (field: ${added[0]?.name})`,
      );
    }
    await warehouse.setFields(table, [...table.fields, ...added]);
  }
  if (load.writeDisposition === 'WRITE_EMPTY') {
    const { rows } = await warehouse.duck.run(`SELECT count(*) FROM ${table.all}`);
    if (Number(rows[0]?.[0]) > 0) throw new Refusal(409, 'duplicate', `Already Exists: Table ${table.id}`);
  }
  return table;
}

function readLines(fields: readonly Field[], load: LoadConfiguration, data: Buffer) {
  const rules = { ignoreUnknownValues: load.ignoreUnknownValues ?? false, jsonAsText: false };
  const rows: object[] = [];
  const problems: { readonly item: object }[] = [];
  let at = 0;
  for (const line of data.toString('utf8').split('\n')) {
    if (line.trim() !== '') {
      const read = readLine(fields, line, rules);
      if (typeof read === 'string') {
        problems.push({
          item: invalid(
            `Error while reading data, error message: JSON parsing error in row starting at position ${at}: ${read}`,
          ).item,
        });
      } else {
        rows.push(read);
      }
    }
    at += Buffer.byteLength(line) + 1;
  }
  return { rows, problems };
}

function readLine(
  fields: readonly Field[],
  line: string,
  rules: Parameters<typeof readRow>[2],
): object | string {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'Start of object expected';
  const read = readRow(fields, row as Readonly<Record<string, unknown>>, rules);
  return Array.isArray(read) ? read.map(({ message }) => message).join(' ') : read;
}
