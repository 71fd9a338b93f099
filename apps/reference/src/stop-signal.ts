import type { AppLog } from './app-log.js';

/**
 * Aborted at the first SIGINT or SIGTERM, so that everything ends in order; at the second the process ends at once, as
 * if killed: what was running is then reported at the next start. A terminal that is closed (SIGHUP) ends it in order too,
 * however often that is told: else helper processes would be left behind.
 */
export function stopSignal(log: AppLog): AbortSignal {
  const stopping = new AbortController();
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(code);
      log.info(`${name}: stopping; once more stops at once`);
      stopping.abort();
    });
  }
  process.on('SIGHUP', () => {
    if (stopping.signal.aborted) return;
    log.info('SIGHUP: stopping');
    stopping.abort();
  });
  return stopping.signal;
}
