import type { Requirement } from '../requirement.js';

/** The BigQuery of the tests, and events that are archived in it. */
export const archiveRequirements: readonly Requirement[] = [
  {
    id: 'warehouse.rows',
    behaviour: 'Rows that were streamed come back in the types of their columns, exact to the microsecond.',
    fault: 'A time was given in milliseconds.',
  },
  {
    id: 'warehouse.insert-ids',
    behaviour:
      'A row is streamed once for each insert id; a wrong row is named with its column and stops the others unless they are to be taken.',
    fault: 'Insert ids that were known were not looked at.',
  },
  {
    id: 'warehouse.streaming-buffer',
    behaviour:
      'A statement that would change rows streamed a moment ago is refused, and one that would not is run.',
    fault: 'Up to eight rows of the buffer were let through.',
  },
  {
    id: 'warehouse.sql',
    behaviour: 'What BigQuery would not run is refused, also where DuckDB would run it.',
    fault: 'A string fitted every type.',
  },
  {
    id: 'warehouse.dml',
    behaviour:
      'A statement tells how many rows it inserted, updated and deleted; of two with one condition one changes the row.',
    fault: 'Updated rows were not counted.',
  },
  {
    id: 'warehouse.latest',
    behaviour:
      'The latest row of each is found by a window and through a view, which a window cannot be materialized in.',
    fault: 'Any query could be materialized.',
  },
  {
    id: 'warehouse.pruning',
    behaviour:
      'A statement reads the partitions that constants bound their column to, and all of them when nothing does, which a table may refuse.',
    fault: 'One side of an OR was taken for a bound.',
  },
  {
    id: 'warehouse.bytes',
    behaviour:
      'A dry run tells what would be read and does nothing; what would read more than it may is refused.',
    fault: 'The ceiling was ten bytes higher.',
  },
  {
    id: 'warehouse.paging',
    behaviour:
      'Rows come by pages with a token for the next; a request with a known id is answered and not done again.',
    fault: 'Request ids were not kept.',
  },
  {
    id: 'warehouse.loads',
    behaviour: 'Lines of JSON are loaded all or none, in one upload or in parts, once for each job id.',
    fault: 'One wrong line was let through.',
  },
  {
    id: 'warehouse.limits',
    behaviour: 'A request of more than 10 MB or 50,000 rows is refused.',
    fault: '20 MB were taken.',
  },
  {
    id: 'warehouse.there',
    behaviour: 'What is there already and what is not there are refused, each with its own reason.',
    fault: 'A table took the place of one of its name.',
  },
  {
    id: 'warehouse.fault-answers',
    behaviour:
      'Requests of one dataset are refused as often, and with the status and reason, as was switched on.',
    fault: 'Switches of one dataset were of all.',
  },
  {
    id: 'warehouse.fault-slow',
    behaviour: 'A job is told to be running for as many polls as was switched on.',
    fault: 'The answer had its rows at once.',
  },
  {
    id: 'warehouse.fault-rows',
    behaviour: 'Rows are refused by insert id or place, with the reason and as often as was switched on.',
    fault: 'A refused row was refused for ever.',
  },
  {
    id: 'warehouse.fault-hidden',
    behaviour: 'Streamed rows are seen after some queries, or when they are released, as was switched on.',
    fault: 'They were hidden from one query more.',
  },
  {
    id: 'warehouse.fault-lost',
    behaviour: 'An answer is cut in the middle, or not given after the work was done, as was switched on.',
    fault: 'The answer was given.',
  },
  {
    id: 'warehouse.fault-away',
    behaviour: 'The server answers 503 or no request at all while that is switched on.',
    fault: 'A request that was to be refused was answered 503.',
  },
  {
    id: 'warehouse.process',
    behaviour: 'It runs as a process that prints its address and ends with its input.',
    fault: 'The end of the input was not followed.',
  },
  {
    id: 'archive.app',
    behaviour:
      'An app ships its events to the warehouse and keeps the newest; reading misses and doubles nothing across the seam, an outage, also one at a start, and a crash, with a server and without.',
    fault: 'The runtime read the event log alone.',
  },
  {
    id: 'archive.config',
    behaviour:
      'A config says where events are archived and what stays hot, and is refused when it would lose events or names no place.',
    fault: '`retain_days` was let through beside an archive.',
  },
  {
    id: 'archive.start-silent',
    behaviour:
      'A start goes on after five seconds without an archive that gives no answer, and archives once it does.',
    fault: 'The start waited until the first attempt had failed.',
  },
  {
    id: 'archive.status-app',
    behaviour:
      'While the warehouse is away the status and the metrics of a server say so, with how far the archive is behind; and when it is over.',
    fault: 'The runtime was not given the archive.',
  },
  {
    id: 'archive.status-late',
    behaviour: 'An archive that was never reached since the start is told as failing, since when and why.',
    fault: 'Failing was told only of an archive that had been open.',
  },
  {
    id: 'archive.compacted',
    behaviour:
      'An archive is compacted a minute after a start when that is due, and then as often as the config says, restarts counted in; the status tells when, and how many rows went.',
    fault: 'When it was done last was not kept.',
  },
  {
    id: 'archive.compaction-fails',
    behaviour:
      'A compaction that fails is told once and tried again after an hour; a stop ends the one under way.',
    fault: 'The next was made when the next was due anyway.',
  },
  {
    id: 'archive.closed-late',
    behaviour: 'An archive that answers after its log was closed is shipped nothing.',
    fault: 'What was opened late was kept although the log was closed.',
  },
];
