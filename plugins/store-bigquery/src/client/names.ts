import { MobError } from '@mobkit/core';

/** A project: an id as Google gives them, perhaps in a domain (`example.com:project`). */
const PROJECT = /^(?:[a-z0-9][a-z0-9.-]{0,61}:)?[a-z][a-z0-9-]{0,61}$/;
const DATASET = /^[A-Za-z0-9_]{1,1024}$/;
const TABLE = /^[A-Za-z0-9_-]{1,200}$/;

/** Where a table is. Made of checked names only, and so the one thing that may stand in a statement unparameterised. */
export interface TableName {
  readonly projectId: string;
  readonly dataset: string;
  readonly table: string;
  /** As it stands in a statement: quoted whole. */
  readonly sql: string;
}

/** @throws MobError `MOB_CONFIG_INVALID`, `details.field` names the first that is wrong: project, then dataset, then table. */
export function tableName(projectId: string, dataset: string, table: string): TableName {
  checkProject(projectId);
  checkDataset(dataset);
  checkName('table', TABLE, table, 'letters, digits, "_" and "-"');
  return { projectId, dataset, table, sql: `\`${projectId}.${dataset}.${table}\`` };
}

export function checkProject(projectId: string): void {
  checkName('projectId', PROJECT, projectId, 'lower-case letters, digits and "-"');
}

export function checkDataset(dataset: string): void {
  checkName('dataset', DATASET, dataset, 'letters, digits and "_"');
}

function checkName(field: string, allowed: RegExp, value: unknown, made: string): void {
  if (typeof value === 'string' && allowed.test(value)) return;
  // Shortened: it may have come over the wire.
  const given = JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value) ?? 'nothing';
  throw new MobError('MOB_CONFIG_INVALID', `BigQuery: ${field} is ${given}; give a name of ${made}`, {
    details: { field },
  });
}
