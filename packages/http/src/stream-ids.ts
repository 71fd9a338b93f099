import { MobError } from '@mobkit/core';
import type { StreamCursor } from '@mobkit/runtime';

/** `mob:<epoch>.<n>`, or `<agent>:<epoch>.<n>` in the stream of an agent. */
export function formatStreamId(stream: string, { epoch, n }: StreamCursor): string {
  return `${stream}:${epoch}.${n}`;
}

/**
 * Where an id of a stream stands; `<stream>:0.0` is the beginning of the first epoch.
 *
 * @throws MobError `MOB_REQUEST_INVALID` for anything but an id of this stream.
 */
export function parseStreamId(stream: string, id: string): StreamCursor {
  const place = id.startsWith(`${stream}:`) ? id.slice(stream.length + 1) : '';
  if (place === '0.0') return { epoch: 1, n: 0 };
  const [, epoch, n] = /^([1-9]\d*)\.(\d+)$/.exec(place) ?? [];
  const cursor = { epoch: Number(epoch), n: Number(n) };
  if (Number.isSafeInteger(cursor.epoch) && Number.isSafeInteger(cursor.n)) return cursor;
  throw invalid(id, `${stream}:<epoch>.<n>`);
}

export function formatLedgerId(cursor: number): string {
  return `mob-evt-${cursor}`;
}

/** @throws MobError `MOB_REQUEST_INVALID` for anything but `mob-evt-<cursor>`. */
export function parseLedgerId(id: string): number {
  const cursor = Number(/^mob-evt-(\d+)$/.exec(id)?.[1]);
  if (Number.isSafeInteger(cursor)) return cursor;
  throw invalid(id, 'mob-evt-<cursor>');
}

function invalid(id: string, form: string): MobError {
  return new MobError(
    'MOB_REQUEST_INVALID',
    `"${id.slice(0, 200)}" is not an id of this stream: send one that it gave, ${form}`,
    { details: { field: 'last_event_id' } },
  );
}
