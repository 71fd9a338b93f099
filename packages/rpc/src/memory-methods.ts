import { isRecord, MobError } from '@mobkit/core';
import { z } from 'zod';

import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { onTheWire } from './wire-field.js';
import {
  toWireChange,
  toWireConflict,
  toWireIndexed,
  toWireMemoryFound,
  toWireStoreCount,
} from './wire-memory.js';

// What a field may be is said below, in the words that clients know.
const given = z.unknown().optional();
const about = { entity: given, topic: given, store: given };
const indexParams = z.strictObject({
  ...about,
  fact: given,
  metadata: given,
  conflict: given,
  conflict_reason: given,
});
const queryParams = z.strictObject({ ...about, query: given, after_assertion_id: given, limit: given });
const resolveParams = z.strictObject({ ...about, by: given, reason: given });
const deleteParams = z.strictObject({ assertion_id: given, by: given, reason: given });
const changesParams = z.strictObject({ entity: given, topic: given, limit: given });

const stores: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return { stores: (await expectPart(runtime, 'memory').stores()).map(toWireStoreCount) };
};

const index: Method = async ({ runtime }, params) => {
  const fields = parseParams(indexParams, params);
  const request = {
    entity: required('entity', fields.entity),
    topic: required('topic', fields.topic),
    ...filled('store', named('store', fields.store)),
    ...filled('fact', named('fact', fields.fact)),
    ...filled('metadata', checked('metadata', fields.metadata, isRecord, 'a JSON object')),
    ...filled('conflict', checked('conflict', fields.conflict, isBoolean, 'a boolean')),
    ...filled('conflictReason', text('conflict_reason', fields.conflict_reason)),
  };
  return toWireIndexed(await onTheWire(expectPart(runtime, 'memory').index(request)));
};

const query: Method = async ({ runtime }, params) => {
  const fields = parseParams(queryParams, params);
  const asked = {
    ...filled('entity', text('entity', fields.entity)),
    ...filled('topic', text('topic', fields.topic)),
    ...filled('store', named('store', fields.store)),
    ...filled('text', text('query', fields.query)),
    ...filled('afterAssertionId', text('after_assertion_id', fields.after_assertion_id)),
    ...filled('limit', checked('limit', fields.limit, isNumber, 'a number')),
  };
  return toWireMemoryFound(await onTheWire(expectPart(runtime, 'memory').query(asked)));
};

const resolveConflict: Method = async ({ runtime }, params) => {
  const fields = parseParams(resolveParams, params);
  const request = {
    entity: required('entity', fields.entity),
    topic: required('topic', fields.topic),
    ...filled('store', named('store', fields.store)),
    by: required('by', fields.by),
    ...filled('reason', text('reason', fields.reason)),
  };
  const resolved = await onTheWire(expectPart(runtime, 'memory').resolveConflict(request));
  return { resolved: resolved.map(toWireConflict) };
};

const deleteAssertion: Method = async ({ runtime }, params) => {
  const fields = parseParams(deleteParams, params);
  const id = required('assertion_id', fields.assertion_id);
  const author = { by: required('by', fields.by), ...filled('reason', text('reason', fields.reason)) };
  return { deleted: await onTheWire(expectPart(runtime, 'memory').deleteAssertion(id, author)) };
};

const changes: Method = async ({ runtime }, params) => {
  const fields = parseParams(changesParams, params);
  const asked = {
    ...filled('entity', text('entity', fields.entity)),
    ...filled('topic', text('topic', fields.topic)),
    ...filled('limit', checked('limit', fields.limit, isNumber, 'a number')),
  };
  return { changes: (await onTheWire(expectPart(runtime, 'memory').changes(asked))).map(toWireChange) };
};

export const memoryMethods = {
  'mobkit/memory/stores': stores,
  'mobkit/memory/index': index,
  'mobkit/memory/query': query,
  'mobkit/memory/resolve_conflict': resolveConflict,
  'mobkit/memory/delete': deleteAssertion,
  'mobkit/memory/changes': changes,
};

/** A field of an object, or none where there is no value. */
function filled<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: T });
}

function required(field: string, value: unknown): string {
  if (isText(value) && value.trim() !== '') return value;
  throw invalid(field, 'a non-empty string');
}

/** A text that is not blank, or nothing. */
function named(field: string, value: unknown): string | undefined {
  const isNamed = (one: unknown): one is string => isText(one) && one.trim() !== '';
  return checked(field, value, isNamed, 'a non-empty string');
}

function text(field: string, value: unknown): string | undefined {
  return checked(field, value, isText, 'a string');
}

function checked<T>(
  field: string,
  value: unknown,
  is: (value: unknown) => value is T,
  what: string,
): T | undefined {
  if (value === undefined || is(value)) return value;
  throw invalid(field, `${what} when provided`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function invalid(field: string, what: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', `${field} must be ${what}`, { details: { field } });
}
