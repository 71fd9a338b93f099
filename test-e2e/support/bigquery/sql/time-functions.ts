import { invalidQuery } from '../refusal.js';
import type { Written } from './written.js';

const UNITS = ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY'];
const DATE_UNITS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];

const part = (word: string | undefined, known: readonly string[]) => {
  const found = known.find((unit) => unit === word?.replaceAll('"', '').toUpperCase());
  if (!found) throw invalidQuery(`A valid date part name is required but found ${word}`);
  return `'${found.toLowerCase()}'`;
};

const step = (sign: '+' | '-', returns: string): Written => ({
  least: 2,
  most: 2,
  returns,
  write: ([of, interval]) =>
    returns === 'DATE' ? `CAST(${of} ${sign} ${interval} AS DATE)` : `(${of} ${sign} ${interval})`,
});

const number = (write: (of: string) => string, returns: string): Written => ({
  least: 1,
  most: 1,
  returns,
  write: ([of]) => write(`${of}`),
});

/** The functions of times and days. */
export const TIMES: Readonly<Record<string, Written>> = {
  CURRENT_TIMESTAMP: { least: 0, most: 0, returns: 'TIMESTAMP', write: () => 'now()' },
  CURRENT_DATE: { least: 0, most: 0, returns: 'DATE', write: () => 'CAST(now() AS DATE)' },
  TIMESTAMP: number((of) => `CAST(${of} AS TIMESTAMPTZ)`, 'TIMESTAMP'),
  DATE: number((of) => `CAST(${of} AS DATE)`, 'DATE'),
  TIMESTAMP_SECONDS: number((of) => `make_timestamptz(${of} * 1000000)`, 'TIMESTAMP'),
  TIMESTAMP_MILLIS: number((of) => `make_timestamptz(${of} * 1000)`, 'TIMESTAMP'),
  TIMESTAMP_MICROS: number((of) => `make_timestamptz(${of})`, 'TIMESTAMP'),
  UNIX_SECONDS: number((of) => `(epoch_us(${of}) // 1000000)`, 'INT64'),
  UNIX_MILLIS: number((of) => `(epoch_us(${of}) // 1000)`, 'INT64'),
  UNIX_MICROS: number((of) => `epoch_us(${of})`, 'INT64'),
  TIMESTAMP_ADD: step('+', 'TIMESTAMP'),
  TIMESTAMP_SUB: step('-', 'TIMESTAMP'),
  DATE_ADD: step('+', 'DATE'),
  DATE_SUB: step('-', 'DATE'),
  TIMESTAMP_DIFF: {
    least: 3,
    most: 3,
    returns: 'INT64',
    write: ([a, b, unit]) => `date_sub(${part(unit, UNITS)}, ${b}, ${a})`,
  },
  DATE_DIFF: {
    least: 3,
    most: 3,
    returns: 'INT64',
    write: ([a, b, unit]) => `date_diff(${part(unit, DATE_UNITS)}, ${b}, ${a})`,
  },
  TIMESTAMP_TRUNC: {
    least: 2,
    most: 2,
    returns: 'TIMESTAMP',
    write: ([of, unit]) => `date_trunc(${part(unit, [...UNITS, ...DATE_UNITS])}, ${of})`,
  },
  DATE_TRUNC: {
    least: 2,
    most: 2,
    returns: 'DATE',
    write: ([of, unit]) => `CAST(date_trunc(${part(unit, DATE_UNITS)}, ${of}) AS DATE)`,
  },
  FORMAT_TIMESTAMP: {
    least: 2,
    most: 2,
    returns: 'STRING',
    write: ([format, of]) => `strftime(${of}, ${format})`,
  },
  FORMAT_DATE: {
    least: 2,
    most: 2,
    returns: 'STRING',
    write: ([format, of]) => `strftime(${of}, ${format})`,
  },
};
