import { parseCapabilityLine, parseEventLine, parseTypedEventLine } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { runOnce } from './run-once.js';

/** What a shell prints. */
const says = (line: object) =>
  runOnce({ command: 'sh', args: ['-c', `printf '%s\n' '${JSON.stringify(line)}'`], timeoutMs: 50_000 });

const event = { kind: 'module', module: 'router', event_type: 'ready', payload: { attempt: 1 } };
const line = { event_id: 'evt-1', source: 'module', timestamp_ms: 42, event };

it('[modules.one-line] reads what a program says once: an event, the one that is expected, and what it can do', async () => {
  expect(parseEventLine(await says(line))).toEqual({
    eventId: 'evt-1',
    timestampMs: 42,
    event: { kind: 'module', module: 'router', eventType: 'ready', payload: { attempt: 1 } },
  });
  const decode = (payload: unknown) => (payload as { readonly attempt: number }).attempt;
  expect(parseTypedEventLine(await says(line), { eventType: 'ready', decode }).payload).toBe(1);
  expect(parseCapabilityLine(await says({ contract_version: '0.4.0' })).contractVersion).toBe('0.4.0');
});

it('[modules.one-line] says by a typed error which of these it is not', async () => {
  const other = await says({ ...line, event: { ...event, event_type: 'moved' } });
  expect(parseEventLine(other).event.eventType).toBe('moved');
  const refused = (reason: string, field?: string) =>
    expect.objectContaining({
      code: 'MOB_EVENT_INVALID',
      details: expect.objectContaining({ reason, ...(field !== undefined && { field }) }) as object,
    }) as Error;
  const decode = (payload: unknown) => payload;
  expect(() => parseTypedEventLine(other, { eventType: 'ready', decode })).toThrow(
    refused('unexpected_payload_type'),
  );
  const { event_id: _, ...nameless } = line;
  const said = await says(nameless);
  expect(() => parseEventLine(said)).toThrow(refused('missing_field', 'event_id'));
  const unversioned = await says({ tools: [] });
  expect(() => parseCapabilityLine(unversioned)).toThrow(refused('missing_contract_version'));
});
