import type { Requirement } from '../requirement.js';

/** What every store of sessions promises; the kit's `describeSessionStore` asks it of each. */
const contract: readonly Requirement[] = [
  {
    id: 'sessions.rows',
    behaviour: 'Every row that was appended is given back, the oldest first, all or those of one session.',
    fault: 'The history of a session was the history of all.',
  },
  {
    id: 'sessions.repeat',
    behaviour: 'A row is added once however often it is appended, and stays in its place.',
    fault: 'Nothing looked whether a row is kept already.',
  },
  {
    id: 'sessions.own',
    behaviour: 'A row stays what it was when it was appended, whatever its caller does with its objects.',
    fault: 'Rows became text when their turn came.',
  },
  {
    id: 'sessions.latest',
    behaviour:
      'The latest row of a session is the one of the greatest time, also when an older one comes later.',
    fault: 'Whatever was appended last counted.',
  },
  {
    id: 'sessions.ties',
    behaviour: 'Of several rows of one time the one appended last counts, in the order of calls and arrays.',
    fault: 'The first of a time counted.',
  },
  {
    id: 'sessions.tombstones',
    behaviour: 'From its tombstone on a session is not live, until a later row brings it back.',
    fault: 'A tombstone was live.',
  },
  {
    id: 'sessions.pages',
    behaviour: 'Pages of sessions miss and repeat none, and the last one says so.',
    fault: 'A full page said that there are more.',
  },
  {
    id: 'sessions.history-pages',
    behaviour:
      'Pages of the history miss and repeat no row, those of one time included, and the last has no next.',
    fault: 'Every page had a next.',
  },
  {
    id: 'sessions.ids',
    behaviour: 'Any well-formed session id is taken for what it is; sessions are sorted by code point.',
    fault: 'Pages were sorted as a language sorts.',
  },
  {
    id: 'sessions.payloads',
    behaviour: 'A payload is given back as it was, whatever JSON says, key order included.',
    fault: 'The keys of payloads were sorted.',
  },
  {
    id: 'sessions.labels',
    behaviour: 'Labels of any name and any text are kept.',
    fault: 'Labels were assigned to an object, which loses one named __proto__.',
  },
  {
    id: 'sessions.rows-refused',
    behaviour: 'Rows are refused whole for one that cannot be kept, with a TypeError.',
    fault: 'The elements of arrays were not looked at.',
  },
  {
    id: 'sessions.queries-refused',
    behaviour:
      'A query with a wrong bound, an unknown field or a cursor of no page is refused with a TypeError.',
    fault: 'Any text was a cursor.',
  },
  {
    id: 'sessions.compact',
    behaviour:
      'Compacting removes rows that a later one has taken the place of, and changes no latest and no live row.',
    fault: 'Every row was marked as superseded when it was written.',
  },
  {
    id: 'sessions.compact-appends',
    behaviour: 'Compacting loses no row that is appended meanwhile.',
    fault: 'What is the latest was read first, and every other row removed later.',
  },
  {
    id: 'sessions.model',
    behaviour: 'After any appends, repeats and compactions a store answers as a list of all rows would.',
    fault: 'The second row of a session in an array was compared with what was kept before the array.',
  },
  {
    id: 'sessions.concurrent',
    behaviour: 'Concurrent writers of one process lose and double nothing.',
    fault: 'Appends ran side by side, and one that met another failed.',
  },
  {
    id: 'sessions.processes',
    behaviour: 'Writers in several processes lose and double nothing, where a store supports them.',
    fault: 'The latest row was put over whatever was there.',
  },
  {
    id: 'sessions.restart',
    behaviour: 'After a restart a durable store knows all it knew, ties and repeats included.',
    fault: 'Nothing looked whether a row is kept already.',
  },
];

/** Sessions in one JSON file. */
const file: readonly Requirement[] = [
  {
    id: 'sessions.file',
    behaviour:
      "The file has a row on each line, is replaced whole, is its owner's alone, and nothing lies beside it afterwards.",
    fault: 'The file was made with the mode that everybody may read.',
  },
  {
    id: 'sessions.file-array',
    behaviour: 'A file that holds a bare array of rows is read, with what may be left out, and written anew.',
    fault: 'Only an object with a version was read.',
  },
  {
    id: 'sessions.file-invalid',
    behaviour:
      'A file that is not JSON, no session file or of a newer release is refused by a typed error that names it, and stays as it is.',
    fault: 'What could not be parsed was taken for an empty file.',
  },
  {
    id: 'sessions.file-link',
    behaviour:
      'A link to a session file is followed: who writes by either name waits for the other, and the link stays one.',
    fault: 'The file was replaced where the link was, under a lock named after the link.',
  },
  {
    id: 'sessions.file-utf8',
    behaviour: 'A session file that is not UTF-8 is refused and left as it is.',
    fault: 'What was not UTF-8 was read as replacement characters, and written so.',
  },
  {
    id: 'sessions.file-bounded',
    behaviour: 'A file that grows too large lets superseded rows go, and refuses what does not fit then.',
    fault: 'Nothing was removed before refusing.',
  },
  {
    id: 'sessions.file-own',
    behaviour: 'An append that does not fit is refused alone; those that waited with it are kept.',
    fault: 'What was written together was refused together.',
  },
  {
    id: 'sessions.file-options',
    behaviour:
      'Options that cannot be meant, and a path that no file can have, are refused by a typed error.',
    fault: 'A lock of the same path as the file was taken.',
  },
  {
    id: 'sessions.lock-held',
    behaviour:
      'While another process writes, one that does not wait is refused, told who writes, and leaves the lock, however old it is.',
    fault: 'A lock of which the owner lives was taken over.',
  },
  {
    id: 'sessions.lock-killed',
    behaviour:
      'After a writer that was killed before its file was in place the rows are as before it; the next writer goes on and removes what it left.',
    fault: 'What a dead writer left was not removed.',
  },
  {
    id: 'sessions.lock-waits',
    behaviour: 'A writer waits for whoever writes, as long as it was told to.',
    fault: 'The wait ended at once.',
  },
  {
    id: 'sessions.lock-clock',
    behaviour: 'A writer waits as long as it was told to, also when the clock is set back meanwhile.',
    fault: 'The end of the wait was a time of day.',
  },
  {
    id: 'sessions.lock-owner',
    behaviour:
      'An owner is known by the start of its process beside its pid; one of another machine or container is not taken for dead.',
    fault: 'A process with the pid of the owner was the owner.',
  },
  {
    id: 'sessions.lock-foreign',
    behaviour: 'What is in the place of the lock and is none of ours is left alone.',
    fault: 'What named no owner was removed.',
  },
  {
    id: 'sessions.lock-recovered',
    behaviour: 'A lock can be taken over from whoever was killed while taking it over.',
    fault: 'The right to take over was asked for only once.',
  },
  {
    id: 'sessions.lock-late',
    behaviour: 'Of several who find a lock dead one takes it over; the others find its new owner and wait.',
    fault: 'The lock was replaced without looking whose it had become.',
  },
  {
    id: 'sessions.lock-processes',
    behaviour: 'Processes that write at once lose no row, also when the one before them died.',
    fault: 'Whoever found a lock went on as if it were its own.',
  },
];

/** What becomes of a mob's sessions, as rows. */
const mob: readonly Requirement[] = [
  {
    id: 'sessions.mob-rows',
    behaviour:
      'A session of a mob gets a row when it begins and when a run of it is kept, and a tombstone when it is archived, each later than the one before.',
    fault: 'The row of an archived session was no tombstone.',
  },
  {
    id: 'sessions.mob-newest',
    behaviour:
      'A slow session store holds no turn up; of the rows of one session that wait only the newest is written.',
    fault: 'A commit waited until its row was written.',
  },
  {
    id: 'sessions.mob-outage',
    behaviour:
      'A session store that is down is told of once, and once that it is back; what waited is written then.',
    fault: 'Every attempt was told of.',
  },
  {
    id: 'sessions.mob-refused',
    behaviour: 'A row that the session store refuses holds up none of the other sessions.',
    fault: 'A batch that was refused was tried again whole.',
  },
  {
    id: 'sessions.mob-open-run',
    behaviour:
      'What becomes of a session that was in the middle of a run at the start is later than the row that the store has.',
    fault: 'Nothing looked at the row of a session with an open run.',
  },
  {
    id: 'sessions.mob-restart',
    behaviour:
      'After a restart what was not written before is written, with a later time than the store has, and nothing again that was.',
    fault: 'The time of a row that was found missing did not look at the one that the store had.',
  },
  {
    id: 'sessions.mob-shared',
    behaviour: 'A start reads of a session store that others share only what is near its own sessions.',
    fault: 'All rows of everybody were read, a page at a time.',
  },
  {
    id: 'sessions.mob-close',
    behaviour:
      'Closing writes what waits, and ends by its deadline with the number of rows that were not written.',
    fault: 'Closing waited for nothing.',
  },
  {
    id: 'sessions.app',
    behaviour:
      'An app whose config names a session store writes rows there, lists them by `mobkit sessions`, and shows what became of one, over restarts.',
    fault: 'The engine was given the storage itself, which tells nobody.',
  },
  {
    id: 'sessions.config',
    behaviour:
      'A config names a file, from where it lies, or the storage; what cannot be meant is refused by name.',
    fault: 'The path was from where the app was started.',
  },
  {
    id: 'sessions.arguments',
    behaviour: 'The command line says which sessions are meant; what it cannot mean is refused.',
    fault: '`show` without an id listed all.',
  },
];

export const sessionStoreRequirements: readonly Requirement[] = [...contract, ...file, ...mob];
