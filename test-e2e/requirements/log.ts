import type { Requirement } from '../requirement.js';

/** Buffered ingestion: `packages/event-log`. */
export const logRequirements: readonly Requirement[] = [
  {
    id: 'log.batch',
    behaviour: 'A write begins at once when batchSize events wait.',
    fault: 'woke the writer above batchSize instead of at it',
  },
  {
    id: 'log.batch-zero',
    behaviour: 'A batchSize of 0 means 1.',
    fault: 'raised a batchSize below 2 to 2',
  },
  {
    id: 'log.interval',
    behaviour: 'Fewer events than a batch are written flushIntervalMs after the first of them.',
    fault: 'the timer woke the writer without making what waits due',
  },
  {
    id: 'log.config',
    behaviour: 'A size or time that cannot be is refused by the name of its field.',
    fault: 'let a batchSize that is no whole number pass',
  },
  {
    id: 'log.caller',
    behaviour: 'Whoever ingests never waits for the store, which is called in a later turn.',
    fault: 'began the append inside ingest',
  },
  {
    id: 'log.one-in-flight',
    behaviour: 'One append is under way at a time; what came meanwhile goes together in the next.',
    fault: 'began an append while another was under way',
  },
  {
    id: 'log.largest-batch',
    behaviour: 'An append carries at most 512 events, and the rest follows at once.',
    fault: 'raised the largest batch to 4096',
  },
  {
    id: 'log.filter',
    behaviour: 'What the filter turns away is not written and is counted.',
    fault: 'let everything pass the filter',
  },
  {
    id: 'log.filter-throws',
    behaviour: 'An event at which the filter throws is kept, counted, and the first is told.',
    fault: 'turned away events the filter threw at',
  },
  {
    id: 'log.retry',
    behaviour: 'Events stay over failed attempts and are stored once when one works.',
    fault: 'dropped the batch of a failed append',
  },
  {
    id: 'log.order',
    behaviour: 'The log keeps the order of ingestion, also over failures.',
    fault: 'put a failed batch behind what came meanwhile',
  },
  {
    id: 'log.backoff',
    behaviour:
      'Attempts wait 50 ms, doubled up to 5 s, less up to a half at random; a success begins it anew.',
    fault: 'doubled without an end; and did not begin anew after a success',
  },
  {
    id: 'log.tells-changes',
    behaviour:
      'Whoever operates it is told when appends begin to fail and when they work again, not of attempts.',
    fault: 'told of every failed attempt',
  },
  {
    id: 'log.lost-answer',
    behaviour: 'An event that a failed append had stored all the same counts as persisted.',
    fault: 'did not remember which ids a failed append had sent',
  },
  {
    id: 'log.bad-event',
    behaviour: 'An event that cannot be stored (BigInt, cycle, too deep) is dropped alone and counted.',
    fault: 'looked for a bad event only after a TypeError and only among the unserialisable',
  },
  {
    id: 'log.bisect',
    behaviour: 'One refused event among 512 is found in about twenty appends.',
    fault: 'made the next append smaller by one instead of by half',
  },
  {
    id: 'log.refuses-all',
    behaviour: 'A refusal that is not of the data, or an unknown error, drops nothing.',
    fault: 'took every MOB_STORE_REFUSED for a refusal of the data',
  },
  {
    id: 'log.overflow',
    behaviour: 'While the log is down the newest 4096 events are kept; the others are counted and told.',
    fault: 'doubled the bound',
  },
  {
    id: 'log.overflow-in-flight',
    behaviour: 'Overflow never drops what is in an append, and counts it as buffered.',
    fault: 'left the append under way out of the bound',
  },
  {
    id: 'log.gap',
    behaviour: 'The log is told in its place how many events were dropped, why, and from when to when.',
    fault: 'wrote the gap behind the events that follow it',
  },
  {
    id: 'log.gap-refused',
    behaviour: 'A refused event leaves a gap too, between its neighbours.',
    fault: 'noted no loss for a refused event',
  },
  {
    id: 'log.gap-once',
    behaviour: 'A gap whose answer was lost is sent again under the same id.',
    fault: 'made the gap anew for every attempt',
  },
  {
    id: 'log.gap-poison',
    behaviour: 'A gap that the log refuses holds nothing up.',
    fault: 'did not send the refused gap alone: appends went on for ever, and the test with them',
  },
  {
    id: 'log.flush',
    behaviour: 'flush resolves when what was given before it is settled, whatever comes after.',
    fault: 'did not write a small batch for a waiting flush; and counted one event too few as settled',
  },
  {
    id: 'log.flush-failure',
    behaviour:
      'A flush that asks for it attempts at once in the wait after a failure, and waits through retries.',
    fault: 'let the wait after a failure run out',
  },
  {
    id: 'log.flush-deadline',
    behaviour: 'flush ends at its deadline or signal and says how many events are left.',
    fault: 'did not listen to the signal, or not to one that was aborted before',
  },
  {
    id: 'log.close',
    behaviour: 'close writes what is left, leaves no timer, and counts what comes later as dropped.',
    fault: 'did not write a small batch when closing',
  },
  {
    id: 'log.close-deadline',
    behaviour: 'At the deadline of close what is left counts as dropped, and no later answer changes that.',
    fault: 'waited and counted after the deadline for the answer to an append under way',
  },
  {
    id: 'log.equation',
    behaviour: 'accepted = persisted + duplicate + filtered + buffered + dropped, at every moment.',
    fault: 'counted duplicates as persisted too; and counted an answer that came after the close',
  },
  {
    id: 'log.null-sink',
    behaviour: 'Without a log everything counts as filtered, and as dropped after close.',
    fault: 'close of the null sink closed nothing',
  },
  {
    id: 'log.awaited',
    behaviour: 'While a flush or a close is awaited the process stays alive, also if the log is away.',
    fault: 'made the deadline of close a background timer; set no timer for a flush without a deadline',
  },
  {
    id: 'log.unawaited',
    behaviour: 'What nobody awaits, a retry or a written-out buffer, does not keep the process alive.',
    fault: 'made the wait after a failure hold the process',
  },
  {
    id: 'log.flush-patient',
    behaviour: 'A flush sits out the wait after a failure unless it asks to try at once.',
    fault: 'let every flush cut the wait',
  },
  {
    id: 'log.type-error',
    behaviour: 'A TypeError drops only an event that core refuses too; a broken connection drops none.',
    fault: 'took every TypeError for a refusal of the data',
  },
  {
    id: 'log.malformed-answer',
    behaviour: 'An answer without the duplicates it should name is a failure: told, and tried again.',
    fault: 'took the answer as it came',
  },
  {
    id: 'log.spill',
    behaviour: 'When the log fails, events go to the spool, and are replayed in order when it works again.',
    fault: 'did not spill while the log failed',
  },
  {
    id: 'log.spill-beyond-memory',
    behaviour: 'An outage of more events than memory holds drops nothing.',
    fault: 'did not spill while the log failed',
  },
  {
    id: 'log.spill-slow',
    behaviour:
      'When memory fills because the log does not answer, events are spilled, the append under way first.',
    fault: 'left the append under way out of the spool',
  },
  {
    id: 'log.spill-stored',
    behaviour: 'What an append stored after it was spilled is settled in the spool.',
    fault: 'settled in the spool nothing of what had been stored',
  },
  {
    id: 'log.spill-lost-answer',
    behaviour: 'What was stored before its answer was lost counts as persisted, over the spool too.',
    fault: 'forgot which ids had been sent',
  },
  {
    id: 'log.spill-restart',
    behaviour: 'What an earlier process spilled is replayed before anything new.',
    fault: 'took the spool for empty at the start',
  },
  {
    id: 'log.spill-close',
    behaviour: 'Closing ends at once when all that is left is in the spool.',
    fault: 'waited for the deadline',
  },
  {
    id: 'log.spill-close-held',
    behaviour: 'At the deadline of close, memory and the append under way are spilled.',
    fault: 'left out the last spill',
  },
  {
    id: 'log.spill-refused',
    behaviour: 'A refused event is found in the spool too, with a gap in its place.',
    fault: 'noted the loss behind the spool',
  },
  {
    id: 'log.spill-not-json',
    behaviour: 'What cannot be written is refused, with a gap in its place, and the rest is spilled.',
    fault: 'kept what cannot be written among the spilled',
  },
  {
    id: 'log.spill-not-json-held',
    behaviour: 'An event that is not JSON in an append that is never answered does not stop the spilling.',
    fault: 'refused to spill such an append',
  },
  {
    id: 'log.spill-full',
    behaviour:
      'What a full spool does not take stays in memory; what is dropped there leaves a gap in its place.',
    fault: 'spilled without the gap',
  },
  {
    id: 'log.spill-flush',
    behaviour: 'A flush waits for what is in the spool, and says what is left there.',
    fault: 'counted memory alone',
  },
  {
    id: 'log.failing',
    behaviour: 'The counts say why nothing reaches the log, and since when.',
    fault: 'said that it was since ever',
  },
  {
    id: 'log.equation-spool',
    behaviour: 'The counts add up at every moment over spool, restarts and lost answers, and order is kept.',
    fault: 'did not look at what was on its way to the spool',
  },
  {
    id: 'log.dead-letters',
    behaviour: 'What the log refuses is kept beside it with the reason.',
    fault: 'put no dead letter',
  },
  {
    id: 'log.dead-letters-any',
    behaviour: 'What is no JSON or no event is kept as close to it as can be written.',
    fault: 'wrote what is not JSON as `[object Object]`',
  },
  {
    id: 'log.dead-letters-retry',
    behaviour: 'A dead letter is tried again under its key and holds no append up.',
    fault: 'made a new key for each attempt',
  },
  {
    id: 'log.dead-letters-close',
    behaviour: 'At the deadline of close, dead letters that are given up are said.',
    fault: 'gave them up silently',
  },
  {
    id: 'log.spill-slow-disk',
    behaviour: 'What is spilled is replayed though events keep coming as fast as the disk takes them.',
    fault: 'waited for every write to the spool to end before reading from it',
  },
  {
    id: 'log.flush-closed',
    behaviour: 'A flush after close is answered at once.',
    fault: 'let it wait for what nobody settles any more',
  },
  {
    id: 'log.dead-letters-refused',
    behaviour: 'A dead letter that its store refuses holds up no other.',
    fault: 'tried it again as any other failure',
  },
  {
    id: 'archive.put',
    behaviour: 'An archive keeps events under the numbers they have, from any first one on.',
    fault: 'The first event was numbered 1.',
  },
  {
    id: 'archive.put-again',
    behaviour: 'A put may be repeated: what the archive holds is left out.',
    fault: 'Events at or below the last were not left out.',
  },
  {
    id: 'archive.put-ids',
    behaviour: 'An archive keeps two events of one id, which their log had forgotten in between.',
    fault: 'Events were kept under their id instead of their number.',
  },
  {
    id: 'archive.verbatim',
    behaviour: 'An archived event is given back as it was.',
    fault: 'The id was taken from the entry.',
  },
  {
    id: 'archive.holes',
    behaviour: 'Events after a hole are refused whole, and so are events with a hole among them.',
    fault: 'The first was not compared with what is held; the events were not looked at.',
  },
  {
    id: 'archive.query',
    behaviour: 'An archive finds by cursors, times, members and types, from either end, also below a bound.',
    fault: 'The upper bound was left out.',
  },
  {
    id: 'archive.ships',
    behaviour:
      'Appended events reach the archive as they are, in order; the log prunes what is archived and begins at 1 all the same.',
    fault: 'The page was given without its bounds of the archive; nothing was pruned.',
  },
  {
    id: 'archive.hot-age',
    behaviour: 'Archived events leave the primary when they are old enough, also when nothing is appended.',
    fault: 'The shipper waited for appends alone.',
  },
  {
    id: 'archive.seam',
    behaviour:
      'Reading across the seam misses and repeats nothing, by pages of any size, filtered, from either end.',
    fault: 'The archive was read without the upper bound; its last page was given as the last of all.',
  },
  {
    id: 'archive.outage',
    behaviour:
      'While the archive is down events wait, which is told once; nothing is lost or doubled, lost answers included.',
    fault: 'Each failure was told; shipping ended with the first.',
  },
  {
    id: 'archive.live',
    behaviour:
      'Whoever reads what is new is answered while the archive is down; whoever reads what is old gets its error.',
    fault: 'Every query asked the archive.',
  },
  {
    id: 'archive.live-silent',
    behaviour: 'Whoever reads what is new does not wait for an archive that gives no answer at all.',
    fault: 'What the archive holds was asked anew, and awaited, for a page that it has no part in.',
  },
  {
    id: 'archive.resumes',
    behaviour: 'Shipping goes on where the archive ends, also with what was appended while nobody shipped.',
    fault: 'It began at the last event of the log.',
  },
  {
    id: 'archive.two',
    behaviour: 'Two processes ship one log, each event once, and call none of it a failure.',
    fault: 'A conflict was told as a failure.',
  },
  {
    id: 'archive.close',
    behaviour: 'Closing ships what is left, at the latest until its deadline, and leaves no timer.',
    fault: 'Closing ended without shipping; the wait after a failure went on.',
  },
  {
    id: 'archive.close-silent',
    behaviour:
      'Closing ends at its deadline although the archive gives no answer at all, and says what is left.',
    fault: 'How far the archive is behind was asked of the archive.',
  },
  {
    id: 'archive.status',
    behaviour:
      'How many events are not archived, how old the oldest is, since when and why none can be is told at once, whatever is away.',
    fault: 'The archive was asked where it ends.',
  },
  {
    id: 'archive.refused',
    behaviour:
      'An event that an archive refuses on its own, three times, is put aside among the dead letters, told and counted; another in its place says so, and archiving goes on.',
    fault: 'It was tried without end; a batch of which no event was named was not made smaller.',
  },
  {
    id: 'archive.refuses-all',
    behaviour:
      'An archive that refuses whatever it is given loses nothing: events wait, and go into it once it takes them.',
    fault: 'The letter was written before the archive took what stands in for the event.',
  },
  {
    id: 'archive.refused-unanswered',
    behaviour:
      'An event is kept among the dead letters also where the archive took what stands in for it and the answer was lost.',
    fault: 'Only an answer counted: the event was gone, and nobody was told.',
  },
  {
    id: 'archive.refused-letter',
    behaviour:
      'Nothing is archived behind an event that was put aside before its letter is kept, by this process or the next.',
    fault: 'The next process did not look at the last archived event.',
  },
  {
    id: 'archive.refused-waits',
    behaviour: 'Where nobody keeps dead letters a refused event is not put aside.',
    fault: 'It was put aside all the same.',
  },
  {
    id: 'archive.other-log',
    behaviour: 'An archive that is ahead, has other events, or has a hole to the log is refused.',
    fault: 'Only the ends were compared; the hole was not looked for.',
  },
  {
    id: 'archive.options',
    behaviour: 'Options that cannot be meant are refused.',
    fault: 'They were not checked.',
  },
];
