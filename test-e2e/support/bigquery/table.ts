import { randomBytes } from 'node:crypto';

import { type Field, typeOfField } from './field.js';
import type { Query, SqlType } from './sql/tree.js';
import { quoted } from './sql/types.js';

export interface TimePartitioning {
  readonly type: 'DAY' | 'HOUR' | 'MONTH' | 'YEAR';
  readonly field: string;
  readonly expirationMs?: string;
  readonly requirePartitionFilter?: boolean;
}

/** What somebody may say about a table, as the wire has it. */
export interface TableResource {
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly timePartitioning?: TimePartitioning;
  readonly clustering?: { readonly fields: readonly string[] };
  readonly requirePartitionFilter?: boolean;
  readonly [other: string]: unknown;
}

export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** Rows that were streamed and that no query sees yet. */
export interface HiddenRows {
  readonly json: string;
  readonly count: number;
  /** Queries that still do not see them; absent is until they are released. */
  queries?: number;
}

/**
 * A table or a view. What was loaded or written by a statement is stored; what was streamed is in the buffer, which
 * statements may read and not change; queries see both.
 */
export class Table {
  readonly name: TableName;
  readonly type: 'TABLE' | 'VIEW' | 'MATERIALIZED_VIEW';
  readonly query: Query | undefined;
  readonly created = Date.now();
  readonly insertIds = new Map<string, number>();
  resource: TableResource;
  hidden: HiddenRows[] = [];
  /** When the oldest row of the buffer came in; absent is that there is none. */
  bufferedSince: number | undefined;
  /** How many changes its rows have seen. */
  version = 0;
  modified = Date.now();
  etag = randomBytes(8).toString('base64');

  constructor(name: TableName, type: Table['type'], resource: TableResource, query?: Query) {
    this.name = name;
    this.type = type;
    this.resource = resource;
    this.query = query;
  }

  get fields(): readonly Field[] {
    return this.resource.schema?.fields ?? [];
  }

  get columns(): readonly { readonly name: string; readonly type: SqlType }[] {
    return this.fields.map((field) => ({ name: field.name, type: typeOfField(field) }));
  }

  get partitioning(): TimePartitioning | undefined {
    return this.resource.timePartitioning;
  }

  get needsPartitionFilter(): boolean {
    return this.resource.requirePartitionFilter ?? this.partitioning?.requirePartitionFilter ?? false;
  }

  get schema(): string {
    return quoted(`${this.name.projectId}.${this.name.datasetId}`);
  }

  get all(): string {
    return `${this.schema}.${quoted(this.name.tableId)}`;
  }

  get stored(): string {
    return `${this.schema}.${quoted(`${this.name.tableId}$stored`)}`;
  }

  get buffer(): string {
    return `${this.schema}.${quoted(`${this.name.tableId}$buffer`)}`;
  }

  get id(): string {
    const { projectId, datasetId, tableId } = this.name;
    return `${projectId}:${datasetId}.${tableId}`;
  }

  changed(): void {
    this.version++;
    this.modified = Date.now();
    this.etag = randomBytes(8).toString('base64');
  }
}
