import type { SessionStore } from '../session-store.js';

/** Which table of a warehouse keeps sessions, and how it is reached. */
export interface SessionTable {
  readonly dataset: string;
  readonly table: string;
  /** @defaultValue the project of the warehouse */
  readonly projectId?: string;
  /** Shown to this table's server and to nobody else. @defaultValue the credentials of the warehouse */
  readonly accessToken?: string;
  /** Where the server is asked. Credentials of the warehouse's own are not sent there. @defaultValue where the warehouse is */
  readonly apiBaseUrl?: string;
  /** How long any call may take, its retries included, in milliseconds from 1. @defaultValue as long as the warehouse lets it */
  readonly timeoutMs?: number;
}

/**
 * Opens the sessions of a table that a caller names, who need not be trusted: what is named is checked before anything is
 * sent, and a caller gets nothing sent to an address of its own but what it gave.
 */
export interface SessionWarehouse {
  /**
   * Calls `use` with the sessions of a table, and answers what it answers. The store must not be used after that. Creates
   * no table.
   *
   * @throws MobError `MOB_REQUEST_INVALID` (`details.field`, of `SessionTable`) for a name that is none and for an address
   * that may not be asked, with nothing sent; `MOB_CONFIG_INVALID` when project or credentials are missing; and what
   * `use` throws.
   */
  withSessions<T>(table: SessionTable, use: (sessions: SessionStore) => Promise<T>): Promise<T>;
}
