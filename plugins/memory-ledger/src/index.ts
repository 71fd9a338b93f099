export { openMemoryLedger } from './open.js';
export type { MemoryLedgerLimits, MemoryLedgerOptions } from './open.js';
