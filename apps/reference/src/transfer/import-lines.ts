import { isMobError, MobError, type Storage } from '@mobkit/core';

import { FORMAT_VERSION, parseLine, type TransferCounts, type TransferLine } from './format.js';
import { ImportTarget } from './import-target.js';
import type { NumberedLine } from './read-lines.js';

/** What an import did. */
export interface Imported extends TransferCounts {
  /** Whether all of it was there already, and nothing was done. */
  readonly already: boolean;
}

type LineOf<Type extends TransferLine['type']> = Extract<TransferLine, { readonly type: Type }>;

/**
 * Fills a storage from the lines of an export, in batches that are kept or not as a whole. An import that was cut short
 * goes on when it is called again with the same lines, and does nothing once it is complete.
 *
 * @throws MobError `MOB_CONFLICT` when the storage holds something else (`details.holds`); `mobkit/import` for a line that
 * is wrong, by its number, and for lines that end too early; what the storage throws.
 */
export async function importLines(lines: AsyncIterable<NumberedLine>, storage: Storage): Promise<Imported> {
  let target: ImportTarget | undefined;
  let end: LineOf<'end'> | undefined;
  let read = 0;
  for await (const { text, number } of lines) {
    read = number;
    const line = parseLine(text);
    if (typeof line === 'string') throw wrong(number, line);
    if (end) throw wrong(number, 'comes after the end');
    if (!target) {
      if (line.type !== 'mobkit_export') throw wrong(number, 'is not the header of an export');
      target = await open(line, number, storage);
      if (target.complete) return { entries: 0, records: 0, already: true };
      continue;
    }
    if (line.type === 'mobkit_export') throw wrong(number, 'is a second header');
    if (line.type === 'end') end = line;
    try {
      await target.take(line);
    } catch (error) {
      throw atLine(number, error);
    }
  }
  if (!target) throw new MobError('mobkit/import', 'There is no line to import');
  if (!end) {
    const message = `The export is cut: it ends after line ${read}, without its last line. What came before is kept: import it whole`;
    throw new MobError('mobkit/import', message, { details: { line: read } });
  }
  return { ...target.counts, already: false };
}

async function open(
  { version, id }: LineOf<'mobkit_export'>,
  number: number,
  storage: Storage,
): Promise<ImportTarget> {
  if (version === FORMAT_VERSION) return ImportTarget.open(storage, id);
  throw wrong(number, `is of format version ${version}; this program reads version ${FORMAT_VERSION}`);
}

/** A mistake in a line is found by who takes it, the storage too; what is wrong with the storage passes as it is. */
function atLine(number: number, error: unknown): unknown {
  if (error instanceof TypeError || isMobError(error, 'mobkit/import')) {
    return new MobError('mobkit/import', `Line ${number}: ${error.message}`, {
      cause: error.cause,
      details: { line: number },
    });
  }
  return error;
}

function wrong(number: number, what: string): MobError {
  return new MobError('mobkit/import', `Line ${number} ${what}`, { details: { line: number } });
}
