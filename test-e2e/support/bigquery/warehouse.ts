import { checkedFields, type Field, typeOfField } from './field.js';
import type { Duck } from './duck.js';
import { invalid, notFound, Refusal } from './refusal.js';
import { duckType, quoted } from './sql/types.js';
import { Table, type TableName, type TableResource } from './table.js';
import type { Query } from './sql/tree.js';

export interface Dataset {
  readonly projectId: string;
  readonly datasetId: string;
  readonly created: number;
  resource: Readonly<Record<string, unknown>>;
  readonly tables: Map<string, Table>;
}

const DATASET = /^[A-Za-z0-9_]{1,1024}$/;
const TABLE = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u;

/** The datasets and tables there are, each with its rows in DuckDB. */
export class Warehouse {
  readonly duck: Duck;
  readonly #datasets = new Map<string, Dataset>();

  constructor(duck: Duck) {
    this.duck = duck;
  }

  datasets(projectId: string): readonly Dataset[] {
    return [...this.#datasets.values()].filter((dataset) => dataset.projectId === projectId);
  }

  /** Every table, or every one of the datasets with this name. */
  tablesOf(datasetId: string | undefined): readonly Table[] {
    const datasets = [...this.#datasets.values()].filter(
      (one) => datasetId === undefined || one.datasetId === datasetId,
    );
    return datasets.flatMap(({ tables }) => [...tables.values()]);
  }

  async addDataset(projectId: string, resource: Readonly<Record<string, unknown>>): Promise<Dataset> {
    const { datasetId } = (resource['datasetReference'] ?? {}) as { datasetId?: string };
    if (!datasetId || !DATASET.test(datasetId)) throw invalid(`Invalid dataset ID "${datasetId}"`);
    const key = `${projectId}.${datasetId}`;
    if (this.#datasets.has(key)) throw duplicate('Dataset', `${projectId}:${datasetId}`);
    await this.duck.run(`CREATE SCHEMA ${quoted(key)}`);
    const dataset = { projectId, datasetId, created: Date.now(), resource, tables: new Map<string, Table>() };
    this.#datasets.set(key, dataset);
    return dataset;
  }

  dataset(projectId: string, datasetId: string): Dataset {
    const found = this.#datasets.get(`${projectId}.${datasetId}`);
    if (!found) throw notFound('Dataset', `${projectId}:${datasetId}`);
    return found;
  }

  async removeDataset(projectId: string, datasetId: string, contents: boolean): Promise<void> {
    const dataset = this.dataset(projectId, datasetId);
    if (dataset.tables.size > 0 && !contents) {
      throw new Refusal(400, 'resourceInUse', `Dataset ${projectId}:${datasetId} is still in use`);
    }
    this.#datasets.delete(`${projectId}.${datasetId}`);
    await this.duck.run(`DROP SCHEMA ${quoted(`${projectId}.${datasetId}`)} CASCADE`);
  }

  table({ projectId, datasetId, tableId }: TableName): Table {
    const table = this.dataset(projectId, datasetId).tables.get(tableId);
    if (!table) throw notFound('Table', `${projectId}:${datasetId}.${tableId}`);
    return table;
  }

  has({ projectId, datasetId, tableId }: TableName): boolean {
    return this.#datasets.get(`${projectId}.${datasetId}`)?.tables.has(tableId) ?? false;
  }

  async addTable(name: TableName, resource: TableResource): Promise<Table> {
    this.#checkNew(name);
    const fields = checkedFields(resource.schema?.fields ?? []);
    checkPartitioning(resource, fields);
    const table = new Table(name, 'TABLE', { ...resource, schema: { fields } });
    // A table may be made before its columns are known, and then holds none until it is given some.
    if (fields.length > 0) await this.#makeStorage(table);
    this.dataset(name.projectId, name.datasetId).tables.set(name.tableId, table);
    return table;
  }

  addView(name: TableName, type: 'VIEW' | 'MATERIALIZED_VIEW', resource: TableResource, query: Query): Table {
    this.#checkNew(name);
    const view = new Table(name, type, resource, query);
    this.dataset(name.projectId, name.datasetId).tables.set(name.tableId, view);
    return view;
  }

  async removeTable(name: TableName): Promise<void> {
    const table = this.table(name);
    this.dataset(name.projectId, name.datasetId).tables.delete(name.tableId);
    if (table.type !== 'TABLE' || table.fields.length === 0) return;
    await this.duck.run(`DROP VIEW ${table.all}`);
    await this.duck.run(`DROP TABLE ${table.stored}`);
    await this.duck.run(`DROP TABLE ${table.buffer}`);
  }

  /** Gives a table columns it has not. Columns are never taken away, and never get another type. @throws Refusal */
  async setFields(table: Table, wanted: readonly Field[]): Promise<void> {
    const fields = checkedFields(wanted);
    const old = table.fields;
    for (const field of old) {
      const now = fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase());
      if (!now)
        throw invalid(
          `Provided Schema does not match Table ${table.id}. Field ${field.name} is missing in new schema`,
        );
      if (duckType(typeOfField(now)) !== duckType(typeOfField(field))) {
        throw invalid(
          `Provided Schema does not match Table ${table.id}. Field ${field.name} has changed type`,
        );
      }
    }
    const added = fields
      .slice(0)
      .filter(({ name }) => !old.some((one) => one.name.toLowerCase() === name.toLowerCase()));
    if (old.length > 0 && added.some(({ mode }) => mode === 'REQUIRED')) {
      throw invalid(
        `Provided Schema does not match Table ${table.id}. Cannot add required fields to an existing schema`,
      );
    }
    table.resource = {
      ...table.resource,
      schema: { fields: [...fields.filter((one) => !added.includes(one)), ...added] },
    };
    if (old.length === 0) return this.#makeStorage(table);
    if (added.length === 0) return;
    await this.duck.run(`DROP VIEW ${table.all}`);
    for (const field of added) {
      for (const part of [table.stored, table.buffer]) {
        await this.duck.run(
          `ALTER TABLE ${part} ADD COLUMN ${quoted(field.name)} ${duckType(typeOfField(field))}`,
        );
      }
    }
    await this.#makeView(table);
  }

  #checkNew({ projectId, datasetId, tableId }: TableName): void {
    if (!TABLE.test(tableId)) throw invalid(`Invalid table ID "${tableId}"`);
    const { tables } = this.dataset(projectId, datasetId);
    if (tables.has(tableId)) throw duplicate('Table', `${projectId}:${datasetId}.${tableId}`);
  }

  async #makeStorage(table: Table): Promise<void> {
    const one = (field: Field) =>
      `${quoted(field.name)} ${duckType(typeOfField(field))}${field.mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
    const columns = table.fields.map(one).join(', ');
    await this.duck.run(`CREATE TABLE ${table.stored} (${columns})`);
    await this.duck.run(`CREATE TABLE ${table.buffer} (${columns})`);
    await this.#makeView(table);
  }

  async #makeView(table: Table): Promise<void> {
    const columns = table.fields.map(({ name }) => quoted(name)).join(', ');
    const of = (part: string) => `SELECT ${columns} FROM ${part}`;
    await this.duck.run(`CREATE VIEW ${table.all} AS ${of(table.stored)} UNION ALL ${of(table.buffer)}`);
  }
}

function duplicate(kind: string, name: string): Refusal {
  return new Refusal(409, 'duplicate', `Already Exists: ${kind} ${name}`);
}

function checkPartitioning({ timePartitioning, clustering }: TableResource, fields: readonly Field[]): void {
  const typeOf = (name: string) =>
    fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.type;
  if (timePartitioning) {
    if (!timePartitioning.field) throw invalid('Partitioning by the time of ingestion is not known here');
    const type = typeOf(timePartitioning.field);
    if (type !== 'TIMESTAMP' && type !== 'DATE' && type !== 'DATETIME') {
      throw invalid(
        `The field specified for partitioning has type ${type}: it must be TIMESTAMP, DATE or DATETIME`,
      );
    }
  }
  const by = clustering?.fields ?? [];
  if (by.length > 4) throw invalid('At most 4 fields can be specified for clustering');
  for (const name of by) {
    if (typeOf(name) === undefined)
      throw invalid(`The field specified for clustering cannot be found in the schema: ${name}`);
  }
}
