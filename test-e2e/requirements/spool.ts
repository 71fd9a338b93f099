import type { Requirement } from '../requirement.js';

/** Events on disk between ingestion and the log: `packages/event-log`. */
export const spoolRequirements: readonly Requirement[] = [
  {
    id: 'spool.order',
    behaviour: 'A spool gives back what it was given, in order, until it is settled.',
    fault: 'settled one event fewer than it was told',
  },
  {
    id: 'spool.reopen',
    behaviour: 'After a restart a spool has what was not settled, and says how many they are.',
    fault: 'wrote no checkpoint',
  },
  {
    id: 'spool.reopen-within',
    behaviour: 'A spool goes on in the middle of a file after a restart.',
    fault: 'counted as lost what was read and is settled',
  },
  {
    id: 'spool.segments',
    behaviour: 'A file of the spool goes when all of it is settled.',
    fault: 'kept every file but the last',
  },
  {
    id: 'spool.private',
    behaviour: "The directory and files of a spool are nobody else's.",
    fault: 'made segments with 0644',
  },
  {
    id: 'spool.torn',
    behaviour: 'A write that a crash cut off is removed and said, and what is whole goes on.',
    fault: 'said nothing of what was cut off',
  },
  {
    id: 'spool.torn-garbage',
    behaviour: 'Garbage after the last event is removed.',
    fault: 'left what cannot be read at the end of the last file',
  },
  {
    id: 'spool.damage',
    behaviour: 'A damaged event is skipped, said by file and byte, and counted.',
    fault: 'took every checksum for right',
  },
  {
    id: 'spool.damage-length',
    behaviour: 'The length in a damaged frame is not trusted; the next whole event is found.',
    fault: 'went on at the end of the file after damage',
  },
  {
    id: 'spool.damage-running',
    behaviour: 'Damage that happens while the spool is open is noticed.',
    fault: 'told nobody of damage found while reading',
  },
  {
    id: 'spool.read-bytes',
    behaviour: 'A spool reads no more ahead than some megabytes.',
    fault: 'did not count bytes while reading',
  },
  {
    id: 'spool.gap',
    behaviour: 'A gap keeps its place in the spool and counts as no event.',
    fault: 'did not settle the gap with what follows it',
  },
  {
    id: 'spool.full',
    behaviour: 'A spool at its size limit takes nothing of a write, and takes again when there is room.',
    fault: 'did not look at the limit',
  },
  {
    id: 'spool.locked',
    behaviour: 'One process uses a spool at a time.',
    fault: 'took no lock',
  },
  {
    id: 'spool.config',
    behaviour: 'An option of the spool that cannot be is refused by name.',
    fault: 'let any fsync policy pass',
  },
  {
    id: 'spool.checkpoint',
    behaviour: 'A spool whose checkpoint cannot be read is replayed from its beginning.',
    fault: 'did not look at the checksum of the checkpoint',
  },
  {
    id: 'spool.killed',
    behaviour: 'What was said to be spilled is there after SIGKILL, in order, none twice.',
    fault: 'said that events were spilled before they were written',
  },
  {
    id: 'spool.empty-file',
    behaviour: 'A file that the file system emptied costs its own events, and is said.',
    fault: 'took an empty file for the end of the spool',
  },
  {
    id: 'spool.read-failure',
    behaviour: 'A file that cannot be read for a while costs nothing.',
    fault: 'threw away what was read before the failure',
  },
];
