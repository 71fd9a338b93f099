import type { Requirement } from '../requirement.js';

export const flowRequirements: readonly Requirement[] = [
  {
    id: 'flow.check-frames',
    behaviour:
      'A flow with a root is checked: every step has one place in it, and what its nodes name is there; each finding has its line.',
    fault: 'Steps that stand in the flow twice were let pass.',
  },
  {
    id: 'flow.check-loops',
    behaviour: 'Loops must do something, end, and stand inside each other no deeper than allowed.',
    fault: 'The limit of the definition on nested loops was not looked at.',
  },
  {
    id: 'flow.check-references',
    behaviour: 'Templates and conditions that cannot work are warned of before the flow runs.',
    fault: 'Conditions within `not` were not looked into.',
  },
  {
    id: 'flow.check-schemas',
    behaviour:
      'A schema that is none is refused with the definition; JSON answers without a schema are warned of.',
    fault: 'Schemas were parsed and not compiled.',
  },
  {
    id: 'flow.schema-files',
    behaviour: 'Schemas that are files become part of the definition; one that cannot be used is reported.',
    fault: 'Files were not compiled as schemas.',
  },
  {
    id: 'flow.templates',
    behaviour:
      'A template shows text as it is and anything else as JSON, from params, steps and loop iterations, in the text blocks of a message.',
    fault: 'Texts were shown as JSON.',
  },
  {
    id: 'flow.single-output',
    behaviour: 'The answer of a step that asked one member can be read without the name of the member.',
    fault: 'Of several answers the first was taken.',
  },
  {
    id: 'flow.template-errors',
    behaviour: 'A broken template is refused with line, column and byte offset of what is wrong.',
    fault: 'The offset was counted in characters.',
  },
  {
    id: 'flow.absent-roots',
    behaviour:
      'What has not been produced yet is null in a template and makes a comparison false, in both by the same rules of paths.',
    fault: 'A comparison with null held for what is not there yet.',
  },
  {
    id: 'flow.path-faults',
    behaviour:
      'A key that a value does not have fails the step that names it, in templates and in conditions.',
    fault: 'Names that every object inherits counted as keys.',
  },
  {
    id: 'flow.conditions',
    behaviour: 'Conditions compare JSON, order numbers and texts, and ask no more than they need.',
    fault: 'A number was ordered against a text.',
  },
  {
    id: 'flow.message-limit',
    behaviour: 'A message that its values make longer than 1,048,576 characters fails the step.',
    fault: 'The limit was not looked at.',
  },
  {
    id: 'flow.order',
    behaviour:
      'A step starts when what it waits for has completed, and is skipped with the reason when that cannot happen any more.',
    fault: 'Skipped steps counted as completed.',
  },
  {
    id: 'flow.branches',
    behaviour: 'Steps of a branch try one after the other; when one completes the others are skipped.',
    fault: 'Siblings of a running step were started.',
  },
  {
    id: 'flow.loops',
    behaviour:
      'A loop runs its body until its condition holds and fails when it is used up or its body fails; loops within loops begin anew.',
    fault: 'The iterations of an inner loop went on counting.',
  },
  {
    id: 'flow.active-nodes',
    behaviour:
      'No more steps of a run are under way at once than `max_active_nodes`, those in loops included.',
    fault: 'Only steps outside of loops were counted.',
  },
  {
    id: 'flow.active-frames',
    behaviour:
      'No more loops run at once than `max_active_frames`, and loops within loops cannot wait for each other for ever.',
    fault: 'A loop within a loop needed a place of its own.',
  },
  {
    id: 'flow.schedule',
    behaviour:
      'Whatever steps come to in whatever order, none starts twice in an iteration, limits hold, and the run comes to an end.',
    fault: 'A step that failed was given out again.',
  },
  {
    id: 'flow.run',
    behaviour:
      'A run is kept before its id is answered; steps run in order, see what came before them, and tell the ledger.',
    fault: 'Messages were sent as they are written.',
  },
  {
    id: 'flow.fan-out',
    behaviour: 'A step asks every member of its role at once and gives one output keyed by identity.',
    fault: 'Members were asked one after the other.',
  },
  {
    id: 'flow.dispatch-modes',
    behaviour:
      '`one_to_one` asks the first member by identity; `fan_in` gives a list in the order of identities.',
    fault: 'Members were asked in the order they joined.',
  },
  {
    id: 'flow.missing-role',
    behaviour:
      'A step whose role nobody has fails; with `provision` a turn-driven member `__flow_<role>_<flow>` is spawned for it, once.',
    fault: 'Provisioned members were spawned as the profile says.',
  },
  {
    id: 'flow.provision-names',
    behaviour:
      'A flow that spawns for roles nobody has spawns one for each, also where two of them make one name.',
    fault: 'Whoever had the name already was taken for it, whatever the role.',
  },
  {
    id: 'flow.refused',
    behaviour:
      'Unknown flows and params that are not plain JSON, or hold whole numbers beyond 2^53 - 1, are refused, a mob that is not Running before all else; nothing begins.',
    fault: 'Whole numbers were taken whatever their size.',
  },
  {
    id: 'flow.policies',
    behaviour:
      'A step needs all answers, any, or a number of them; a quorum with too few members fails the run.',
    fault: 'A quorum with too few members waited for those there are.',
  },
  {
    id: 'flow.early',
    behaviour:
      '`any` and `quorum` go on as soon as enough have answered; the other turns are cancelled, and nothing is told of them that did not happen.',
    fault: 'The others were waited for.',
  },
  {
    id: 'flow.branch',
    behaviour:
      'Of a branch the step whose condition holds runs, the other is skipped, and what waits for any of them goes on.',
    fault: 'The condition of a step was not asked.',
  },
  {
    id: 'flow.fallback',
    behaviour:
      'When a step of a branch fails another may run; the run fails in the end, unless the failure is tolerated.',
    fault: 'Tolerance was not looked at.',
  },
  {
    id: 'flow.condition-false',
    behaviour: 'A step whose condition does not hold is skipped, told once, and so is what depends on it.',
    fault: 'A skipped step counted as completed.',
  },
  {
    id: 'flow.retries',
    behaviour:
      '`max_step_retries` says how often a step tries again; the reason of its failure shows the first 200 characters of the answer; JSON within a fence is JSON.',
    fault: 'Answers that cannot be used were not asked for again.',
  },
  {
    id: 'flow.output-format',
    behaviour: 'Answers are JSON when the step has a schema, else text; the step may say otherwise.',
    fault: 'Answers were JSON unless the step says otherwise.',
  },
  {
    id: 'flow.schema',
    behaviour: 'A step whose output as a whole is not what its schema says fails.',
    fault: 'The output was not held against the schema.',
  },
  {
    id: 'flow.independent',
    behaviour: 'Steps that do not depend on a failed one go on; the run fails in the end, with why.',
    fault: 'The first failure ended the run.',
  },
  {
    id: 'flow.side-by-side',
    behaviour: 'Runs go on side by side and are listed newest first, by flow and status.',
    fault: 'Runs were listed oldest first.',
  },
  {
    id: 'flow.incarnation',
    behaviour: 'Events of a step name the incarnation that was asked.',
    fault: 'Every target was generation 0.',
  },
  {
    id: 'flow.correlated',
    behaviour: 'Every turn of a run carries the id of the run as its interaction.',
    fault: 'Turns had interactions of their own.',
  },
  {
    id: 'flow.timeout',
    behaviour:
      'A step that takes too long fails and is not tried again; its turn goes on alone within the budget, which it gives back when it ends.',
    fault: 'The budget was never given back.',
  },
  {
    id: 'flow.timeout-cancels',
    behaviour: 'Without a budget for turns that go on alone, a turn that takes too long is cancelled.',
    fault: 'It was left running.',
  },
  {
    id: 'flow.orphan-share',
    behaviour: 'One run leaves at most half of the allowed turns behind, and at least one.',
    fault: 'One run could take all of them.',
  },
  {
    id: 'flow.max-duration',
    behaviour:
      'A run that takes longer than `max_flow_duration_ms` fails, what is under way is cancelled, and nothing of it is told.',
    fault: 'The run ended as canceled.',
  },
  {
    id: 'flow.topology-strict',
    behaviour:
      'A strict topology lets nothing be dispatched that it denies, says so and fails the run; the last rule that matches decides, wildcards too.',
    fault: 'The first rule that matches decided.',
  },
  {
    id: 'flow.topology-advisory',
    behaviour: 'An advisory topology says what it does not want, and the step goes on.',
    fault: 'Violations were told in strict mode only.',
  },
  {
    id: 'flow.broken-template',
    behaviour: 'A broken template fails its step with line and column before anybody is asked.',
    fault: 'Braces that are not closed were taken as text.',
  },
  {
    id: 'flow.repeat-until',
    behaviour:
      'A loop repeats until its condition holds; each iteration sees what the last came to, and the run keeps all of them.',
    fault: 'Only the last iteration was kept.',
  },
  {
    id: 'flow.loop-exhausted',
    behaviour: 'A run fails when a loop is used up, and at once when an iteration of it fails.',
    fault: 'A failed iteration was followed by the next.',
  },
  {
    id: 'flow.cancel',
    behaviour:
      'Cancelling a run cancels its turns, waits for them and ends it as canceled; a second time, or for nobody, it does nothing and says nothing.',
    fault: 'Turns under way were left running.',
  },
  {
    id: 'flow.cancel-forced',
    behaviour: 'A cancelled run ends after `cancel_grace_timeout_ms` although a turn does not let go.',
    fault: 'The grace never ended.',
  },
  {
    id: 'flow.cancel-over',
    behaviour: 'Cancelling a run that is over changes nothing.',
    fault: 'A run that is over was refused as unknown.',
  },
  {
    id: 'flow.supervisor',
    behaviour: 'The supervisor is told when `escalation_threshold` steps failed in a row, and not before.',
    fault: 'Every failure was told.',
  },
  {
    id: 'flow.supervisor-reset',
    behaviour: 'With `on_escalation = "reset"` every member is retired after the supervisor was told.',
    fault: 'Nobody was retired.',
  },
  {
    id: 'flow.supervisor-hung',
    behaviour:
      'A supervisor that is not there, fails, or does not answer in time fails the run, unless the failure is tolerated.',
    fault: 'A supervisor that did not answer counted as told.',
  },
  {
    id: 'flow.overlay',
    behaviour:
      'Tools chosen for a step hold for its turn only; members that work on their own refuse them before anybody is asked.',
    fault: 'They were passed on to members that work on their own.',
  },
  {
    id: 'flow.parallel-limit',
    behaviour: 'The limits of the definition bound how many members of one run work at once.',
    fault: 'The limits were not given to the schedule.',
  },
  {
    id: 'flow.crash',
    behaviour:
      'A run whose process died is ended once when the mob is opened again, told in the report, and its waiting turns are removed.',
    fault: 'Waiting turns of lost runs stayed.',
  },
  {
    id: 'flow.shutdown',
    behaviour: 'A shutdown lets turns of runs end in time, begins no other, and ends the runs as failed.',
    fault: 'Runs were left to the next process.',
  },
  {
    id: 'flow.idle',
    behaviour: 'A run counts as work until it is over.',
    fault: 'Only turns counted.',
  },
  {
    id: 'flow.outage',
    behaviour:
      'Runs wait for a storage that is away and tell everything once when it is back, also when answers were lost.',
    fault: 'An append whose answer was lost was made again.',
  },
  {
    id: 'flow.one-writer',
    behaviour: 'A run that somebody else has written is not written over: the engine steps down.',
    fault: 'The version of the record was not expected.',
  },
  {
    id: 'flow.bounds',
    behaviour: 'Answers up to 262,144 characters and runs up to 2,097,152 are kept; what is larger fails.',
    fault: 'The room of a run was not counted.',
  },
  {
    id: 'flow.one-end',
    behaviour:
      'A run ends exactly once, in the run and in the ledger alike, and nothing of it comes after, whatever completes, fails and cancels at once.',
    fault: 'Runs that had failed were ended again when the mob was opened.',
  },
  {
    id: 'flow.lifecycle',
    behaviour:
      'A mob cannot be stopped while a flow runs; completing, resetting or destroying it cancels its runs, and destroying removes them.',
    fault: 'A mob was completed while its runs went on.',
  },
  {
    id: 'flow.unknown',
    behaviour: 'The command line makes no mob for a flow that the mob does not have.',
    fault: 'The flow was looked for when the mob ran.',
  },
  {
    id: 'flow.demo',
    behaviour:
      'The demo flow runs offline from the command line, from a draft over two rounds of review to the printed text; lines for people, or JSON, and exit code 0.',
    fault: 'The loop of the demo was over after its first iteration.',
  },
  {
    id: 'flow.params-file',
    behaviour:
      '`run --params @FILE` takes the params from a file; one that is absent or not JSON is named, with exit code 2.',
    fault: 'What stands behind the @ was taken for JSON.',
  },
  {
    id: 'flow.progress',
    behaviour:
      'On a terminal a run is shown with a line for each step, drawn anew as it goes on; without room for all, and without their control characters, as a list.',
    fault: 'The lines were not taken back before they were drawn again.',
  },
  {
    id: 'flow.killed',
    behaviour:
      'A run whose server was killed has failed, once, when the server is back, and whoever followed it was told that the server went away.',
    fault: 'Runs of an earlier process were not looked for.',
  },
  {
    id: 'flow.interrupted',
    behaviour: 'Ctrl-C cancels the run that is being followed, shows that it was, and exits with 1.',
    fault: 'The run was left alone and the process ended.',
  },
];
