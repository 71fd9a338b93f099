import { invalidQuery } from './refusal.js';
import type { TablePath } from './sql/tree.js';
import type { TableName } from './table.js';

/** What a statement means where it does not say it. */
export interface Defaults {
  readonly projectId: string;
  readonly datasetId: string | undefined;
}

/** The whole name of a table. @throws Refusal when it names no dataset and there is no default. */
export function tableName(path: TablePath, { projectId, datasetId }: Defaults): TableName {
  const [third, second, first, more] = path.toReversed();
  if (third === undefined || more !== undefined) throw invalidQuery(`Invalid table name "${path.join('.')}"`);
  const dataset = second ?? datasetId;
  if (dataset === undefined) {
    throw invalidQuery(`Table "${third}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  return { projectId: first ?? projectId, datasetId: dataset, tableId: third };
}
