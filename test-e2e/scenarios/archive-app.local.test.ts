import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { openDataset } from '../support/bigquery-dataset.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const MOB = `[mob]
id = "desk"
orchestrator = "clerk"

[profiles.clerk]
model = "scripted"
external_addressable = true
runtime_mode = "turn_driven"
tools = { comms = true }

[[members]]
identity = "kim"
profile = "clerk"
`;

const HOT = 5;

interface Archive {
  readonly archived_to: number;
  readonly last_seq: number;
  readonly behind_events: number;
  readonly behind_ms: number;
}

interface Queried {
  readonly seq: number;
  readonly id: string;
}

/** A mob whose events are archived in a dataset of its own. */
async function archivedMob() {
  const dataset = await openDataset();
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mob.toml'), MOB);
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    `[event_log]
flush_interval_ms = 10

[archive]
to = "bigquery"
hot_events = ${HOT}

[bigquery]
project = "mobkit-test"
dataset = "${dataset.name}"
endpoint = "${dataset.endpoint}"
allowed_hosts = ["127.0.0.1"]
timeout_ms = 1000
`,
  );
  const state = join(directory, 'state');
  return {
    dataset,
    directory,
    state,
    start: () => startServer([join(directory, 'mob.toml'), '--state', state]),
  };
}

/** Has the member work, which writes events, and waits until they are in the log. */
async function work(app: AppProcess, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    const before = (await newest(app)).seq;
    await app.rpc('mobkit/send_message', { member_id: 'kim', message: `turn ${turn}` });
    while ((await newest(app)).seq <= before);
  }
}

async function newest(app: AppProcess): Promise<Queried> {
  return (await app.rpc<Queried[]>('mobkit/query_events', { limit: 1 })).at(-1) ?? { seq: 0, id: '' };
}

/** Every event, from the first, by pages. */
async function allEvents(app: AppProcess): Promise<readonly Queried[]> {
  const all: Queried[] = [];
  for (;;) {
    const page = await app.rpc<Queried[]>('mobkit/query_events', {
      after_seq: all.at(-1)?.seq ?? 0,
      limit: 7,
    });
    all.push(...page);
    if (page.length < 7) return all;
  }
}

it('[archive.app] [archive.status-app] misses and doubles nothing across the seam, an outage of the warehouse and a crash', async () => {
  const { dataset, directory, state, start } = await archivedMob();
  const first = start();
  await work(first, 2);
  await dataset.faults({ away: true });
  await work(first, 2);
  await first.line((line) => line['category'] === 'event_archive_failure');
  const { archive } = await first.rpc<{ archive: Archive }>('mobkit/status');
  // Nothing is due a minute after the start, but somebody sees to it.
  expect(archive).toMatchObject({
    refused: 0,
    compaction: {},
    failing: { error: expect.stringContaining('503') as string },
  });
  expect(archive.behind_events).toBe(archive.last_seq - archive.archived_to);
  expect(archive.behind_events).toBeGreaterThan(0);
  expect(archive.behind_ms).toBeGreaterThan(0);
  expect(await metrics(first)).toMatch(/^mobkit_archive_failing 1$/m);
  await first.kill();

  // Started while the warehouse is away, it goes on without.
  const again = start();
  await again.line((line) => line['category'] === 'event_archive_failure');
  await work(again, 1);
  await dataset.faults({});
  await again.line((line) => line['category'] === 'event_archive_recovered');
  expect(await metrics(again)).toMatch(/^mobkit_archive_failing 0$/m);
  const all = await allEvents(again);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  // What it costs can be followed.
  await again.line(({ msg }) => /^BigQuery read \d+ bytes to append events, job \S+$/.test(msg));
  await again.stop();

  // What stays in the store is little; with the config the archive is read where it ends.
  const hot = await mobkit(['events', '--json', '--state', state], { cwd: state });
  expect(hot.stderr).toMatch(
    /Events before \d+ are not kept any more in this store; an archive is looked for by the config/,
  );
  const kept = await mobkit(['events', '--json', '--state', state], { cwd: directory });
  expect(kept.stderr).not.toContain('not kept');
  const seqs = seqsOf(kept.stdout);
  expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  expect(seqs.length).toBeGreaterThanOrEqual(all.length);
  expect(seqsOf(hot.stdout).length).toBeLessThan(seqs.length);
});

async function metrics(app: AppProcess): Promise<string> {
  return (await fetch(`${await app.url()}/metrics`)).text();
}

function seqsOf(lines: string): readonly number[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
}
