import type { Requirement } from '../requirement.js';

export const lifecycleRequirements: readonly Requirement[] = [
  {
    id: 'lifecycle.table',
    behaviour:
      'Every command is taken in the states the table names and refused in all others before any other check, unknown names included.',
    fault: 'A command looked its member up before it looked at the state.',
  },
  {
    id: 'lifecycle.reads',
    behaviour: 'Roster, ledger, state and listeners can be read in every state, Destroyed included.',
    fault: 'Reading the ledger from 0 failed once the ledger was pruned.',
  },
  {
    id: 'lifecycle.ledger-effect',
    behaviour:
      'Stopping and resuming append nothing; completing and resetting append what the table says, members first, the end last.',
    fault: 'Completing said mob_completed before it retired its members.',
  },
  {
    id: 'lifecycle.stop',
    behaviour:
      'Stopping interrupts running turns, keeps sessions, ledger and waiting messages, and is still so when the mob is opened again; resuming works on what waited.',
    fault: 'That a mob was stopped was not kept.',
  },
  {
    id: 'lifecycle.stop-run-active',
    behaviour:
      'A mob is not stopped while a flow runs and stays Running; once that is cancelled it stops. A reset cancels flows itself.',
    fault: 'Stopping did not ask for active runs.',
  },
  {
    id: 'lifecycle.rpc',
    behaviour:
      'Stop, resume, complete, reset and destroy can be called over JSON-RPC, answer the state they led to, and take no params.',
    fault: 'The state was answered as it was before.',
  },
  {
    id: 'lifecycle.stop-retire',
    behaviour: 'Members of a stopped mob can be retired.',
    fault: 'Retiring was taken from Running only.',
  },
  {
    id: 'lifecycle.stop-in-doubt',
    behaviour: 'When the answer to a stop was lost, the next command finds out, and stopping again succeeds.',
    fault: 'A write without an answer counted as not kept.',
  },
  {
    id: 'lifecycle.stop-second-engine',
    behaviour: 'An engine that finds that another has stopped or resumed the mob steps down.',
    fault: 'The conflict was passed on without stepping down.',
  },
  {
    id: 'lifecycle.stop-from-tool',
    behaviour: 'A mob can be stopped while a tool of an agent runs that never ends.',
    fault: 'Stopping waited for turns to end by themselves.',
  },
  {
    id: 'lifecycle.resume',
    behaviour:
      'A mob that goes on works on what waits without a new kickoff, and turn-driven members stay idle.',
    fault: 'Members were not set to work again.',
  },
  {
    id: 'lifecycle.resume-failure',
    behaviour: 'A resume that fails leaves the mob Stopped; it can be tried again.',
    fault: 'The mob was Running before that was kept.',
  },
  {
    id: 'lifecycle.complete',
    behaviour:
      'Completing archives every session and says mob_completed last; the mob is still Completed when it is opened again.',
    fault: 'Sessions of retired members stayed open.',
  },
  {
    id: 'lifecycle.complete-in-doubt',
    behaviour: 'When the answer to a complete was lost, completing again succeeds and says nothing twice.',
    fault: 'A repeated command was refused by the state it had led to.',
  },
  {
    id: 'lifecycle.reset',
    behaviour:
      'Resetting from Running, Stopped or Completed empties the roster and runs again; cursors, generations and fences go on.',
    fault: 'The record of a stopped mob was left as it was.',
  },
  {
    id: 'lifecycle.reset-refused',
    behaviour: 'A reset that cannot retire somebody stops before the new beginning and may be called again.',
    fault: 'The new beginning was written although members were left.',
  },
  {
    id: 'lifecycle.reset-append-failure',
    behaviour: 'A reset whose new beginning cannot be kept leaves the mob Stopped, for the next process too.',
    fault: 'The mob went on Running without its members.',
  },
  {
    id: 'lifecycle.destroy',
    behaviour:
      'Destroying from Running, Stopped or Completed leaves no entry and no record of the mob, and is the end of the handle.',
    fault: 'Transcripts were left.',
  },
  {
    id: 'lifecycle.destroy-cursors',
    behaviour:
      'A mob created again under the id of a destroyed one goes on with cursors and fences; older cursors are stale.',
    fault: 'Fences of the next mob began at 1.',
  },
  {
    id: 'lifecycle.destroy-readers',
    behaviour: 'Whoever follows the ledger reads its last event before it is pruned.',
    fault: 'The ledger was pruned without waiting for its readers.',
  },
  {
    id: 'lifecycle.destroy-retry',
    behaviour:
      'A destroy that the storage cuts short says what is left, and calling it again removes that; members that could not be retired are named.',
    fault: 'A second call was refused because the mob was Destroyed.',
  },
  {
    id: 'lifecycle.destroy-nothing',
    behaviour: 'When not even the beginning of a destroy can be kept, the mob is as it was.',
    fault: 'Members were retired before the destroy was in the ledger.',
  },
  {
    id: 'lifecycle.destroy-crash',
    behaviour:
      'Opening a mob whose process died while destroying it finishes that first, says so and creates the mob anew; it is not opened while something is left.',
    fault: 'Opening revived the mob.',
  },
  {
    id: 'lifecycle.destroy-others',
    behaviour: 'Destroying a mob touches nothing of another one in the same storage.',
    fault: 'Records of every mob were removed.',
  },
  {
    id: 'lifecycle.ephemeral',
    behaviour: 'A storage that keeps nothing beyond the process is refused unless that is opted into.',
    fault: 'The storage was not asked.',
  },
  {
    id: 'lifecycle.orphan-sessions',
    behaviour: 'Opening archives open sessions that no member has and reports them.',
    fault: 'Sessions of members counted as orphans.',
  },
  {
    id: 'lifecycle.unreadable-sessions',
    behaviour:
      'A session that cannot be read does not keep a mob from opening: its member is broken, and one that nobody has is archived as it is, with a warning.',
    fault: 'An orphan session was parsed without looking whether it can be.',
  },
  {
    id: 'lifecycle.notify-orchestrator',
    behaviour: 'A resumed mob tells its orchestrator when asked to, and nobody otherwise.',
    fault: 'Every member was told.',
  },
  {
    id: 'lifecycle.no-beginning',
    behaviour: 'A ledger that does not begin with mob_created is not resumed.',
    fault: 'Entries before mob_created were passed over.',
  },
  {
    id: 'lifecycle.spawned-hides-session',
    behaviour: 'The public member_spawned never shows the session; the stored entry keeps it.',
    fault: 'The session was written into the event.',
  },
  {
    id: 'lifecycle.lease',
    behaviour:
      'On a storage of several processes a second engine is refused with the name of the first until that has shut down.',
    fault: 'Shutting down kept the lease.',
  },
  {
    id: 'lifecycle.lease-expired',
    behaviour:
      'The lease of an engine that died is free after six seconds without renewal, at once after a minute.',
    fault: 'A lease that was there was never taken over.',
  },
  {
    id: 'lifecycle.lease-lost',
    behaviour: 'An engine whose lease another has taken steps down, and leaves it to the other.',
    fault: 'A lost lease was told to nobody.',
  },
  {
    id: 'lifecycle.lease-renewed',
    behaviour: 'A lease outlasts a storage that is away for a while, and is given back when opening fails.',
    fault: 'Renewal ended with the first failure.',
  },
  {
    id: 'lifecycle.agent-events',
    behaviour:
      'The events of one member can be read from before its first turn on, numbered from 1 by source.',
    fault: 'Numbers counted the events of all members.',
  },
  {
    id: 'lifecycle.event-router',
    behaviour:
      'A stream of agent events has the types that the definition includes and does not exclude, and keeps as many as it says.',
    fault: 'The types to exclude were not looked at.',
  },
  {
    id: 'lifecycle.agent-events-all',
    behaviour:
      'A stream of all members follows those spawned and respawned later, each under its incarnation.',
    fault: 'Numbers went on over incarnations.',
  },
  {
    id: 'lifecycle.agent-events-lag',
    behaviour:
      'A reader that is too slow is told once, in their place, how many events it missed, and goes on.',
    fault: 'Every dropped event gave a marker of its own.',
  },
  {
    id: 'lifecycle.agent-events-side-by-side',
    behaviour: 'Every read of a stream of agent events is answered, also when several are asked for at once.',
    fault: 'Only the last of them was told of a new event.',
  },
  {
    id: 'lifecycle.agent-events-end',
    behaviour:
      'A stream of agent events ends by its signal, by break, and when the mob is destroyed or shut down.',
    fault: 'A destroyed mob left its streams open.',
  },
  {
    id: 'lifecycle.agent-events-unknown',
    behaviour: 'A stream of a member that is not there is refused at the call.',
    fault: 'The identity was not looked up.',
  },
  {
    id: 'lifecycle.run-failed',
    behaviour: 'A failing model is told as one run_failed, and the mob goes on Running.',
    fault: 'A failed run was told twice.',
  },
];
