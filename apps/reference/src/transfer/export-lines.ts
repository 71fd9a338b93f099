import { randomUUID } from 'node:crypto';

import {
  type Clock,
  type LogDefinition,
  MobError,
  type RecordsDefinition,
  type Storage,
  systemClock,
} from '@mobkit/core';

import { FORMAT_VERSION, formatLine, type TransferCounts } from './format.js';
import { importsDefinition } from './import-mark.js';

const PAGE = 256;

/**
 * Everything a storage holds, as lines, a page at a time: a reader that pauses makes it pause. Each log is of one moment,
 * that at which its partition is begun; of records each page is of its own. Returns the counts.
 *
 * @throws MobError `mobkit/overtaken` when entries were removed faster than they were read; what the storage throws.
 */
export async function* exportLines(
  storage: Storage,
  clock: Clock = systemClock,
): AsyncGenerator<string, TransferCounts, undefined> {
  const contents = await storage.contents();
  const { logs } = contents;
  const records = contents.records.filter(({ name }) => name !== importsDefinition.name);
  await storage.prepare([...logs.map(({ definition }) => definition), ...records]);
  const partitions = logs.flatMap(({ definition, partitions: names }) =>
    names.map((partition) => ({ definition, partition })),
  );

  let expected = 0;
  for (const { definition, partition } of partitions) {
    const { firstSeq, lastSeq } = await storage.log(definition, partition).bounds();
    expected += lastSeq - firstSeq + 1;
  }
  yield formatLine({
    type: 'mobkit_export',
    version: FORMAT_VERSION,
    id: randomUUID(),
    exported_at_ms: clock.now(),
    logs: partitions.length,
    records: records.length,
    entries: expected,
  });

  const done = { entries: 0, records: 0 };
  for (const { definition, partition } of partitions) {
    for await (const { text, count } of logLines(storage, definition, partition)) {
      done.entries += count;
      yield text;
    }
  }
  for (const definition of records) {
    for await (const { text, count } of recordLines(storage, definition)) {
      done.records += count;
      yield text;
    }
  }
  yield formatLine({ type: 'end', ...done });
  return done;
}

interface Page {
  readonly text: string;
  readonly count: number;
}

async function* logLines(
  storage: Storage,
  definition: LogDefinition,
  partition: string,
): AsyncGenerator<Page, void, undefined> {
  const { name, fields } = definition;
  const log = storage.log(definition, partition);
  const { firstSeq, lastSeq } = await log.bounds();
  if (lastSeq === 0) return;
  const header = formatLine({
    type: 'log',
    name,
    fields,
    partition,
    first_seq: firstSeq,
    last_seq: lastSeq,
  });
  yield { text: header, count: 0 };
  for (let at = firstSeq - 1; at < lastSeq;) {
    const page = await log.read({ afterSeq: at, beforeSeq: lastSeq + 1, limit: PAGE });
    const { entries } = page;
    if (page.firstSeq > at + 1) throw overtaken(name, partition);
    const lines = entries.map(({ seq, id, timestampMs, fields: given, data }) =>
      formatLine({ type: 'entry', seq, id, timestamp_ms: timestampMs, fields: present(given), data }),
    );
    yield { text: lines.join(''), count: entries.length };
    at = entries.at(-1)?.seq ?? lastSeq;
  }
}

async function* recordLines(
  storage: Storage,
  definition: RecordsDefinition,
): AsyncGenerator<Page, void, undefined> {
  const { name, fields } = definition;
  yield { text: formatLine({ type: 'records', name, fields }), count: 0 };
  const records = storage.records(definition);
  for (let afterKey: string | undefined, more = true; more;) {
    const page = await records.list({ limit: PAGE, ...(afterKey !== undefined && { afterKey }) });
    const lines = page.records.map(({ key, fields: given, data, dueAtMs }) =>
      formatLine({
        type: 'record',
        key,
        fields: present(given),
        data,
        ...(dueAtMs !== undefined && { due_at_ms: dueAtMs }),
      }),
    );
    yield { text: lines.join(''), count: lines.length };
    afterKey = page.records.at(-1)?.key;
    more = page.more && afterKey !== undefined;
  }
}

function present(
  fields: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields).filter((pair): pair is [string, string | number] => pair[1] !== undefined),
  );
}

function overtaken(name: string, partition: string): MobError {
  return new MobError(
    'mobkit/overtaken',
    `Entries of "${name}" (partition "${partition}") were removed while they were exported: export again`,
  );
}
