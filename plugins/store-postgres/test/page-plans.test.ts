import { eventLogDefinition, eventLogOver, type EventQuery } from '@mobkit/core';
import { event } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Pool } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const EVENTS = 60_000;

it.each([
  ['without statistics', false],
  ['with statistics', true],
])(
  '[postgres.page-plans] looks at little more than the page it gives, by every filter and from either end, %s',
  async (_, analyzed) => {
    const { query, pool } = await longLog(analyzed);
    const filters: readonly EventQuery[] = [
      {},
      { identity: 'worker-7' },
      { memberId: 'worker-7:0' },
      { mobId: 'mob-1' },
      { runId: 'run-77' },
      { runId: 'none' },
      { stepId: 'step-5' },
      { eventTypes: ['often'] },
      { eventTypes: ['seldom'] },
      { eventTypes: ['often', 'seldom', 'none'] },
      { eventTypes: ['seldom', 'none'] },
      { sinceMs: 10 * (EVENTS - 100) },
      { untilMs: 1_000 },
      { sinceMs: 300_000, untilMs: 301_000 },
      { sinceMs: 100_000, untilMs: 500_000 },
      { sinceMs: 300_000, untilMs: 301_000, eventTypes: ['often', 'seldom'] },
      // Before there are statistics, the key is taken here and the field is only compared.
      ...(analyzed
        ? [{ sinceMs: 100_000, untilMs: 500_000, identity: 'worker-7', eventTypes: ['often', 'seldom'] }]
        : []),
    ];
    for (const filter of filters) {
      for (const bounds of [{}, { afterSeq: 0 }, { afterSeq: EVENTS / 2 }]) {
        const { text, values } = await query({ ...filter, ...bounds });
        const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
          `explain (analyze, format json) ${text}`,
          values,
        );
        expect([filter, bounds, looksAt(rows[0]!['QUERY PLAN'][0].Plan) < 3_000]).toEqual([
          filter,
          bounds,
          true,
        ]);
      }
    }
  },
  60_000,
);

it('[postgres.many-values] filters by ten thousand values', async () => {
  const { eventLog } = await longLog(true);
  const none = Array.from({ length: 10_000 }, (_, n) => `none-${n}`);
  const page = await eventLog.query({ eventTypes: [...none, 'seldom'], afterSeq: 0, limit: 2 });
  expect(page.events.map(({ seq }) => seq)).toEqual([1, 20_001]);
  expect(page).toMatchObject({ more: true });
  expect(await eventLog.query({ eventTypes: none })).toMatchObject({ events: [], scannedTo: EVENTS });
}, 60_000);

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows of tables were looked at. */
function looksAt(plan: Plan): number {
  const below = (plan.Plans ?? []).reduce((sum, child) => sum + looksAt(child), 0);
  if (plan['Relation Name'] === undefined) return below;
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Index Recheck': rechecked = 0 } = plan;
  return below + plan['Actual Loops'] * (plan['Actual Rows'] + filtered + rechecked);
}

/** A log in which two types are frequent and one is not, with what makes it tell how it reads. */
async function longLog(analyzed: boolean) {
  const pool = new Pool({ connectionString });
  const schema = freshSchema();
  const stores = await openPostgresStores({ pool, schema });
  onTestFinished(() => stores.close().then(() => pool.end()));
  const eventLog = await eventLogOver(stores.storage);
  await pool.query(`alter table ${schema}.event_log set (autovacuum_enabled = false)`);
  for (let first = 0; first < EVENTS; first += 10_000) {
    await eventLog.appendBatch(Array.from({ length: 10_000 }, (_, at) => eventAt(first + at)));
  }
  if (analyzed)
    await pool.query(`analyze ${schema}.${eventLogDefinition.name}; analyze ${schema}._time_ranges`);
  const asked = vi.spyOn(pool, 'query');
  const query = async (of: EventQuery) => {
    asked.mockClear();
    await eventLog.query(of);
    return asked.mock.calls[0]![0] as unknown as { text: string; values: unknown[] };
  };
  return { eventLog, query, pool };
}

function eventAt(at: number) {
  const identity = `worker-${at % 50}`;
  const eventType = at % 20_000 === 0 ? 'seldom' : at % 2 ? 'often' : 'oftener';
  return {
    ...event(`evt-${at}`),
    // Nearly in the order of the log.
    timestampMs: 10 * at + 30 * (at % 3),
    identity,
    memberId: `${identity}:0`,
    mobId: `mob-${at % 2}`,
    runId: `run-${Math.floor(at / 100)}`,
    ...(at % 3 === 0 && { stepId: `step-${at % 10}` }),
    event: { kind: 'module', module: 'm', eventType, payload: null },
  } as const;
}
