import { type DesiredShape, desiredShapeFromJson, errorText, isMobError, MobError } from '@mobkit/core';
import { parse, TomlError } from 'smol-toml';

import { jsonErrorAt } from './json-error-at.js';
import { lineOfField } from './line-of-field.js';
import { lineAt } from './line-at.js';

/** @throws MobError `MOB_DISCOVERY_INVALID` or `MOB_WIRING_INVALID`, with the file and, where it is known, the line. */
export function parseShape(text: string, format: 'toml' | 'json', file: string): DesiredShape {
  const document = format === 'toml' ? parseToml(text, file) : parseJson(text, file);
  try {
    return desiredShapeFromJson(document);
  } catch (cause) {
    if (!isMobError(cause)) throw cause;
    const line = lineOfField(text, format, String(cause.details['field']));
    throw new MobError(cause.code, `${placeOf(file, line)}: ${cause.message}`, {
      details: { ...cause.details, file, ...(line !== undefined && { line }) },
    });
  }
}

function parseToml(text: string, file: string): unknown {
  try {
    return withTextDates(parse(text));
  } catch (cause) {
    const line = cause instanceof TomlError ? cause.line : undefined;
    // The message goes on with an excerpt of the file over several lines.
    throw unreadable(file, 'TOML', errorText(cause).split('\n')[0] ?? '', line, cause);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const line = lineAt(text, jsonErrorAt(text));
    throw unreadable(file, 'JSON', errorText(cause), line, cause);
  }
}

/** A date of TOML is data as its text, which is what JSON would have. */
function withTextDates(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(withTextDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, within]) => [key, withTextDates(within)]));
}

function unreadable(file: string, format: string, why: string, line: number | undefined, cause: unknown) {
  return new MobError('MOB_DISCOVERY_INVALID', `${placeOf(file, line)}: it is not ${format}: ${why}`, {
    cause,
    details: { file, ...(line !== undefined && { line }) },
  });
}

function placeOf(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}
