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
  const ignore = 'pid,hostname';
  return pino(options, pretty({ destination: stream.fd, sync: true, translateTime: 'HH:MM:ss', ignore }));
}
