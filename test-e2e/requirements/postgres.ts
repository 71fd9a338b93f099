import type { Requirement } from '../requirement.js';

/** What the Postgres store promises beside the contracts of core. */
export const postgresRequirements: readonly Requirement[] = [
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
];
