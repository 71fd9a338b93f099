import type { Requirement } from '../requirement.js';

/** What every engine of mobs promises, by `MobHandle`: the chapters of `describeMob`, on every store. */
export const engineRequirements: readonly Requirement[] = [
  {
    id: 'engine.create',
    behaviour: 'Is Running with one mob_created that holds the definition as it was given.',
    fault: 'The definition was put into the ledger without the keys that the engine does not know.',
  },
  {
    id: 'engine.refused',
    behaviour: 'Tells every error of a definition at once, and opens one that only has warnings.',
    fault: 'Only the first diagnostic was told.',
  },
  {
    id: 'engine.stop',
    behaviour:
      'Keeps sessions and ledger, refuses everything that changes the mob, unknown names too, and is still so after a restart.',
    fault: 'A stopped mob was Running again after a restart.',
  },
  {
    id: 'engine.stop-runs',
    behaviour: 'Does not stop while a flow runs, and does after it was cancelled.',
    fault: 'A mob with a running flow was stopped.',
  },
  {
    id: 'engine.resume',
    behaviour:
      'Lets autonomous members go on after a stop without another first turn, and leaves driven ones idle.',
    fault: 'A resumed mob gave autonomous members their first turn again.',
  },
  {
    id: 'engine.complete',
    behaviour: 'Retires everybody and says so last.',
    fault: '`mob_completed` was written before the members were retired.',
  },
  {
    id: 'engine.reset',
    behaviour: 'Empties the roster from Running, Stopped and Completed and goes on with the same cursors.',
    fault: 'Nobody was retired before the mark of a reset.',
  },
  {
    id: 'engine.reset-failed',
    behaviour: 'Is Stopped when the mark of a reset cannot be kept.',
    fault: 'A mob whose reset failed stayed Running.',
  },
  {
    id: 'engine.destroy',
    behaviour: 'Leaves nothing, for good, and a mob of its id begins anew behind its cursors.',
    fault: 'The ledger was kept.',
  },
  {
    id: 'engine.destroy-again',
    behaviour: 'Goes on with a destroy that the process before did not finish.',
    fault: 'An open that found `mob_destroying` took the mob for one that goes on.',
  },
  {
    id: 'engine.cold',
    behaviour:
      'Has roster, wiring, peers outside and first turns back after a restart, and one member broken leaves the others whole.',
    fault: 'Peers outside of the mob were not folded from the ledger.',
  },
  {
    id: 'engine.cold-runs',
    behaviour: 'Ends runs once that nobody carries out any more.',
    fault: 'Runs without an executor were left as running.',
  },
  {
    id: 'engine.spawn',
    behaviour: 'Tells of a new member with generation, fence, role and mode, and never of its session.',
    fault: '`member_spawned` did not carry the fence.',
  },
  {
    id: 'engine.spawn-refused',
    behaviour:
      'Refuses a second of a name, also while the first is not there yet, unknown profiles, those without comms and reserved names.',
    fault: 'The roster was not asked for a name that is taken.',
  },
  {
    id: 'engine.spawn-undone',
    behaviour: 'Leaves nothing of a spawn that could not be kept.',
    fault: 'What an append says was taken into the roster before it was kept.',
  },
  {
    id: 'engine.spawn-many',
    behaviour: 'Answers for each in the order given, and one that fails keeps no other.',
    fault: 'The first that failed ended the others.',
  },
  {
    id: 'engine.auto-wiring',
    behaviour:
      'Wires a new member to the orchestrator, to the roles of the rules, to its own and to who asked, each once and never to itself.',
    fault: 'The rules for a role with itself were left out.',
  },
  {
    id: 'engine.retire',
    behaviour: 'Unwires a member, removes it and says so once; one that nobody knows is a success.',
    fault: 'The wires of who is gone were left in its peers.',
  },
  {
    id: 'engine.retire-running',
    behaviour: 'Interrupts the turn of a member that is retired.',
    fault: 'The turn was neither interrupted nor waited for.',
  },
  {
    id: 'engine.respawn',
    behaviour:
      'Raises generation and fence, keeps role and labels and wires as before; the old fence is refused.',
    fault: 'The wires were not restored.',
  },
  {
    id: 'engine.member-reset',
    behaviour: 'Gives a member an empty session under the next generation, in one event, wired as it was.',
    fault: 'The session was kept.',
  },
  {
    id: 'engine.kickoff',
    behaviour:
      'Waits until first turns are over, tells who is late, and asks nothing of those who came after.',
    fault: 'The wait did not look at the first turns that run.',
  },
  {
    id: 'engine.reconcile',
    behaviour: 'Spawns who is missing, keeps who is there and retires the rest only when asked.',
    fault: 'Who is not desired was always retired.',
  },
  {
    id: 'engine.policy',
    behaviour: 'Spawns who is sent a message from outside and is in the policy, and nobody else.',
    fault: 'The policy of the definition was not read.',
  },
  {
    id: 'engine.addressable',
    behaviour: 'Takes messages from outside where the profile says so, and from within everywhere.',
    fault: 'The profile was not asked.',
  },
  {
    id: 'engine.blocks',
    behaviour: 'Hands blocks of text and pictures to the model as they were sent.',
    fault: 'Blocks that are no text were dropped on their way.',
  },
  {
    id: 'engine.wire',
    behaviour: 'Wires both ways with one event, however often, and unwires the same.',
    fault: 'Wiring the same pair again was written again.',
  },
  {
    id: 'engine.wire-many',
    behaviour: 'Wires many pairs in one event, all or none.',
    fault: 'A pair with a stranger was left out instead of refused.',
  },
  {
    id: 'engine.untrusted',
    behaviour: 'Lets only wired members talk, and takes back what waits when they are unwired.',
    fault: 'Messages that wait survived the end of the wire.',
  },
  {
    id: 'engine.peer-message',
    behaviour: 'Brings what one member says to the other with its name and the same interaction.',
    fault: 'A peer message began an interaction of its own.',
  },
  {
    id: 'engine.steer',
    behaviour: 'Reads a steered message within the turn that runs, and a queued one after it.',
    fault: 'A steered message waited for the next run.',
  },
  {
    id: 'engine.external',
    behaviour:
      'Keeps peers outside of the mob, refuses keys of zeros and another key under a name, and forgets them when told.',
    fault: 'A key of zeros was taken.',
  },
  {
    id: 'engine.cursors',
    behaviour: 'Numbers what happened from 1 without a hole, and reads after a cursor, at most so many.',
    fault: '`limit` was not handed on.',
  },
  {
    id: 'engine.stale',
    behaviour: 'Refuses a cursor beyond the latest, with both in the error, and takes the latest.',
    fault: 'A cursor beyond the latest was an empty page.',
  },
  {
    id: 'engine.tail',
    behaviour: 'Gives a reader what was kept after its cursor and then what comes, each once and in order.',
    fault: 'The reader began at its cursor instead of after it.',
  },
  {
    id: 'engine.run-sequence',
    behaviour: 'Tells of a run from its start to its end, in order.',
    fault: '`turn_completed` was left out.',
  },
  {
    id: 'engine.interactions',
    behaviour:
      'Tells the end of every message from outside once, behind the run that read it, and of no other run.',
    fault: 'Messages of peers had ends too.',
  },
  {
    id: 'engine.sources',
    behaviour: 'Names the life of the member that did it, also of one that came later or came again.',
    fault: 'The source was always generation 0.',
  },
  {
    id: 'engine.model-error',
    behaviour: 'Ends the run of a model that fails once, and the mob goes on.',
    fault: 'A run of a model that failed was told twice.',
  },
  {
    id: 'engine.flow-kept',
    behaviour: 'Keeps a run before it answers, and fails a step whose role nobody has.',
    fault: 'The answer did not wait until the run was kept.',
  },
  {
    id: 'engine.fan-out',
    behaviour: 'Gives a step to everybody of its role and keys what they answer by their names.',
    fault: 'Outputs were a list.',
  },
  {
    id: 'engine.dispatch',
    behaviour: 'Gives a step to the first by name alone, or gathers everybody in a list.',
    fault: '`one_to_one` asked everybody.',
  },
  {
    id: 'engine.collection',
    behaviour: 'Completes by one, by a quorum or by all, and fails with too few members for a quorum.',
    fault: '`any` wanted all.',
  },
  {
    id: 'engine.branch',
    behaviour: 'Lets one step of a branch win, skips the others and goes on behind it.',
    fault: 'Both steps of a branch ran.',
  },
  {
    id: 'engine.condition',
    behaviour: 'Skips a step whose condition does not hold, once, and those that wait for it.',
    fault: 'A condition was taken for true when its path was there.',
  },
  {
    id: 'engine.retries',
    behaviour: 'Asks again as often as the limit says, takes JSON in fences, and shows what was not JSON.',
    fault: 'A step was asked once, whatever the limit.',
  },
  {
    id: 'engine.timeout',
    behaviour: 'Fails a step that takes too long, and with no room for orphans cancels its turn.',
    fault: 'A timed-out turn was left running without room for orphans.',
  },
  {
    id: 'engine.duration',
    behaviour: 'Fails a run that takes longer than the limit.',
    fault: 'The length of a run was not limited.',
  },
  {
    id: 'engine.topology',
    behaviour:
      'Denies a step before it begins where the policy is strict, and tells of a violation in both modes.',
    fault: 'The first rule that matches won.',
  },
  {
    id: 'engine.templates',
    behaviour:
      'Fills paths in, takes what is not there yet for null, and fails a step whose template is wrong with its place.',
    fault: 'A path that is not there yet failed the step.',
  },
  {
    id: 'engine.schema',
    behaviour: 'Fails a step whose output is not what its schema says.',
    fault: 'The schema was not asked.',
  },
  {
    id: 'engine.loop',
    behaviour: 'Repeats until its condition holds, fails when it is used up, and stops at a body that fails.',
    fault: '`until` was not asked before the last iteration.',
  },
  {
    id: 'engine.cancel',
    behaviour: 'Ends a run once, in good time or after the grace, and does nothing to one that is over.',
    fault: 'A cancelled run was failed.',
  },
  {
    id: 'engine.escalation',
    behaviour: 'Tells the supervisor when so many steps failed in a row, not before.',
    fault: 'The failures in a row were not counted.',
  },
  {
    id: 'engine.overlay',
    behaviour: 'Offers a turn the tools of its step, and the next turn those of the profile again.',
    fault: 'The blocked tools of a step were offered.',
  },
  {
    id: 'engine.one-end',
    behaviour: 'Ends a run once whatever comes together.',
    fault: 'Cancelling wrote an end of its own, and nothing looked whether there was one.',
  },
  {
    id: 'engine.active-nodes',
    behaviour: 'Runs at most so many steps side by side.',
    fault: 'The limit of nodes was not kept.',
  },
];
