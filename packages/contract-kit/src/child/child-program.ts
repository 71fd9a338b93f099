// What the kit runs in a process of its own: opens the store under test and writes into it, step after step, until it
// is done or killed. It is told what to do, and acknowledges each step, over the pipe to its parent.

import { testLog, testRecords } from '../makers.js';
import type { Stores } from '../harness.js';
import { commitOf, entriesOf, eventsOf, type Work } from './work.js';

/** The first and only message to the child. */
export interface ChildStart {
  readonly entry: string;
  readonly argument: string;
  readonly work: Work;
}

interface Entry {
  open(argument: string): Promise<Stores & { close(): Promise<void> }>;
}

process.once('message', (start: ChildStart) => void work(start));
process.once('disconnect', () => process.exit());

async function work({ entry, argument, work: { kind, writer, from, to = Infinity } }: ChildStart) {
  const { open } = (await import(entry)) as Entry;
  const stores = await open(argument);
  const { storage, eventLog } = stores;
  if (kind !== 'events') await storage?.prepare([testLog, testRecords]);
  const log = kind === 'entries' ? storage?.log(testLog) : undefined;
  for (let step = from; step < to; step++) {
    if (kind === 'events') await eventLog?.appendBatch(eventsOf(writer, step));
    else if (kind === 'commits') await storage?.commit(commitOf(writer, step));
    else await log?.append(entriesOf(writer, step));
    process.send?.(step);
  }
  await stores.close();
  process.disconnect();
}
