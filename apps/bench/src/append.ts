import { eventLogDefinition } from '@mobkit/core';

import { alternate, ratio } from './alternate.js';
import type { Bench } from './bench.js';
import * as onPostgres from './postgres-contenders.js';
import * as onSqlite from './sqlite-contenders.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { diskOfTemporaryFiles } from './temporary-directory.js';

const REPEATS = 5;

/** How fast events are appended, beside what the same database can do, and beside others who keep events in it. */
export const append: Bench = {
  name: 'append',
  about: 'events of 300 B into the event log, ordered and deduplicated; rows per second',
  async run(progress) {
    const large = { batch: 512, rows: scaled(200) * 512 };
    const small = { batch: 64, rows: scaled(1_500) * 64 };
    // Slower: fewer rows for as long a time.
    const others = { batch: 512, rows: scaled(80) * 512 };
    const postgres = await startPostgres();
    try {
      const { ours, copy, emmett, pgBoss } = onPostgres;
      const contenders = [
        ours(postgres, large, 2, 'pg_512_rows_per_s'),
        copy(postgres, large, 1, 'copy_512_rows_per_s'),
        ours(postgres, large, 1, 'pg_512_one_under_way_rows_per_s'),
        copy(postgres, large, 2, 'copy_512_two_connections_rows_per_s'),
        ours(postgres, small, 2, 'pg_64_rows_per_s'),
        copy(postgres, small, 1, 'copy_64_rows_per_s'),
        ours(postgres, small, 1, 'pg_64_one_under_way_rows_per_s'),
        emmett(postgres, others),
        pgBoss(postgres, others),
        onSqlite.ours(large),
        onSqlite.byHand(large),
      ];
      const samples = await alternate(contenders, scaled(REPEATS), progress);
      const against = (one: string, other: string) =>
        ratio(samples[`${one}_rows_per_s`], samples[`${other}_rows_per_s`]);
      return {
        settings: {
          ...postgres.settings,
          sqlite: `synchronous full, ${await diskOfTemporaryFiles()}`,
          indexes: `primary key, id, ${Object.keys(eventLogDefinition.fields).join(', ')}`,
          repeats: scaled(REPEATS),
          rows_512: large.rows,
          rows_64: small.rows,
          rows_others: others.rows,
          note: 'emmett and pg-boss write schemas of their own',
        },
        samples,
        ratios: {
          pg512_vs_copy: against('pg_512', 'copy_512'),
          pg64_vs_copy: against('pg_64', 'copy_64'),
          pg512_vs_emmett: against('pg_512', 'emmett_512'),
          sqlite512_vs_hand: against('sqlite_512', 'sqlite_hand_512'),
          pg512_vs_pgboss: against('pg_512', 'pgboss_512'),
          pg512_vs_two_copies: against('pg_512', 'copy_512_two_connections'),
          pg512_one_under_way_vs_copy: against('pg_512_one_under_way', 'copy_512'),
          pg64_one_under_way_vs_copy: against('pg_64_one_under_way', 'copy_64'),
        },
      };
    } finally {
      await postgres.close();
    }
  },
};
