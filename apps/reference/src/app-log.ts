import type { WriteStream } from 'node:tty';

import { type DestinationStream, type Logger, pino } from 'pino';

export type AppLog = Logger;

/** What waits while nothing can be written, in characters; beyond it lines are lost, and counted. */
const MOST_UNWRITTEN = 1_000_000;

/**
 * Opens the app's log: lines for people on a terminal, JSON lines (pino's form) anywhere else. Logging never throws: what
 * cannot be written, as on a full disk or a terminal that was closed, is written with what follows once that is possible.
 *
 * @param stream - where to: standard output, or standard error when that carries an answer.
 */
export async function openAppLog(
  stream: Pick<WriteStream, 'isTTY'> & { readonly fd: number },
): Promise<AppLog> {
  const options = { base: {}, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = pino.destination({ fd: stream.fd, sync: true, maxLength: MOST_UNWRITTEN });
  // A mob does not end because nobody can read of it.
  destination.on('error', () => {});
  const log = pino(options, stream.isTTY ? await prettyOver(destination) : destination);
  let lost = 0;
  destination.on('drop', () => (lost += 1));
  destination.on('drain', () => {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    log.warn({ lost: lines }, `${lines} lines of this log could not be written`);
  });
  return log;
}

async function prettyOver(destination: DestinationStream): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  // Messages say it all; the fields are for machines.
  const pretty = prettyFactory({ translateTime: 'HH:MM:ss', hideObject: true });
  return { write: (line) => destination.write(pretty(line)) };
}
