import { isMobError, MobError } from '@mobkit/core';
import type { SessionTable } from '@mobkit/core/ops';

import { tableName } from '../client/names.js';

/** What callers may name, by the name it has among the options. */
const FIELDS: Readonly<Record<string, keyof SessionTable>> = {
  accessToken: 'accessToken',
  apiEndpoint: 'apiBaseUrl',
  dataset: 'dataset',
  projectId: 'projectId',
  table: 'table',
};

/** @throws MobError `MOB_REQUEST_INVALID` with the `details.field` of a name that is none. */
export function checkNamed(asked: SessionTable): void {
  try {
    // Of ours, nothing is checked here.
    tableName(asked.projectId ?? 'ours', asked.dataset, asked.table);
  } catch (error) {
    throw asRequestInvalid(asked, error);
  }
}

/** A wrong option is the caller's fault where the caller named it. */
export function asRequestInvalid(asked: SessionTable, error: unknown): unknown {
  if (!isMobError(error, 'MOB_CONFIG_INVALID')) return error;
  const { field: option } = error.details;
  const field = typeof option === 'string' && Object.hasOwn(FIELDS, option) ? FIELDS[option] : undefined;
  if (field === undefined || asked[field] === undefined) return error;
  const message = error.message.replaceAll(String(option), field);
  return new MobError('MOB_REQUEST_INVALID', message, { cause: error, details: { ...error.details, field } });
}

/** A beginning of so many characters is still worth hiding: what a server says is cut somewhere. */
const SHORTEST_PART = 8;

/** A server may repeat what it was sent, wherever it can say something. */
export function withoutToken({ accessToken }: SessionTable, error: unknown): unknown {
  if (accessToken === undefined || !isMobError(error)) return error;
  const hidden = (text: string) => without(accessToken, text);
  const message = hidden(error.message);
  const told = Object.entries(error.details).map(
    ([name, value]) => [name, typeof value === 'string' ? hidden(value) : value] as const,
  );
  const same = told.every(([name, value]) => value === error.details[name]);
  if (same && message === error.message) return error;
  const { code, retryable } = error;
  return new MobError(code, message, { details: Object.fromEntries(told), retryable });
}

function without(token: string, text: string): string {
  let left = text;
  for (let { length } = token; length > 0; length--) {
    if (length < SHORTEST_PART && length < token.length) break;
    left = left.replaceAll(token.slice(0, length), '…');
  }
  return left;
}
