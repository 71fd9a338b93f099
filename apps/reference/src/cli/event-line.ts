import { terminalLine } from './terminal-text.js';

/** An event as the server sends it; one that comes live has no `seq` yet. */
export interface WireEvent {
  readonly seq?: number;
  readonly timestamp_ms: number;
  readonly member_id: string | null;
  readonly interaction_id?: string;
  readonly stream?: { readonly epoch: number; readonly n: number };
  readonly event: {
    readonly kind: string;
    readonly module?: string;
    readonly event_type: string;
    readonly payload?: unknown;
  };
}

/** Text that is streamed in pieces, and comes whole in the event after. */
export function isDelta({ event }: WireEvent): boolean {
  return event.event_type.endsWith('_delta');
}

/** An event on one line, for people: number, time of day (UTC), who, what, details, and the interaction's last 8 characters. */
export function eventLine({ seq, timestamp_ms: timestampMs, member_id: member, ...rest }: WireEvent): string {
  const { event, interaction_id: interaction } = rest;
  const time = timeOfDay(timestampMs);
  const columns = [
    String(seq ?? '·').padStart(6),
    time,
    terminalLine(member ?? event.module ?? '', 24).padEnd(14),
    terminalLine(event.event_type, 32).padEnd(24),
    terminalLine(detail(event.payload)),
    ...(interaction === undefined ? [] : [`[${terminalLine(interaction).slice(-8)}]`]),
  ];
  return columns.filter((column) => column !== '').join(' ');
}

/** Modules give their events a time themselves, which may be beyond every calendar. */
function timeOfDay(timestampMs: number): string {
  const date = new Date(timestampMs);
  // From the end: years differ in length.
  return Number.isNaN(date.getTime()) ? '--:--:--.---' : date.toISOString().slice(-13, -1);
}

const DETAILS = ['prompt', 'content', 'result', 'error', 'stop_reason'];

function detail(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null) return '';
  const fields = payload as Readonly<Record<string, unknown>>;
  const found = DETAILS.map((name) => fields[name]).find((value) => typeof value === 'string');
  const name = typeof fields['name'] === 'string' ? fields['name'] : '';
  const args = fields['args'] === undefined ? '' : JSON.stringify(fields['args']);
  return [name, args, typeof found === 'string' ? found : ''].filter((part) => part !== '').join(' ');
}
