import type { AppLog } from './app-log.js';
import { terminalLine } from './cli/terminal-text.js';
import type { Tell } from './parts/app-parts.js';

/** Says in the app's log what parts tell. */
export function tellLog(log: AppLog): Tell {
  return {
    error(event) {
      const { category, ...about } = event;
      const level = category.endsWith('_recovered') ? 'info' : 'error';
      log[level]({ category, ...about }, terminalLine('error' in event ? event.error : category));
    },
    info: (text) => log.info(terminalLine(text)),
    warning: (text) => log.warn(terminalLine(text)),
    storeError: ({ code, message }) => log.error({ code }, terminalLine(message)),
    // Whole: what is cut here would have been delivered to nobody.
    delivered: (line) => log.info({ sink: 'log' }, terminalLine(line, Infinity)),
    serverError: (error) => log.error({ err: error }, terminalLine(`The server failed: ${String(error)}`)),
  };
}
