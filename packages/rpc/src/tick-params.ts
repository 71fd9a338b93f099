import { isRecord, MobError } from '@mobkit/core';
import type { ScheduleDefinition } from '@mobkit/core/ops';

/** What a tick is asked about. */
export interface TickParams {
  readonly schedules: readonly ScheduleDefinition[];
  readonly tickMs: number;
}

/** Schedules in one request. */
const MOST_SCHEDULES = 256;

/** The greatest integer of 64 bits that has a sign. A number beyond it is told so, and one that JSON has rounded that it is. */
const GREATEST_TICK = 2 ** 63;

/** @throws MobError `MOB_REQUEST_INVALID` with the texts of the wire, the first that is wrong first. */
export function readTickParams(params: unknown): TickParams {
  if (!isRecord(params)) throw invalid('params', 'params must be an object');
  refuseOthers(params, ['tick_ms', 'schedules']);
  const tickMs = readTick(params['tick_ms']);
  const given = params['schedules'];
  if (!Array.isArray(given)) throw invalid('schedules', 'schedules must be an array');
  if (given.length > MOST_SCHEDULES) {
    throw invalid('schedules', `schedules must contain at most ${MOST_SCHEDULES} entries`);
  }
  return { tickMs, schedules: given.map(readDefinition) };
}

function readTick(given: unknown): number {
  if (typeof given === 'number' && given > GREATEST_TICK) {
    throw invalid('tick_ms', 'tick_ms must be <= 9223372036854775807');
  }
  return readWhole('tick_ms', given);
}

const FIELDS = ['schedule_id', 'interval', 'timezone', 'enabled', 'jitter_ms', 'catch_up'];

function readDefinition(given: unknown): ScheduleDefinition {
  if (!isRecord(given)) throw invalid('schedules', 'each of schedules must be an object');
  refuseOthers(given, FIELDS);
  const scheduleId = readText('schedule_id', given);
  const interval = readText('interval', given);
  const timezone = readText('timezone', given);
  const jitterMs = given['jitter_ms'] ?? undefined;
  const catchUp = readFlag('catch_up', given);
  const enabled = readFlag('enabled', given);
  return {
    scheduleId,
    interval,
    timezone,
    ...(jitterMs !== undefined && { jitterMs: readWhole('jitter_ms', jitterMs) }),
    ...(catchUp !== undefined && { catchUp }),
    ...(enabled !== undefined && { enabled }),
  };
}

function readText(field: string, { [field]: given }: Readonly<Record<string, unknown>>): string {
  if (typeof given === 'string' && given.trim() !== '') return given;
  throw invalid(field, `${field} must be a non-empty string`);
}

function readFlag(field: string, { [field]: given }: Readonly<Record<string, unknown>>): boolean | undefined {
  if (given === undefined || given === null || typeof given === 'boolean') return given ?? undefined;
  throw invalid(field, `${field} must be a boolean`);
}

function readWhole(field: string, given: unknown): number {
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0) {
    throw invalid(field, `${field} must be a u64`);
  }
  if (Number.isSafeInteger(given)) return given;
  throw invalid(field, `${field} must be a whole number from 0 to 9007199254740991 (2^53 - 1)`);
}

function refuseOthers(given: object, fields: readonly string[]): void {
  const other = Object.keys(given).find((field) => !fields.includes(field));
  if (other === undefined) return;
  throw invalid(other, `"${other}" is not a field of this method: leave it out`);
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
