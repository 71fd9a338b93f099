import type { IngestStats } from '@mobkit/core';
import type { ShutdownReport } from '@mobkit/runtime';

/** The report of a shutdown in a sentence: what was kept, what was not, what was cut short, what went wrong. */
export function describeShutdown({ ingest, mob: { interrupted }, errors }: ShutdownReport): string {
  const lost = ingest
    ? Object.values(ingest.dropped).reduce((sum, count) => sum + count, 0) + ingest.buffered
    : 0;
  const kept = ingest
    ? `${ingest.persisted} of ${ingest.accepted} events kept, ${lost} lost`
    : 'no events kept';
  const moved = ingest ? spoolOf(ingest) : '';
  const cut = interrupted.length === 0 ? 'no run interrupted' : `interrupted: ${interrupted.join(', ')}`;
  const wrong = errors.length === 0 ? '' : `; ${errors.join('; ')}`;
  return `Shut down: ${kept}${moved}; ${cut}${wrong}`;
}

/** What the spool gave, and what is left in it for the next start. */
function spoolOf({ recovered, spilled }: IngestStats): string {
  const gave = recovered === 0 ? '' : `, ${recovered} came from the spool`;
  return spilled === 0 ? gave : `${gave}, ${spilled} wait in the spool for the next start`;
}
