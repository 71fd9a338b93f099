import type { ShutdownReport } from '@mobkit/runtime';

/** The report of a shutdown in a sentence: what was kept, what was not, what was cut short, what went wrong. */
export function describeShutdown({ ingest, mob: { interrupted }, errors }: ShutdownReport): string {
  const lost = ingest
    ? Object.values(ingest.dropped).reduce((sum, count) => sum + count, 0) + ingest.buffered
    : 0;
  const kept = ingest
    ? `${ingest.persisted} of ${ingest.accepted} events kept, ${lost} lost`
    : 'no events kept';
  const cut = interrupted.length === 0 ? 'no run interrupted' : `interrupted: ${interrupted.join(', ')}`;
  const wrong = errors.length === 0 ? '' : `; ${errors.join('; ')}`;
  return `Shut down: ${kept}; ${cut}${wrong}`;
}
