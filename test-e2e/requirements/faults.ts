import type { Requirement } from '../requirement.js';

/** What is kept when the parts mobkit rests on fail: `apps/faults`. */
export const faultsRequirements: readonly Requirement[] = [
  {
    id: 'faults.postgres-killed',
    behaviour:
      'Killing Postgres under load loses and repeats nothing acknowledged; a writer and a reader recover without being opened again.',
    fault: 'committed appends with synchronous_commit off',
  },
  {
    id: 'faults.tail-processes',
    behaviour:
      'A tailing reader sees every entry of several writing processes once, in order, without a hole.',
    fault: 'read the end of the log in a statement after that of the page',
  },
  {
    id: 'faults.tail-sqlite',
    behaviour: 'A tailing reader sees every entry of concurrent writers on SQLite once, in order.',
    fault: 'did not wake readers after an append',
  },
  {
    id: 'faults.lost-answer',
    behaviour: 'An append whose answer is lost in mid-commit may be tried again, and is kept once.',
    fault: 'said that a broken connection cannot be mended by a retry',
  },
  {
    id: 'faults.lost-commit',
    behaviour: 'Whoever loses the answer to a commit can find out whether all or nothing of it was done.',
    fault: 'said that a broken connection cannot be mended by a retry',
  },
  {
    id: 'faults.cut',
    behaviour:
      'Connections that are cut, slow or refused lose and repeat nothing, and a tail misses nothing.',
    fault: 'said that a broken connection cannot be mended by a retry',
  },
  {
    id: 'faults.spool-full',
    behaviour:
      'A spool on a full disk keeps what it holds, counts what is dropped, and goes on when there is room.',
    fault: 'took what a failed write had written for whole',
  },
  {
    id: 'simulation.seeds',
    behaviour:
      'Over a thousand seeds (twenty thousand at length) of bootstrap, traffic, shutdown and kill under faults of storage, engine and model, in virtual time: cursors are dense, the roster is the fold of the ledger, no run ends twice, no accepted message is forgotten, readers miss nothing without a gap, events add up, and no timer is left.',
    fault: 'Members were restored side by side, and opening failed while others were still read.',
  },
  {
    id: 'simulation.replay',
    behaviour: 'The same seed does the same again.',
    fault: 'Pauses before another try took their jitter from the machine.',
  },
  {
    id: 'simulation.finds',
    behaviour: 'Promises that are broken on purpose are noticed within fifty seeds.',
    fault: 'A second end of a run was not counted.',
  },
];
