import { expect, it } from 'vitest';

import {
  checkClaim,
  checkCommit,
  checkDefinition,
  checkEntry,
  checkPrune,
  checkQuery,
  checkRecord,
  checkText,
} from './check-arguments.js';
import type { FieldTypes, LogDefinition, RecordsDefinition } from './definition.js';
import type { NewEntry } from './ordered-log.js';

const log: LogDefinition = { kind: 'log', name: 'notes', fields: { color: 'text', size: 'integer' } };
const records: RecordsDefinition = { kind: 'records', name: 'boxes', fields: { color: 'text' } };

function entry(given: Partial<NewEntry> = {}): NewEntry {
  return { id: 'a', timestampMs: 0, data: '{}', ...given };
}

it('[core.arguments] takes text of up to 400 characters, with whole surrogate pairs', () => {
  for (const text of ['', 'a'.repeat(400), '\u{1F600}', 'line\nbreak'])
    expect(checkText('It', text)).toBeUndefined();
});

it.for(['a'.repeat(401), 'a\0b', '\ud800', '\udc00a', 7, undefined, null])(
  '[core.arguments] refuses %j as text',
  (text) => {
    expect(() => checkText('It', text)).toThrow(
      new TypeError('It is not well-formed text of at most 400 characters without NUL'),
    );
  },
);

it.for(['a', 'a1', 'mob_events', 'a'.repeat(30)])('takes "%s" as a name', (name) => {
  expect(checkDefinition({ ...log, name, fields: { [name]: 'text' } })).toBeUndefined();
});

it.for(['', 'A', '1a', '_a', 'a_', 'a__b', 'a-b', 'a"b', 'a'.repeat(31), 'é'])(
  '[core.arguments] refuses "%s" as the name of a log and of a field',
  (name) => {
    expect(() => checkDefinition({ ...log, name })).toThrow(`"${name}" cannot name a log or records`);
    expect(() => checkDefinition({ ...log, fields: { [name]: 'text' } })).toThrow('cannot name a field of');
  },
);

it.for(['seq', 'version', 'lease_owner', 'partition', 'due_at_ms'])(
  'keeps "%s" for columns of stores',
  (field) => {
    expect(() => checkDefinition({ ...log, fields: { [field]: 'text' } })).toThrow(TypeError);
  },
);

it('takes an entry whose fields are declared, or absent', () => {
  expect(checkEntry(log, entry({ fields: { color: 'red', size: -1 } }))).toBeUndefined();
  expect(checkEntry(log, entry({ fields: { color: undefined } }))).toBeUndefined();
});

it.for<[string, Partial<NewEntry>]>([
  ['an undeclared field', { fields: { weight: 1 } }],
  ['a field that only objects inherit', { fields: { constructor: 1 } }],
  ['text where a number is declared', { fields: { size: '1' } }],
  ['a number where text is declared', { fields: { color: 1 } }],
  ['a number beyond what is exact', { fields: { size: 2 ** 53 } }],
  ['a time with a fraction', { timestampMs: 0.5 }],
  ['an id that is too long', { id: 'a'.repeat(401) }],
  ['data that is no text', { data: {} as unknown as string }],
])('[core.arguments] refuses an entry with %s', ([, given]) => {
  expect(() => checkEntry(log, entry(given))).toThrow(TypeError);
});

it('holds a record to its key, its data, its fields and its time', () => {
  expect(checkRecord(records, 'k', { data: '{}', fields: { color: 'red' }, dueAtMs: 0 })).toBeUndefined();
  expect(() => checkRecord(records, '\0', { data: '{}' })).toThrow('A key of "boxes"');
  expect(() => checkRecord(records, 'k', { data: '{}', dueAtMs: NaN })).toThrow('dueAtMs of "k"');
  expect(() => checkRecord(records, 'k', { data: '{}', fields: { size: 1 } })).toThrow('no field "size"');
});

it('[core.arguments] holds a query to declared fields and whole numbers', () => {
  const query = { afterSeq: 0, limit: 5, where: { color: ['red', 'blue'], size: 1 } };
  expect(checkQuery(log, query)).toBeUndefined();
  expect(checkQuery(log, { where: { color: undefined } })).toBeUndefined();
  expect(() => checkQuery(log, { where: { 'color" or 1=1 --': 'x' } })).toThrow('declares no field');
  expect(() => checkQuery(log, { where: { size: [1, 'x'] } })).toThrow('Field "size"');
  expect(() => checkQuery(log, { afterSeq: 1.5 })).toThrow('afterSeq is not a safe integer: 1.5');
  expect(() => checkQuery(records, { afterKey: '\ud800' })).toThrow('afterKey is not well-formed');
});

it('holds a claim to an owner and whole numbers', () => {
  expect(checkClaim({ owner: 'me', leaseMs: 0, limit: 1 })).toBeUndefined();
  expect(() => checkClaim({ owner: '\0', leaseMs: 0, limit: 1 })).toThrow('The owner of a claim');
  expect(() => checkClaim({ owner: 'me', leaseMs: 0.1, limit: 1 })).toThrow('leaseMs');
  expect(() => checkClaim({ owner: 'me', leaseMs: 0, limit: NaN })).toThrow('limit');
});

it('[core.arguments] refuses to prune without a bound', () => {
  expect(checkPrune({ keep: 0 })).toBeUndefined();
  expect(() => checkPrune({})).toThrow('Pruning needs a bound');
  // A caller in JavaScript may pass on what it was not given.
  const notGiven: object = { keep: undefined };
  expect(() => checkPrune(notGiven)).toThrow('Pruning needs a bound');
});

it('[core.arguments] refuses a commit that names a record or a partition twice', () => {
  const put = { records, key: 'k', record: { data: '{}' } };
  const append = { log, entries: [entry()] };
  expect(checkCommit({ puts: [put], appends: [append, { ...append, partition: 'p' }] })).toBeUndefined();
  expect(() => checkCommit({ puts: [put, put] })).toThrow('names ["boxes","k"] twice');
  expect(() => checkCommit({ puts: [put], deletes: [{ records, key: 'k' }] })).toThrow('twice');
  expect(() => checkCommit({ appends: [append, { ...append, partition: '' }] })).toThrow('twice');
});

it('checks every part of a commit', () => {
  const broken: FieldTypes = { color: 'text' };
  expect(() => checkCommit({ puts: [{ records, key: '\0', record: { data: '' } }] })).toThrow('A key');
  expect(() => checkCommit({ deletes: [{ records: { ...records, fields: broken }, key: '\0' }] })).toThrow(
    'A key',
  );
  expect(() => checkCommit({ appends: [{ log, partition: '\0', entries: [] }] })).toThrow('A partition');
  expect(() => checkCommit({ appends: [{ log, entries: [entry({ id: '\0' })] }] })).toThrow('The id');
});

it.for([0, -1, 1.5, NaN])('refuses %s as the first seq of a partition', (firstSeq) => {
  expect(() => checkCommit({ appends: [{ log, entries: [], firstSeq }] })).toThrow('firstSeq');
});
