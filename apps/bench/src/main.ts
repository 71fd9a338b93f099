import { append } from './append.js';
import { archive } from './archive.js';
import type { Bench } from './bench.js';
import { bigquery } from './bigquery.js';
import { cold } from './cold.js';
import { delivery } from './delivery.js';
import { ingest } from './ingest.js';
import { members } from './members.js';
import { modules } from './modules.js';
import { outage } from './outage.js';
import { page } from './page.js';
import { plan } from './plan.js';
import { pump } from './pump.js';
import { toJson, toTable } from './report.js';
import { scheduler } from './scheduler.js';
import { turn } from './turn.js';

const benches: readonly Bench[] = [
  append,
  page,
  ingest,
  outage,
  cold,
  members,
  turn,
  plan,
  pump,
  modules,
  delivery,
  scheduler,
  archive,
  bigquery,
];

const [name, ...flags] = process.argv.slice(2);
const bench = benches.find((one) => one.name === name);
const unknown = flags.filter((flag) => flag !== '--json');
if (!bench || unknown.length > 0) {
  console.error(`Usage: npm run -s bench -- ${benches.map((one) => one.name).join('|')} [--json]`);
  process.exitCode = 2;
} else {
  const measured = await bench.run((line) => console.error(line));
  console.log(toTable(bench, measured));
  if (flags.includes('--json')) console.log(JSON.stringify(toJson(bench, measured)));
}
