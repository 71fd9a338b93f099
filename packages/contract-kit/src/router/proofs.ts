import type { Proofs } from '../proofs.js';
import { decidingPromises } from './deciding.js';
import type { RouterStage } from './stage.js';
import { tablePromises } from './table.js';
import { trustPromises } from './trust.js';

/** What every router with a table does, by the parts of its contract. */
export const routerProofs: readonly Proofs<RouterStage>[] = [
  decidingPromises,
  tablePromises,
  trustPromises,
].map((promises) => (it) => {
  for (const { chapter, title, prove } of promises) it(`[${chapter}] ${title}`, (stage) => prove(stage));
});
