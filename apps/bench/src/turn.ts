import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';

import { alternate, ratio } from './alternate.js';
import type { Bench } from './bench.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';
import { ai, langgraph, openaiAgents, ours } from './turn-contenders.js';

const REPEATS = 5;

/** What one turn costs beside the model and the tool, which take no time here. */
export const turn: Bench = {
  name: 'turn',
  about: 'one turn with two calls of a fixed model and one of a tool; microseconds',
  async run(progress) {
    const turns = scaled(2_000);
    const kept = scaled(300);
    const postgres = await startPostgres();
    try {
      const samples = await inTemporaryDirectory((directory) => {
        let opened = 0;
        const { connectionString } = postgres;
        return alternate(
          [
            ours('own_us', turns, () => openMemoryStores()),
            ai(turns),
            openaiAgents(turns),
            langgraph(scaled(500)),
            ours('sqlite_us', kept, () => openSqliteStores({ directory: `${directory}/${(opened += 1)}` })),
            ours('pg_us', kept, () =>
              openPostgresStores({ connectionString, schema: `bench_turn_${(opened += 1)}` }),
            ),
          ],
          scaled(REPEATS),
          progress,
        );
      });
      const against = (other: string) => ratio(samples['own_us'], samples[other]);
      return {
        settings: {
          ...postgres.settings,
          sqlite: `synchronous full, ${await diskOfTemporaryFiles()}`,
          repeats: scaled(REPEATS),
          turns,
          turns_kept_on_disk: kept,
          note: 'ours keeps the message, the step and the answer, each turn in a session of its own',
        },
        samples,
        ratios: {
          vs_ai: against('ai_us'),
          vs_openai_agents: against('openai_agents_us'),
          vs_langgraph: against('langgraph_us'),
        },
      };
    } finally {
      await postgres.close();
    }
  },
};
