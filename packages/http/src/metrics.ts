import type { IngestStats } from '@mobkit/core';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly value: number | Readonly<Record<string, number>>;
}

/** The content type of the text exposition format of Prometheus. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The loss ledger in the text exposition format of Prometheus; no metric without an event sink. */
export function metricsText(ingest: IngestStats | undefined): string {
  return ingest ? metricsOf(ingest).map(lines).join('') : '';
}

function metricsOf({ dropped, failing, ...counts }: IngestStats): readonly Metric[] {
  return [
    counter('accepted', 'Events given to the event sink', counts.accepted),
    counter('recovered', 'Events found in the spool of an earlier process', counts.recovered),
    counter('persisted', 'Events that reached the event log', counts.persisted),
    counter('duplicate', 'Events that were in the event log already', counts.duplicate),
    counter('filtered', 'Events turned away by the filter', counts.filtered),
    counter('dropped', 'Events lost, by reason', { ...dropped }),
    gauge('mobkit_events_spilled', 'Events waiting in the spool on disk', counts.spilled),
    gauge('mobkit_events_buffered', 'Events waiting in memory', counts.buffered),
    gauge('mobkit_event_log_failing', '1 while no event reaches the event log', failing ? 1 : 0),
  ];
}

function counter(what: string, help: string, value: Metric['value']): Metric {
  return { name: `mobkit_events_${what}_total`, type: 'counter', help, value };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: 'gauge', help, value };
}

function lines({ name, type, help, value }: Metric): string {
  const samples =
    typeof value === 'number'
      ? [`${name} ${value}`]
      : Object.entries(value).map(([reason, count]) => `${name}{reason="${reason}"} ${count}`);
  return [`# HELP ${name} ${help}.`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n');
}
