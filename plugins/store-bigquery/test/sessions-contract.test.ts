import { describeSessionStore } from '@mobkit/contract-kit';
import { type Clock, systemClock } from '@mobkit/core';

import { openBigQuerySessions } from '../src/sessions/open-sessions.js';
import { sessionDataset } from './session-dataset.js';

let hoursPassed = 0;
/** By which superseded rows are old enough to be removed. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + hoursPassed * 3_600_000 };

let dataset = sessionDataset();

async function reopen() {
  const opened = await openBigQuerySessions(dataset.options, clock);
  return { ...opened, settle };
}

/** Hours pass, also for the server where it is a local one: rows leave its buffer, and what was sent again is not known. */
async function settle(): Promise<void> {
  if (!dataset.local) return;
  await dataset.release();
  hoursPassed += 3;
}

describeSessionStore({
  name: 'BigQuery',
  async open() {
    dataset = sessionDataset();
    if (dataset.local) await dataset.faults({ forgetInsertIds: true });
    return reopen();
  },
  reopen,
  supports: { durable: true, processes: 'many', cursor: 'settled' },
});
