import type { Requirement } from '../requirement.js';

/** What the Postgres store promises beside the contracts of core. */
export const postgresRequirements: readonly Requirement[] = [
  {
    id: 'postgres.own-schema',
    behaviour: 'A store opens, and migrates, while other schemas of its database are made and dropped.',
    fault: "The migrator was given kysely's own introspector, which asks about every column of the database.",
  },
  {
    id: 'postgres.columns',
    behaviour:
      'Every field of every entry is kept as it was given, or not given, to the ends of what is safe.',
    fault: 'The lower half of an integer lost its highest bit.',
  },
  {
    id: 'postgres.call-order',
    behaviour:
      'Appends to one partition that are under way at once are numbered in the order of the calls, also when one must be sent again.',
    fault: 'An append did not ask whether the one before it had gone through.',
  },
  {
    id: 'postgres.behind-failed',
    behaviour:
      'An append that fails takes those with it that were called after it and before its failure was told; all may be sent again in order.',
    fault: 'Only the append that failed was rejected, and those behind it were sent again.',
  },
  {
    id: 'postgres.behind-conflict',
    behaviour: 'A conflict fails nothing but the append that expected something else.',
    fault: 'A conflict was treated as any other failure.',
  },
  {
    id: 'postgres.lost-connection',
    behaviour:
      'Appends under way when the connection is lost may be tried again; made again in the same order, each is in the log once and in order.',
    fault: 'What waited behind the lost appends was sent over the next connection.',
  },
  {
    id: 'postgres.isolation',
    behaviour:
      'Appends work where transactions have another isolation by default, and leave that default as it was.',
    fault: 'The functions did not look at the isolation they ran in.',
  },
  {
    id: 'postgres.other-log',
    behaviour: 'A log whose counter is held holds up no append to another one.',
    fault: 'All logs shared one lane.',
  },
  {
    id: 'postgres.versions-together',
    behaviour: 'Processes that know different fields of one log append side by side.',
    fault: 'The functions were not named after their fields.',
  },
  {
    id: 'postgres.too-large',
    behaviour: 'An append of more than 256 MiB is refused for its data, before anything is sent.',
    fault: 'Nobody counted the bytes.',
  },
  {
    id: 'postgres.close-waits',
    behaviour: 'Closing takes no more work, and waits for what was given before.',
    fault: 'The pool was ended without waiting for appends that had no connection yet.',
  },
  {
    id: 'postgres.commit-cut',
    behaviour:
      'A connection that is cut between a commit and its answer is told as a failure that may be tried again.',
    fault: 'An error without a state of the server was taken for a refusal.',
  },
  {
    id: 'postgres.commit-wakes',
    behaviour: 'A commit that appends wakes the readers of other processes.',
    fault: 'Only appends outside a commit were announced.',
  },
  {
    id: 'postgres.joined',
    behaviour:
      'A burst of appends is announced to other processes by a few notifications, its last append among them.',
    fault: 'Every append was announced by itself.',
  },
  {
    id: 'postgres.unannounced',
    behaviour:
      'A reader finds entries within seconds that were never announced, because their writer ended in between.',
    fault: 'Nobody looked at the counters.',
  },
  {
    id: 'postgres.pool-errors',
    behaviour: 'A broken connection of a pool that was given ends neither the process nor the store.',
    fault: 'Only a pool made here had listeners for errors.',
  },
  {
    id: 'postgres.errors',
    behaviour: 'What a retry can mend, what was wrong with the data and every other refusal are told apart.',
    fault: 'A lock that was not given in time was a refusal, as the rest of its class.',
  },
  {
    id: 'postgres.prune-slices',
    behaviour:
      'A prune of more entries than go in one transaction removes all that may go, and leaves no hole.',
    fault: 'It ended after the first slice.',
  },
  {
    id: 'postgres.outbox-commit',
    behaviour:
      'Events enlisted in a transaction of the application are in the log once that commits, and wake its readers; not before.',
    fault: 'Nothing was notified, and the outbox was only looked at now and then.',
  },
  {
    id: 'postgres.outbox-same',
    behaviour: 'What comes out of the outbox is what was enlisted, hostile text included.',
    fault: 'An entry held its data as an object, and was kept as `jsonb`.',
  },
  {
    id: 'postgres.outbox-rollback',
    behaviour:
      'What was enlisted in a transaction, or a savepoint, that is rolled back never reaches the log.',
    fault: 'It was enlisted on a connection of our own.',
  },
  {
    id: 'postgres.outbox-check',
    behaviour: 'An event that cannot be kept is refused by `enlist`, by name, and nothing is written.',
    fault: 'Events were made entries one by one as they were sent.',
  },
  {
    id: 'postgres.outbox-many',
    behaviour:
      'Several processes move the outbox together: each event once, those of a transaction in order.',
    fault: 'Any row that nobody held was taken, not only those of a transaction whose first row was free.',
  },
  {
    id: 'postgres.outbox-killed',
    behaviour:
      'What was enlisted by a process that was killed before it moved it is moved by the next to open.',
    fault: 'Nobody looked at the outbox on opening.',
  },
  {
    id: 'postgres.outbox-close',
    behaviour: 'Closing finishes the move under way and refuses to enlist more.',
    fault:
      'Closing waited for nothing that had begun; and `enlist` did not ask whether the store was closed.',
  },
  {
    id: 'postgres.outbox-refused',
    behaviour: 'An enlisted event that the log refuses becomes a dead letter, and those around it are moved.',
    fault: 'A refusal of the data was tried again as any other failure.',
  },
  {
    id: 'postgres.outbox-failure',
    behaviour:
      'A relay that fails says so once, tries again with growing pauses, and moves everything in the end.',
    fault: 'Every attempt that failed was told.',
  },
  {
    id: 'postgres.upgrade',
    behaviour: 'A schema that version 0.1.0 made is read, appended to, claimed from, enlisted in and pruned.',
    fault: 'The table of time ranges was not made in a schema that was there before.',
  },
  {
    id: 'postgres.times-upgrade',
    behaviour:
      'Times are found in entries that were there before they were noted, and in those an older process appends.',
    fault: 'What no block was noted for was not looked through.',
  },
  {
    id: 'postgres.open-together',
    behaviour: 'Four processes may open a fresh schema at once.',
    fault: 'The lock was not taken before looking what is there.',
  },
  {
    id: 'postgres.newer-schema',
    behaviour: 'A process opens a schema that a newer version has changed.',
    fault: 'An upgrade that is not known was an error.',
  },
  {
    id: 'postgres.setup-errors',
    behaviour:
      'A wrong password, an unknown database, a missing right and an unreadable address each say what to do, and no error holds a password.',
    fault: 'The address was read by the driver alone, whose error holds it.',
  },
  {
    id: 'postgres.page-plans',
    behaviour:
      'A page by one filter, or by types within a range of time, is read by looking at less than a twentieth of a log of 60,000, from either end, with statistics and without.',
    fault: 'Several values of one field were one condition.',
  },
  {
    id: 'postgres.many-values',
    behaviour: 'A filter of ten thousand values works.',
    fault: 'Each value was a read of its own.',
  },
  {
    id: 'postgres.lanes-share',
    behaviour: 'Partitions that are appended to without a pause leave connections to others and to readers.',
    fault: 'A lane kept its connection as long as anything waited in it.',
  },
  {
    id: 'postgres.no-answer',
    behaviour:
      'Over a connection that died without a word every call fails in time and may be made again, which then works over a new one.',
    fault: 'A connection whose answer did not come went back into the pool that was given.',
  },
  {
    id: 'postgres.listener-stalled',
    behaviour: 'A connection that listens and answers no more is replaced.',
    fault: 'Nothing was ever asked of the connection that listens.',
  },
  {
    id: 'postgres.close-stalled',
    behaviour:
      'Closing gives up on what is not answered any more, says what, and tells whoever waits for it.',
    fault: 'Closing waited for everything that was under way.',
  },
  {
    id: 'postgres.long-work',
    behaviour: 'Changing tables takes as long as it needs.',
    fault: 'Tables were prepared over the connections for short statements.',
  },
  {
    id: 'postgres.read-only',
    behaviour: 'A schema that is opened for reading only is read, and every write is refused by name.',
    fault: 'Claims were not looked at.',
  },
  {
    id: 'postgres.read-nothing',
    behaviour:
      'A schema that is missing, or of an older version, is a typed error for a reader, and nothing is created or changed.',
    fault: 'A reader brought the schema up to date, as everybody does.',
  },
];
