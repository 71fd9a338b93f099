import type { DiscoveryContext, MobError } from '@mobkit/core';
import { createSqlDiscovery, type SqlDiscoveryOptions } from '@mobkit/discovery-sql';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { connectionString, openTestSchema } from './test-schema.js';

const context: DiscoveryContext = {
  mobId: 'm',
  labels: {},
  trigger: 'bootstrap',
  signal: new AbortController().signal,
};

let schema: Awaited<ReturnType<typeof openTestSchema>>;
beforeEach(async () => {
  schema = await openTestSchema();
  return schema.remove;
});

it.each([
  [`select 'a' as agent_identity`, 'members[0].role'],
  [`select 'a' as agent_identity, 'p' as role, 1 as age`, 'members[0].age'],
  [`select 'a' as meerkat_id, 'p' as profile union all select 'a', 'q'`, 'members[1].meerkat_id'],
  [`select 7 as identity, 'p' as role`, 'members[0].identity'],
  [`select 'a' as identity, 'p' as role, '{"x": 1}'::jsonb as labels`, 'members[0].labels.x'],
  [`select 'a' as identity, 'p' as role, '{"x": "1"}' as labels`, 'members[0].labels'],
])('[discovery.sql-rows] refuses what %s answers at %s', async (members, field) => {
  await expect(discover({ members })).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_INVALID',
    details: { field },
  });
});

it('[discovery.sql-rows] refuses more rows than there may be, and fetches no more', async () => {
  const members = `select 'm-' || generate_series(1, 1000000000) as identity, 'p' as role;`;
  await expect(discover({ members, maxRows: 3 })).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_INVALID',
    message: expect.stringContaining('more than 3 rows') as string,
  });
  const three = `select 'm-' || n as identity, 'p' as role from generate_series(1, 3) n`;
  expect(await discover({ members: three, maxRows: 3 })).toHaveLength(3);
});

it('[discovery.sql-reads] writes nothing, whatever the query is', async () => {
  const writing = [
    `with gone as (delete from ${schema.schema}.wires returning a) select a as identity, 'p' as role from gone`,
    `select 'a' as identity, 'p' as role; drop table ${schema.schema}.wires`,
    `select 'a' as identity, nextval('${schema.schema}.s')::text as role`,
    `delete from ${schema.schema}.wires`,
  ];
  await schema.pool.query(`create sequence ${schema.schema}.s`);
  await schema.setEdges([{ a: 'a', b: 'b' }]);
  for (const members of writing) {
    await expect(discover({ members })).rejects.toMatchObject({
      code: 'MOB_DISCOVERY_UNAVAILABLE',
      retryable: false,
    });
  }
  const { rows } = await schema.pool.query(`select * from ${schema.schema}.wires`);
  expect(rows).toEqual([{ a: 'a', b: 'b' }]);
});

it('[discovery.sql-slow] ends a query that takes too long on the server, and says that it may be tried again', async () => {
  const members = `select pg_sleep(3600)::text as identity, 'p' as role`;
  await expect(discover({ members, timeoutMs: 20 })).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_UNAVAILABLE',
    retryable: true,
    details: { state: '57014' },
  });
});

it('[discovery.sql-errors] says what the server says, whether it may mend itself, and no password', async () => {
  await expect(discover({ members: 'select * from nowhere' })).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_UNAVAILABLE',
    retryable: false,
    message: expect.stringContaining('"nowhere" does not exist') as string,
    details: { state: '42P01' },
  });
  const nobody = 'postgres://user:not-for-anybody@127.0.0.1:1/db';
  const unreachable = await failure(discover({ members: schema.members }, nobody));
  expect(unreachable).toMatchObject({
    retryable: true,
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
  expect(JSON.stringify([unreachable.message, unreachable.details])).not.toContain('not-for-anybody');
});

it.each([
  [{ connectionString: 'postgres://user:not-for-anybody@[' }, 'connectionString'],
  [{ members: ' ' }, 'members'],
  [{ channel: 'drop table' }, 'channel'],
  [{ timeoutMs: 0 }, 'timeoutMs'],
  [{ maxRows: 0 }, 'maxRows'],
])('[discovery.sql-options] refuses %j by %s', (options, field) => {
  const create = () => createSqlDiscovery({ connectionString, members: schema.members, ...options });
  const named = expect.stringContaining(field) as string;
  expect(create).toThrow(expect.objectContaining({ code: 'MOB_CONFIG_INVALID', message: named }) as Error);
  expect(create).not.toThrow('not-for-anybody');
});

it('[discovery.sql-pool] leaves a pool that was given open, and cannot be watched or asked for edges unless told how', async () => {
  const source = createSqlDiscovery({ pool: schema.pool, members: schema.members });
  expect(await source.discovery.discover(context)).toEqual([]);
  expect([source.edgeDiscovery, source.discovery.watch]).toEqual([undefined, undefined]);
  await source.close();
  await source.close();
  await expect(source.discovery.discover(context)).rejects.toThrow(TypeError);
  expect((await schema.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(schema.pool.listenerCount('acquire')).toBe(0);
});

it('[discovery.sql-reconnects] tells of a lost connection once, listens again by itself and tells of what it may have missed', async () => {
  const source = open({ members: schema.members, channel: schema.channel });
  const told: string[] = [];
  let wake = () => {};
  const next = async (what: string) => {
    while (!told.includes(what)) await new Promise<void>((resolve) => (wake = resolve));
    told.length = 0;
  };
  const tell = (what: string) => {
    told.push(what);
    wake();
  };
  source.discovery.watch?.({ onChange: () => tell('change'), onError: ({ code }) => tell(code) });
  await next('change');
  await schema.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "${schema.channel}"'`,
  );
  await next('MOB_DISCOVERY_UNAVAILABLE');
  await next('change');
  await schema.setMembers([{ identity: 'a', profile: 'p' }]);
  await next('change');
  await source.close();
  const { rows } = await schema.pool.query(
    `select 1 from pg_stat_activity where query = 'listen "${schema.channel}"' and state <> 'idle'`,
  );
  expect(rows).toEqual([]);
});

function open(options: Omit<SqlDiscoveryOptions, 'connectionString' | 'pool'>, address = connectionString) {
  const source = createSqlDiscovery({ ...options, connectionString: address });
  onTestFinished(() => source.close());
  return source;
}

function discover(options: Omit<SqlDiscoveryOptions, 'connectionString' | 'pool'>, address?: string) {
  return open(options, address).discovery.discover(context);
}

async function failure(promise: Promise<unknown>): Promise<MobError> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: MobError) => error,
  );
}
