import type { Requirement } from '../requirement.js';

export const mobRequirements: readonly Requirement[] = [
  {
    id: 'mob.create',
    behaviour:
      'Opening a mob for the first time leaves it Running, its whole definition first in the ledger, then the first roster in order.',
    fault: 'The first roster was spawned in reverse order.',
  },
  {
    id: 'mob.definition-invalid',
    behaviour: 'A definition with errors is refused with all of them, and nothing is written.',
    fault: 'Opening went on with errors in the diagnostics.',
  },
  {
    id: 'mob.definition-changed',
    behaviour:
      'A mob is not resumed with another definition than it was created from; the error lists the differences.',
    fault: 'Differences were ignored.',
  },
  {
    id: 'mob.resume',
    behaviour:
      'Resuming gives the same roster, wiring, kickoff phases and conversations, appends nothing and runs no first turn again.',
    fault: 'Conversations were opened empty.',
  },
  {
    id: 'mob.broken',
    behaviour:
      'A member whose session is missing or contradicts its record is broken: it is reported, takes no messages and can be retired; others work.',
    fault: 'A missing session was not told from other failures.',
  },
  {
    id: 'mob.lost-turn',
    behaviour:
      'A run that a crash cut off is reported once, ends as one run_failed and is not run again; messages that waited are worked on.',
    fault: 'Messages whose runs had begun were passed over on resume.',
  },
  {
    id: 'mob.leftover-message',
    behaviour:
      'What is kept for an earlier incarnation is removed at open with a warning; a run of it that had begun is reported as a lost turn of that incarnation.',
    fault: 'A message was given to whoever bears the name now.',
  },
  {
    id: 'mob.second-engine',
    behaviour:
      'Of two engines on one mob the one that finds the other in the ledger stops, says so, refuses commands and ends no run of the other.',
    fault: 'The engine reported the conflict and went on taking commands.',
  },
  {
    id: 'mob.first-message-fenced',
    behaviour:
      'A first message that a second engine has begun is not worked on again: the later engine finds the conflict and stops.',
    fault: 'The first message was begun over whatever version was kept.',
  },
  {
    id: 'mob.spawn',
    behaviour:
      'Spawning begins a session with the standard labels and appends member_spawned with generation, fence, role and mode.',
    fault: 'Labels of the application were left out of the session.',
  },
  {
    id: 'mob.spawn-refused',
    behaviour:
      'A taken identity, an unknown profile, one without comms, a reserved or malformed identity and one member too many are refused.',
    fault: 'One member more than the limit was let in.',
  },
  {
    id: 'mob.spawn-checked',
    behaviour:
      'Labels and instructions that are not texts, or labels that storage cannot hold, are refused with a TypeError that names the field.',
    fault: 'Labels were not checked.',
  },
  {
    id: 'mob.spawn-rollback',
    behaviour:
      'A spawn that the ledger does not take leaves no session, message, roster row, wire or generation behind.',
    fault: 'The session was kept in a commit of its own, before the ledger.',
  },
  {
    id: 'mob.lost-answer',
    behaviour:
      'A commit whose answer was lost is looked up in the ledger, so that the engine neither repeats it nor takes itself for another.',
    fault: 'The ledger forgot the append whose answer was lost.',
  },
  {
    id: 'mob.spawn-again',
    behaviour:
      'A spawn that failed in doubt and was kept answers with the member when it is repeated unchanged; a different one is told that the member exists.',
    fault: 'Spawns that failed in doubt were not remembered.',
  },
  {
    id: 'mob.auto-wiring',
    behaviour:
      'A new member is wired as the definition says, once to each, never to itself or to a broken member, in one event.',
    fault: 'Broken members were wired too.',
  },
  {
    id: 'mob.wire',
    behaviour: 'Wiring is mutual, and wiring again appends nothing.',
    fault: 'Existing wires were appended again.',
  },
  {
    id: 'mob.retire',
    behaviour:
      'Retiring ends the run, unwires, archives the session, removes waiting messages and the member in one commit; unknown ones are fine.',
    fault: 'The session was not archived.',
  },
  {
    id: 'mob.retire-all-messages',
    behaviour:
      'Retiring removes every message kept for the member, also one whose run could not be ended; the next incarnation takes messages as usual.',
    fault: 'No message was removed with its member.',
  },
  {
    id: 'mob.retire-in-doubt',
    behaviour:
      'While it is not known whether a retirement was kept, the member takes no message: none is accepted that the retirement then removes.',
    fault: 'A message was delivered without asking the ledger about its doubt.',
  },
  {
    id: 'mob.generation',
    behaviour:
      'An identity that comes back gets the next generation and every incarnation a greater fence, across restarts.',
    fault: 'Retiring forgot the last generation.',
  },
  {
    id: 'mob.kickoff',
    behaviour:
      'The first turn of an autonomous member goes pending, starting, then started or failed, each an event; turn-driven members have none.',
    fault: 'A first turn that failed was called cancelled.',
  },
  {
    id: 'mob.start',
    behaviour: 'No member works before the mob is started.',
    fault: 'Members worked before start.',
  },
  {
    id: 'mob.addressable',
    behaviour: 'Messages from outside reach only addressable members; internal ones reach all.',
    fault: 'Internal messages were refused as well.',
  },
  {
    id: 'mob.message-checked',
    behaviour:
      'The sender of a message is one line without a closing bracket, and it and the interaction id are text that storage can hold; else a TypeError names the field.',
    fault: 'A closing bracket was let through in the sender.',
  },
  {
    id: 'mob.one-run-each',
    behaviour:
      'Each message is one run, in the order of acceptance, one at a time for a member and side by side for several.',
    fault: 'Every wake began another loop beside the one that worked.',
  },
  {
    id: 'mob.begin-in-doubt',
    behaviour:
      'A run whose begin may have been kept is begun once when its member goes on after all; the engine does not take itself for another.',
    fault: 'The begin was written again without asking whether it was kept.',
  },
  {
    id: 'mob.interaction',
    behaviour:
      'The interaction id of a message is on every event of its run and of the runs of peers that it causes.',
    fault: 'Peer messages began an interaction of their own.',
  },
  {
    id: 'mob.interaction-end',
    behaviour:
      'A message from outside ends as one interaction_complete or interaction_failed behind its run and what was drawn from the answer, with both in it.',
    fault: 'The interaction ended without the structured output.',
  },
  {
    id: 'mob.interaction-steered',
    behaviour: 'A message from outside that a run reads on its way ends with that run.',
    fault: 'Only the message that the run began with had an end.',
  },
  {
    id: 'mob.interaction-dropped',
    behaviour:
      'Messages that are removed before anybody read them (their member retired, spawned again, reset or destroyed, its work cancelled) end as interaction_failed, which says why.',
    fault: 'Nobody was told of messages that went with their member.',
  },
  {
    id: 'mob.interaction-kept',
    behaviour: 'What waits through a stop and a shutdown has no end before it is read.',
    fault: 'A shutdown told the end of everything that waited.',
  },
  {
    id: 'mob.interaction-lost',
    behaviour:
      'The interaction of a run that a crash cut off ends as one interaction_failed behind its run_failed.',
    fault: 'A lost run had a run_failed alone.',
  },
  {
    id: 'mob.peers-only',
    behaviour:
      'An agent sees and reaches only the members it is wired to; a message to another is an error result that names it.',
    fault: 'Any member could be written to.',
  },
  {
    id: 'mob.tools-changed',
    behaviour:
      'A run whose tools of MCP servers are others than at the run before begins with one tool_config_changed that names all it has; what its profile does not allow is no change.',
    fault: 'The tools of every source counted, allowed or not.',
  },
  {
    id: 'mob.peer-description',
    behaviour: '`peers` describes a peer by the profile it was spawned with, not by that of the definition.',
    fault: 'The description was taken from the definition.',
  },
  {
    id: 'mob.turn-driven',
    behaviour:
      'Messages of peers wait for a turn-driven member until one from outside comes, and are worked on before it.',
    fault: 'Messages of peers were worked on at once.',
  },
  {
    id: 'mob.inbox-full',
    behaviour: 'Beyond 1024 waiting messages a member refuses more, retryably.',
    fault: 'Only messages being kept at that moment were counted.',
  },
  {
    id: 'mob.store-away',
    behaviour: 'The end of a run is told only when it is kept, and is kept as soon as the storage is back.',
    fault: 'The first failure was taken for final.',
  },
  {
    id: 'mob.shutdown',
    behaviour: 'Shutdown refuses commands, lets runs end and keeps waiting messages for the next process.',
    fault: 'Draining members went on with the next message.',
  },
  {
    id: 'mob.shutdown-deadline',
    behaviour: 'At the deadline runs are interrupted, named in the report and not run again.',
    fault: 'Nothing was interrupted at the deadline.',
  },
  {
    id: 'mob.shutdown-stopped',
    behaviour: 'The report of a shutdown does not name members whose runs a stop before it interrupted.',
    fault: 'Every member that was ever cut off was named.',
  },
  {
    id: 'mob.shutdown-not-begun',
    behaviour:
      'A member whose run the storage had not taken as begun is not named as interrupted; its message waits for the next process.',
    fault: 'Members that were told to stop while a run began were named.',
  },
  {
    id: 'mob.cursors',
    behaviour: 'Structural events are numbered densely from 1 and read by cursor, filtered in the store.',
    fault: 'The filter on the member was dropped.',
  },
  {
    id: 'mob.cursor-stale',
    behaviour: 'A cursor beyond the latest is refused with both numbers.',
    fault: 'The next cursor was taken for one that exists.',
  },
  {
    id: 'mob.tail',
    behaviour: 'A tail replays after its cursor and follows, each event once and in order.',
    fault: 'The tail began one event later.',
  },
  {
    id: 'mob.run-events',
    behaviour:
      'A run tells its events in the documented order, with turn_completed and usage for every turn.',
    fault: 'The usage of the last turn stood for that of the run.',
  },
  {
    id: 'mob.tools',
    behaviour:
      'Tools of one turn run side by side, answer in the order of the calls, and their failures go to the model.',
    fault: 'A tool that failed ended the run.',
  },
  {
    id: 'mob.llm-failed',
    behaviour:
      'A model that fails, or stops without saying why, ends the run with exactly one run_failed; the mob goes on.',
    fault: 'A stream without an end counted as an answer.',
  },
  {
    id: 'mob.turn-limit',
    behaviour: 'A run ends as failed after 100 turns.',
    fault: 'The limit was reported as an internal failure.',
  },
  {
    id: 'mob.history',
    behaviour:
      'Whatever is spawned, wired, unwired, retired, sent, steered, crashed and reopened in whatever order, also while the storage fails or loses answers: the mob runs on, nothing is kept for who is gone, the roster is the fold of the ledger, no accepted message is lost, no run and no interaction ends twice, and each ends once unless the process died in that moment.',
    fault: 'The message of a run that ended stayed in storage.',
  },
];
