import type { ArchiveStatus, IngestStats } from '@mobkit/core';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly value: number | Readonly<Record<string, number>>;
}

/** The content type of the text exposition format of Prometheus. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The loss ledger, and how far the archive is behind, in the text exposition format of Prometheus; nothing of what there is not,
 * and of the archive nothing that is not known.
 */
export function metricsText(ingest: IngestStats | undefined, archive: ArchiveStatus | undefined): string {
  const metrics = [...(ingest ? metricsOfIngest(ingest) : []), ...(archive ? metricsOfArchive(archive) : [])];
  return metrics.map(lines).join('');
}

function metricsOfArchive({ behind, behindMs, refused, failing }: ArchiveStatus): readonly Metric[] {
  const name = 'mobkit_archive';
  return [
    ...(behind === undefined ? [] : [gauge(`${name}_behind_events`, 'Events not archived yet', behind)]),
    ...(behindMs === undefined
      ? []
      : [gauge(`${name}_behind_seconds`, 'Age of the oldest event not archived', behindMs / 1000)]),
    gauge(`${name}_failing`, '1 while no event reaches the archive', failing ? 1 : 0),
    {
      name: `${name}_refused_total`,
      type: 'counter',
      help: 'Events put aside as the archive refused them',
      value: refused,
    },
  ];
}

function metricsOfIngest({ dropped, failing, ...counts }: IngestStats): readonly Metric[] {
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
