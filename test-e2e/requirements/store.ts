import type { Requirement } from '../requirement.js';

/** What every store promises, by the contracts of core, and what the SQLite store promises beside. */
export const storeRequirements: readonly Requirement[] = [
  {
    id: 'store.dense',
    behaviour: 'A log numbers its entries densely from 1, in the order given.',
    fault: 'Each entry took the number two after the last.',
  },
  {
    id: 'store.duplicates',
    behaviour:
      'An entry whose id is kept, or came before in its batch, is named as a duplicate and leaves no hole.',
    fault: 'A duplicate used up a number.',
  },
  {
    id: 'store.verbatim',
    behaviour: 'Data comes back character for character.',
    fault: 'The data was parsed and written again.',
  },
  {
    id: 'store.integers',
    behaviour: 'Integers are exact, and found, up to the ends of what is safe.',
    fault: 'An integer was read as one of 32 bits.',
  },
  {
    id: 'store.text',
    behaviour: 'Texts that only look alike are different ids, partitions and values.',
    fault: 'The text columns of fields compared without regard to case.',
  },
  {
    id: 'store.filters',
    behaviour: 'Every condition of a query holds at once, from either end of the log.',
    fault: 'Only the first condition on the fields was asked for.',
  },
  {
    id: 'store.times',
    behaviour: 'A range of time finds every entry in it, however the times lie.',
    fault: 'A block of times was not widened by later appends.',
  },
  {
    id: 'store.frontier',
    behaviour: 'A page says how far it scanned past what does not match.',
    fault: 'A page scanned only as far as its last entry.',
  },
  {
    id: 'store.without-fields',
    behaviour: 'A reader who needs no fields gets the same entries, found by the same filters.',
    fault: 'Without fields the filter was not applied either.',
  },
  {
    id: 'store.expected-seq',
    behaviour: 'An append that expects another last seq is refused and stores nothing.',
    fault: 'An append did not compare `expectedLastSeq`.',
  },
  {
    id: 'store.first-seq',
    behaviour: 'An empty partition can begin at any seq, and only an empty one.',
    fault: '`firstSeq` was ignored when the log is empty.',
  },
  {
    id: 'store.repeat',
    behaviour: 'An append made again succeeds, whatever it expects.',
    fault: '`expectedLastSeq` was compared before duplicates were left out.',
  },
  {
    id: 'store.prune',
    behaviour: 'Pruning removes the oldest entries, up to the first that must stay.',
    fault: 'A bound in time was passed over.',
  },
  {
    id: 'store.seq-survives-prune',
    behaviour: 'No number is used again after everything was pruned.',
    fault: 'Pruning removed the counter of an emptied log.',
  },
  {
    id: 'store.stale-cursor',
    behaviour: 'A tailing reader whose entries are gone is told so.',
    fault: '`tail` read on without comparing its cursor with what is kept.',
  },
  {
    id: 'store.wakes',
    behaviour: 'A tailing reader that has caught up is woken by an append.',
    fault: 'Nobody was woken after a commit.',
  },
  {
    id: 'store.concurrent',
    behaviour: 'Concurrent appenders lose, double and reorder nothing under a tailing reader.',
    fault: 'One of the appenders left a hole before each of its batches.',
  },
  {
    id: 'store.replace',
    behaviour: 'A put replaces the record before it whole.',
    fault: 'A put updated the columns it names and kept the rest.',
  },
  {
    id: 'store.replace-newer',
    behaviour: 'A put by a process that knows fewer fields clears those it does not know.',
    fault: 'A put wrote the columns of its own definition alone.',
  },
  {
    id: 'store.key-order',
    behaviour: 'Records are listed by key in the order of code points.',
    fault: 'Keys were ordered without regard to case.',
  },
  {
    id: 'store.expected-version',
    behaviour: 'A put or delete that expects another version is refused.',
    fault: 'A put did not compare `expectedVersion`.',
  },
  {
    id: 'store.versions',
    behaviour: 'A key never has the same version twice, even after a delete.',
    fault: 'The version was one above that of the row replaced.',
  },
  {
    id: 'store.claim',
    behaviour: 'A due record is handed to one claimer, the longest due first.',
    fault: 'A claim did not look at the leases of others.',
  },
  {
    id: 'store.next-due',
    behaviour: 'A claim says when the next record will be due and free.',
    fault: 'The time to ask again did not wait for leases to end.',
  },
  {
    id: 'store.fence',
    behaviour: 'A holder whose lease was given on cannot write any more.',
    fault: 'A claim left the version as it was.',
  },
  {
    id: 'store.prepare',
    behaviour: 'A later version of a definition may add fields to what is kept.',
    fault: 'Columns were only made with the table.',
  },
  {
    id: 'store.atomic',
    behaviour: 'A commit of which one expectation fails leaves nothing behind.',
    fault: 'A failed transaction was committed.',
  },
  {
    id: 'store.reopen',
    behaviour: 'After closing and opening everything goes on where it was.',
    fault: 'Opening began the counters anew.',
  },
  {
    id: 'store.close',
    behaviour: 'A closed store refuses calls with a `TypeError` and lets no reader wait.',
    fault: 'Closing woke nobody.',
  },
  {
    id: 'store.event-verbatim',
    behaviour: 'An event comes back as it was stored, with all that was known about it.',
    fault: 'The position in the live streams was left out.',
  },
  {
    id: 'store.event-identity',
    behaviour: 'A member without a generation means all its incarnations.',
    fault: 'A member without a generation was looked for as an incarnation.',
  },
  {
    id: 'store.cursors',
    behaviour:
      'There is no cursor of a subscription until one is kept; each mob has its own, and the last one counts.',
    fault: 'The cursors of all mobs had one key.',
  },
  {
    id: 'store.labels-replaced',
    behaviour: 'Setting labels replaces those of the scope whole, and setting none removes them.',
    fault: 'Labels that are set were added to those kept.',
  },
  {
    id: 'store.metadata-restart',
    behaviour: 'Cursors, labels and managed wires are known after a restart.',
    fault: 'Cursors were kept in the process alone.',
  },
  {
    id: 'store.labels',
    behaviour: 'Labels of a mob and of its runs are kept apart.',
    fault: 'The labels of a run were kept under its mob.',
  },
  {
    id: 'store.edges',
    behaviour: 'A managed edge has no direction and is kept once.',
    fault: 'Edges were kept in the direction given.',
  },
  {
    id: 'store.edges-many',
    behaviour: 'A thousand managed edges are added in one call.',
    fault: 'Only the first commit of them was made.',
  },
  {
    id: 'sqlite.private',
    behaviour: 'The directory and its files can be read by their owner alone.',
    fault: 'The files were made with the default mode.',
  },
  {
    id: 'sqlite.one-owner',
    behaviour: 'A second owner of a directory is refused at once, with an error that names it.',
    fault: 'The lock was a shared one.',
  },
  {
    id: 'sqlite.crash',
    behaviour:
      'After SIGKILL of the owner the next is admitted at once and finds every append that returned.',
    fault: 'The owner wrote a file that says who it is, and a second one believed it.',
  },
  {
    id: 'sqlite.bad-directory',
    behaviour: 'A directory that is none is named in a typed error.',
    fault: 'The error of the file system was passed on.',
  },
  {
    id: 'sqlite.unwritable',
    behaviour: 'A directory or file that may not be written is named in a typed error.',
    fault: 'A file that cannot be opened counted as a refusal of SQLite.',
  },
  {
    id: 'sqlite.full',
    behaviour: 'A full disk is an error that a retry may mend, and nothing is half-written.',
    fault: 'A full disk counted as a refusal.',
  },
  {
    id: 'sqlite.full-disk',
    behaviour:
      'On a full disk writes are refused, reads go on, a crash costs nothing, and writes go on when there is room.',
    fault: 'An I/O error was never looked into for a full disk.',
  },
  {
    id: 'sqlite.rarest',
    behaviour: 'Of several conditions the one that matches the fewest entries is looked up.',
    fault: '`rarestField` took the first of the conditions.',
  },
  {
    id: 'sqlite.several-values',
    behaviour:
      'Any of several values is looked up value by value, and only the rows of the page are read whole.',
    fault: 'A condition of more than one value was not looked up.',
  },
  {
    id: 'sqlite.released',
    behaviour: 'A database that an earlier release wrote is read and gone on with.',
    fault: 'A migration began the counters of all logs anew.',
  },
  {
    id: 'sqlite.contents',
    behaviour: 'What is kept is told to a reader too; tables that others made in the file are passed over.',
    fault: 'A table was taken for a log by its columns alone, whatever its name.',
  },
  {
    id: 'sqlite.prune-beside',
    behaviour: 'Appends and tailing readers go on while the log is pruned, slice by slice.',
    fault: 'All that may go was removed by one transaction.',
  },
  {
    id: 'sqlite.wal',
    behaviour: 'What the WAL grew to under a reader is given back to the disk when that is gone.',
    fault: 'There was no limit on the WAL.',
  },
  {
    id: 'sqlite.read-brief',
    behaviour: 'A reader sees one moment per page and holds no checkpoint up between pages.',
    fault: 'A reader left its transaction open until the next read.',
  },
  {
    id: 'sqlite.columns',
    behaviour: 'Fields are real columns with an index that plain SQL uses.',
    fault: 'The partial indexes held the entries without the field.',
  },
  {
    id: 'sqlite.newer-columns',
    behaviour: 'An older version of a definition keeps the columns of a newer one.',
    fault: '`prepare` dropped the columns it does not know.',
  },
  {
    id: 'sqlite.newer-database',
    behaviour: 'A database of a newer version is refused.',
    fault: 'The version of the database was not compared.',
  },
  {
    id: 'sqlite.synchronous',
    behaviour: 'A commit is on the disk when it returns.',
    fault: '`synchronous` was `normal`.',
  },
  {
    id: 'sqlite.read-beside-owner',
    behaviour: 'A reader needs no lock: it reads beside an owner, and after one was killed.',
    fault: 'A reader took the lock of an owner.',
  },
  {
    id: 'sqlite.read-follow',
    behaviour: 'A reader hears of what another process appends.',
    fault: 'A reader listened to its own process alone.',
  },
  {
    id: 'sqlite.read-untouched',
    behaviour: 'A reader changes nothing in a directory without an owner.',
    fault: 'A file without a WAL was opened with locks.',
  },
  {
    id: 'sqlite.read-owner-returns',
    behaviour: 'A reader that came first sees what a later owner writes.',
    fault: 'An unlocked file was never looked at again.',
  },
  {
    id: 'sqlite.read-refuses-writes',
    behaviour: 'A reader refuses every write.',
    fault: 'A reader opened the file for writing too, and passed writes on to it.',
  },
  {
    id: 'sqlite.read-nothing',
    behaviour: 'A reader says that there is no database, and makes none.',
    fault: 'A reader prepared its directory as an owner does.',
  },
  {
    id: 'sqlite.read-failing',
    behaviour: 'A reader that can no longer look for appends says so once and wakes whoever waits.',
    fault: '#seenNow told the error at every look',
  },
  {
    id: 'store.contents',
    behaviour: 'A storage says which logs with which partitions, and which records, it holds.',
    fault: 'named partitions in the order they were made',
  },
  {
    id: 'store.dead-letters',
    behaviour: 'Dead letters are kept as they were and listed from the oldest, a page at a time.',
    fault: 'said that there are no more after a page',
  },
  {
    id: 'store.dead-letters-repeat',
    behaviour: 'A dead letter that is put again is kept once.',
    fault: 'put letters under a random key',
  },
  {
    id: 'store.dead-letters-prune',
    behaviour: 'Pruning removes every dead letter refused before a time.',
    fault: 'stopped pruning after the first page',
  },
  {
    id: 'store.event-checked',
    behaviour:
      'An event that cannot be kept is refused by the name of the field, and the batch it is in whole.',
    fault: 'took an undefined payload',
  },
  {
    id: 'store.query-checked',
    behaviour: 'A query of events with contradictory bounds or an unknown field is refused by its name.',
    fault: 'passed unknown fields on',
  },
  {
    id: 'store.event-prune',
    behaviour: 'The event log can be pruned by its contract.',
    fault: 'answered 0 without pruning',
  },
  {
    id: 'store.half-acknowledged',
    behaviour:
      'A batch of which others stored a part is completed in the order given, and may be sent again.',
    fault: 'A batch with a known entry counted as sent before.',
  },
  {
    id: 'store.hostile',
    behaviour: 'Unknown fields, odd spellings and text that looks like code are kept as written.',
    fault: 'Data was parsed and written again.',
  },
  {
    id: 'store.limits',
    behaviour: 'The greatest limit there is gives everything, from a log, from records and from a claim.',
    fault: 'The limit plus one overflowed.',
  },
  {
    id: 'store.large-data',
    behaviour: 'A mebibyte of text is kept in one entry and one record.',
    fault: 'Data was cut at a million characters.',
  },
  {
    id: 'store.large-batch',
    behaviour: 'Ten thousand entries are appended at once.',
    fault: 'A batch of more than 5,000 entries was refused.',
  },
  {
    id: 'store.large-filter',
    behaviour: 'A filter takes ten thousand values.',
    fault: 'Every value was a condition of its own.',
  },
  {
    id: 'store.clock-back',
    behaviour: 'Entries are numbered by arrival, and found by the time given, when the clock goes back.',
    fault: 'A range in time ended at the first entry past it.',
  },
  {
    id: 'store.overtaken',
    behaviour: 'A tailing reader that pruning overtook is told where the log is now.',
    fault: 'A page did not say what was pruned.',
  },
  {
    id: 'store.wakes-commit',
    behaviour: 'A commit wakes the readers of the partitions it appended to.',
    fault: 'Only an append woke readers.',
  },
  {
    id: 'store.claim-contention',
    behaviour: 'Each due record is handed to one of many claimers.',
    fault: 'Claimers who asked at once were given the same.',
  },
  {
    id: 'store.atomic-anywhere',
    behaviour: 'A commit leaves nothing behind, whichever of its expectations fails.',
    fault: 'The puts of a failed commit were kept.',
  },
  {
    id: 'store.contradictions',
    behaviour: 'Bounds that contradict each other and unknown fields are refused.',
    fault: 'A contradictory query was answered with nothing.',
  },
  {
    id: 'store.supports',
    behaviour: 'A store supports what its harness says.',
    fault: 'A durable store said that it is not.',
  },
  {
    id: 'store.resume',
    behaviour: 'A reader goes on from any cursor that was saved before a restart.',
    fault: 'Cursors began anew after a restart.',
  },
  {
    id: 'store.processes',
    behaviour: 'A reader follows what several processes append, without a gap.',
    fault: 'The end of a log was read in a statement after that of the page.',
  },
  {
    id: 'store.kill',
    behaviour: 'Every acknowledged batch is there, whole and in order, after SIGKILL of the writer.',
    fault: 'A batch was acknowledged before it was kept.',
  },
  {
    id: 'store.torn-commit',
    behaviour: 'No part of a commit is ever seen whose process was killed in it.',
    fault: 'A commit was written in two parts.',
  },
  {
    id: 'store.events-dense',
    behaviour: 'Events are numbered densely from 1, in the order given.',
    fault: 'Each event took the number two after the last.',
  },
  {
    id: 'store.events-concurrent',
    behaviour: 'Concurrent writers of events lose, double and reorder nothing.',
    fault: 'A page ended beyond what it read.',
  },
  {
    id: 'store.events-kill',
    behaviour: 'Every acknowledged batch of events is there after SIGKILL of the writer.',
    fault: 'A batch was acknowledged before it was kept.',
  },
  {
    id: 'store.event-refused',
    behaviour: 'An event that cannot be kept refuses its batch whole, and is named.',
    fault: 'An undefined payload was left out.',
  },
  {
    id: 'store.scopes',
    behaviour: 'No two scopes of labels are taken for one.',
    fault: 'The key of a scope was its names joined by a colon.',
  },
];
