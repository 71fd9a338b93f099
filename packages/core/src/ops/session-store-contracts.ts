import { checkWarehouseNaming, type WarehouseNaming } from './policies/warehouse-naming.js';

/** What a store of sessions is good for, beside what every `SessionStore` promises. */
export interface SessionStoreContract {
  readonly store: 'big_query' | 'json_file';
  /** One row a session can be asked for, the latest. */
  readonly latestRowPerSession: boolean;
  /** A session can be said to be gone, and come back. */
  readonly tombstonesSupported: boolean;
  /** Rows that were sent twice are read once. */
  readonly dedupReadPath: boolean;
  /** A second process is kept out while one writes. */
  readonly fileLocking: boolean;
  /** What a process that died left behind is noticed and put right. */
  readonly crashRecovery: boolean;
  /** Where it is in the warehouse. Absent for a file. */
  readonly warehouse?: WarehouseNaming;
}

/**
 * The stores of sessions there are beside those over a `Storage`: the warehouse first, then files.
 *
 * @throws MobError `MOB_POLICY_INVALID` for a name that is none.
 */
export function sessionStoreContracts(naming: WarehouseNaming): readonly SessionStoreContract[] {
  checkWarehouseNaming(naming);
  const { dataset, table } = naming;
  const both = { latestRowPerSession: true, tombstonesSupported: true, dedupReadPath: true };
  return [
    { store: 'big_query', ...both, fileLocking: false, crashRecovery: false, warehouse: { dataset, table } },
    { store: 'json_file', ...both, fileLocking: true, crashRecovery: true },
  ];
}

/** A table as it stands in messages and addresses of people: `dataset.table`. */
export function tableRef({ dataset, table }: WarehouseNaming): string {
  return `${dataset}.${table}`;
}
