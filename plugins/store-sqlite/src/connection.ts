import type { Session } from './database.js';

/** The database of a directory, for reading and writing or for reading only. */
export interface Connection {
  readonly readOnly: boolean;
  /** Runs `work` at one moment of the database, and says `doing()` in what it throws. `work` may run more than once. */
  read<T>(doing: () => string, work: (session: Session) => T): Promise<T>;
  /** Runs `work`, all or nothing, and says `doing()` in what it throws. */
  write<T>(doing: () => string, work: (session: Session) => T): Promise<T>;
  /** Calls `wake` after appends to a topic; may be spurious. Returns what ends it. */
  subscribe(topic: string, wake: () => void): () => void;
  /** Says that something was appended to a topic. */
  appended(topic: string): void;
  /** Refuses every call from now on, and wakes everyone. Safe to call twice. */
  close(): void;
}
