import { Cron } from 'croner';
import PgBoss from 'pg-boss';

import { percentile } from './percentile.js';

const QUEUE = 'due';

/** The same due times as timers of croner: in memory, forgotten with the process. The 99th percentile, in milliseconds. */
export async function cronerLateness(perSecond: number, seconds: number): Promise<number> {
  const beginMs = Date.now() + 1_000;
  const count = perSecond * seconds;
  const late: number[] = [];
  await new Promise<void>((resolve) => {
    for (let at = 0; at < count; at += 1) {
      const dueAtMs = beginMs + Math.round((at * 1_000) / perSecond);
      // It fires in whole seconds of a date: lateness is counted from there.
      const dueMs = Math.ceil(dueAtMs / 1_000) * 1_000;
      const fire = () => {
        late.push(Date.now() - dueMs);
        if (late.length >= count) resolve();
      };
      // On a busy machine its time may have come before it is made: then it never fires by itself.
      if (new Cron(new Date(dueMs), fire).nextRun() === null) fire();
    }
  });
  return percentile(late, 99);
}

/** The same as jobs of pg-boss that begin later, polled for as often as it can: twice a second. */
export async function pgBossLateness(
  connectionString: string,
  perSecond: number,
  seconds: number,
): Promise<number> {
  const boss = new PgBoss({ connectionString, schema: 'bench_pg_boss' });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  try {
    await boss.createQueue(QUEUE);
    const beginMs = Date.now() + 2_000;
    const count = perSecond * seconds;
    const late: number[] = [];
    const jobs = Array.from({ length: count }, (_, at) => {
      const dueAtMs = beginMs + Math.round((at * 1_000) / perSecond);
      return { name: QUEUE, data: { dueAtMs }, startAfter: new Date(dueAtMs) };
    });
    await boss.insert(jobs);
    await new Promise<void>((resolve) => {
      const take = async (found: PgBoss.Job<{ readonly dueAtMs: number }>[]) => {
        for (const { data } of found) late.push(Date.now() - data.dueAtMs);
        if (late.length === count) resolve();
      };
      void boss.work<{ readonly dueAtMs: number }>(
        QUEUE,
        { pollingIntervalSeconds: 0.5, batchSize: 100 },
        take,
      );
    });
    return percentile(late, 99);
  } finally {
    await boss.stop({ graceful: false, wait: true });
  }
}
