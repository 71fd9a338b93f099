import type { WriteStream } from 'node:tty';

import { type Logger, pino } from 'pino';

export type AppLog = Logger;

/**
 * Opens the app's log: lines for people on a terminal, JSON lines (pino's form) anywhere else.
 *
 * @param stream - where to: standard output, or standard error when that carries an answer.
 */
export async function openAppLog(stream: WriteStream & { readonly fd: number }): Promise<AppLog> {
  const options = { base: {}, timestamp: pino.stdTimeFunctions.isoTime };
  if (!stream.isTTY) return pino(options, pino.destination({ fd: stream.fd, sync: true }));
  const { default: pretty } = await import('pino-pretty');
  // Messages say it all; the fields are for machines.
  const look = { translateTime: 'HH:MM:ss', hideObject: true };
  return pino(options, pretty({ ...look, destination: stream.fd, sync: true }));
}
