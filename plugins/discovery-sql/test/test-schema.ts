import { randomUUID } from 'node:crypto';

import type { AgentDiscoverySpec, DesiredPeerEdge } from '@mobkit/core';
import { Pool } from 'pg';

export const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
// Not skipped: a run that left Postgres out must not look green.
if (!connectionString) throw new Error('Set MOBKIT_TEST_POSTGRES_URL to a database to test in');

/** A schema of a test's own with a table of members and one of edges. `remove` may be called twice. */
export async function openTestSchema() {
  const schema = `discovery_${randomUUID().slice(0, 8)}`;
  const pool = new Pool({ connectionString });
  await pool.query(`
    create schema ${schema};
    create table ${schema}.agents (
      place int primary key, name text, profile text, labels jsonb, context jsonb, instructions text[], session text
    );
    create table ${schema}.wires (a text, b text);`);
  const rewrite = async (table: string, columns: string, rows: readonly (readonly unknown[])[]) => {
    const client = await pool.connect();
    await client.query(`begin; delete from ${schema}.${table}`);
    const signs = rows[0]?.map((_, at) => `$${at + 1}`).join();
    for (const row of rows) {
      await client.query(`insert into ${schema}.${table} (${columns}) values (${signs})`, [...row]);
    }
    await client.query(`notify ${schema}; commit`);
    client.release();
  };
  let removed: Promise<void> | undefined;
  return {
    schema,
    pool,
    channel: schema,
    members: `select name as agent_identity, profile as role, labels, context, instructions as additional_instructions,
      session as resume_session_id from ${schema}.agents order by place`,
    edges: `select a, b from ${schema}.wires`,
    setMembers: (specs: readonly AgentDiscoverySpec[]) =>
      rewrite(
        'agents',
        'place, name, profile, labels, context, instructions, session',
        specs.map((spec, place) => [
          place,
          spec.identity,
          spec.profile,
          spec.labels,
          spec.context === undefined ? null : JSON.stringify(spec.context),
          spec.additionalInstructions,
          spec.resumeSessionId,
        ]),
      ),
    setEdges: (edges: readonly DesiredPeerEdge[]) =>
      rewrite(
        'wires',
        'a, b',
        edges.map(({ a, b }) => [a, b]),
      ),
    remove: () =>
      (removed ??= (async () => {
        await pool.query(`drop schema ${schema} cascade`);
        await pool.end();
      })()),
  };
}
