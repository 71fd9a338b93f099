import type { Requirement } from '../requirement.js';

/** The shape a mob should have: planned, made and kept. */
export const shapeRequirements: readonly Requirement[] = [
  {
    id: 'shape.reconcile',
    behaviour:
      'A reconcile spawns who is missing, retires who is not desired and retains the rest; with the same desired roster again it retains all; the hooks are called once.',
    fault: 'The hook got those retained beside those spawned.',
  },
  {
    id: 'shape.report',
    behaviour:
      'A member that cannot be spawned keeps no other; the report says which and why, the error hook is told, and what is left undone is counted.',
    fault: 'The failure of a spawn was not told.',
  },
  {
    id: 'shape.checked',
    behaviour: 'A desired roster with a blank identity is refused before anything is changed.',
    fault: 'What was desired was not checked.',
  },
  {
    id: 'shape.routes',
    behaviour:
      'Each working member has a route where a router takes routes; it goes with the member, and other routes stay.',
    fault: 'Routes of those who are gone stayed.',
  },
  {
    id: 'shape.no-router',
    behaviour: 'Without a router nothing is routed, and the report says that there is none.',
    fault: 'The report said that there is one.',
  },
  {
    id: 'shape.expect',
    behaviour: 'A reconcile that names the plan it was shown is refused when the plan is another one now.',
    fault: 'The name of the plan was not looked at.',
  },
  {
    id: 'shape.stopped',
    behaviour: 'A mob that does not run is not reconciled by half: nothing is changed.',
    fault: 'The state of the mob was not asked for.',
  },
  {
    id: 'shape.serial',
    behaviour: 'Changes of the shape are made one after the other, in the order they are asked for.',
    fault: 'They ran at the same time.',
  },
  {
    id: 'shape.plan',
    behaviour:
      'A plan says with reasons who is spawned, retained and retired and which wires and routes change, is plain data, and does nothing.',
    fault: 'Members that differ from what is desired were not marked.',
  },
  {
    id: 'shape.plan-auto-wiring',
    behaviour:
      'A plan knows which wires come with a member as it is spawned, and does not count them as its own.',
    fault: 'They were planned as wires to make.',
  },
  {
    id: 'shape.converges',
    behaviour:
      'From any state one reconcile is enough: the plan after it is empty, and no wire of somebody else is gone.',
    fault: 'A wire taken away behind our back was taken for one that is there.',
  },
  {
    id: 'shape.edges-empty',
    behaviour: 'Without a source of edges no wire is touched, and the report is empty.',
    fault: 'The start kept a report although nobody says which wires are desired.',
  },
  {
    id: 'shape.edges-skipped',
    behaviour: 'A desired wire to somebody who is no member is skipped, and makes the report incomplete.',
    fault: 'A wire that was skipped did not count.',
  },
  {
    id: 'shape.edges-preexisting',
    behaviour: 'A wire that somebody else made is never claimed, and stays when it is not desired any more.',
    fault: 'A wire found there was claimed.',
  },
  {
    id: 'shape.edges-unwire',
    behaviour: 'A managed wire that is not desired any more is taken away.',
    fault: 'It was forgotten instead.',
  },
  {
    id: 'shape.edges-unwire-retried',
    behaviour: 'A wire that could not be taken away stays managed, and the next pass tries again.',
    fault: 'It was released although it was not unwired.',
  },
  {
    id: 'shape.edges-heal',
    behaviour:
      'A managed wire that somebody took away is made again while it is desired, and forgotten when it is not.',
    fault: 'It stayed managed for ever.',
  },
  {
    id: 'shape.edges-restart',
    behaviour:
      'Which wires are managed outlives the process: none is forgotten, and none of somebody else adopted.',
    fault: 'What was kept of managed wires was not read.',
  },
  {
    id: 'shape.edges-crash',
    behaviour: 'A wire whose making was cut short is managed after a restart, whether it was kept or not.',
    fault: 'A wire was claimed only after it was made.',
  },
  {
    id: 'shape.edges-claimed',
    behaviour:
      'The wires of one entry are claimed together, and one that cannot be claimed keeps none of the others.',
    fault: 'They were claimed one by one; a claim that failed was not tried for each.',
  },
  {
    id: 'shape.edges-batch',
    behaviour:
      'Wires are made in one entry of the ledger; one that cannot be made keeps no other, and is not managed.',
    fault: 'A wire that was refused stayed managed.',
  },
  {
    id: 'shape.bootstrap',
    behaviour:
      'A start runs the pre-spawn hook, discovers, spawns who is missing in that order, calls the post-spawn hook and wires; it retires nobody, and an incomplete wiring is told and no reason to fail.',
    fault: 'The post-spawn hook was called with everybody who was discovered.',
  },
  {
    id: 'shape.bootstrap-undone',
    behaviour: 'A start that fails takes back the members it spawned and the wires it made.',
    fault: 'The wires stayed.',
  },
  {
    id: 'shape.rediscover',
    behaviour:
      'A rediscovery resets the mob, spawns and wires what is discovered now, and manages those wires alone.',
    fault: 'The mob was not reset.',
  },
  {
    id: 'shape.rediscover-safe',
    behaviour:
      'A rediscovery whose source fails, or answers what no mob can be made of, leaves the mob as it is and is told.',
    fault: 'Profiles were not looked at before the reset.',
  },
  {
    id: 'shape.rediscover-none',
    behaviour: 'Without a source of members a rediscovery answers nothing and does nothing.',
    fault: 'No source was taken for one that wants nobody.',
  },
  {
    id: 'shape.rediscover-serial',
    behaviour: 'Rediscoveries are made one at a time.',
    fault: 'They ran at the same time.',
  },
  {
    id: 'shape.source-time',
    behaviour:
      'A source that does not answer is given up on after the time limit, and at once when the runtime ends.',
    fault: 'The end of the runtime did not reach the source.',
  },
  {
    id: 'shape.contract',
    behaviour: 'What a source answers is held to its contract, whoever wrote it.',
    fault: 'It was taken as it came.',
  },
  {
    id: 'shape.drift',
    behaviour:
      'A member or a managed wire that is gone behind the runtime is noticed by the ledger and told once, and nothing is changed unless it should converge.',
    fault: 'What was told was not let go of.',
  },
  {
    id: 'shape.drift-after-reset',
    behaviour:
      'Members that came with a rediscovery are missed when they are gone, also when its reset is heard late, and so are those of a mob whose reset was refused.',
    fault: 'A reset that was heard late let go of everybody.',
  },
  {
    id: 'shape.converge-last',
    behaviour: 'What a source says last is done, also when it changes just as a reconcile ends.',
    fault: 'It was still taken for converging until its promise had settled.',
  },
  {
    id: 'shape.unwatch-throws',
    behaviour:
      'A source that throws as it is watched no longer is named in the shutdown report and keeps no other from being let go of.',
    fault: 'What it threw reached the end of the drift watch.',
  },
  {
    id: 'shape.begin-undone',
    behaviour:
      'A start that fails behind its shape leaves members, wires, claims and routes as they were, and what cannot be undone keeps nothing else.',
    fault: 'Routes were not taken away again.',
  },
  {
    id: 'shape.claims-fenced',
    behaviour: 'Once another engine has the mob, a reconcile under way writes no claim to a wire any more.',
    fault: 'Claims were released without asking whose the mob is.',
  },
  {
    id: 'shape.routes-unread',
    behaviour:
      'A reconcile whose routes cannot be read behind its members reports what it did, and that every route failed.',
    fault: 'What the router threw was thrown on.',
  },
  {
    id: 'shape.own-changes',
    behaviour: 'What the runtime does itself is no drift, and neither is a reset of the mob.',
    fault: 'A member that was retired through the runtime was missed.',
  },
  {
    id: 'shape.converge',
    behaviour:
      'To converge brings back what is gone and follows the source when it changed; the end of the runtime ends that.',
    fault: 'A source that changed was told of and not followed.',
  },
  {
    id: 'shape.converge-given',
    behaviour: 'Where no source says who should exist, what was asked for last is brought back.',
    fault: 'What was asked for was not kept.',
  },
  {
    id: 'shape.converge-backoff',
    behaviour:
      'A convergence that fails is tried again with growing pauses, once for all that drifted meanwhile.',
    fault: 'It was tried once.',
  },
  {
    id: 'shape.desired-changed',
    behaviour: 'That a source says otherwise now is told, and nothing is changed unless it should converge.',
    fault: 'It was not told.',
  },
];
