import type { Requirement } from '../requirement.js';

/** What happens inside one run of one member. */
export const agentRequirements: readonly Requirement[] = [
  {
    id: 'mob.requested-turn',
    behaviour:
      'Whoever requests a turn of a member, turn-driven or not, learns how its run ended; tools taken away for it are back in the next.',
    fault: 'The tools of the turn were not those of the request.',
  },
  {
    id: 'mob.requested-turn-cancel',
    behaviour:
      'A requested turn is cancelled as soon as it runs, and taken back while it waits; each ends as cancelled, once.',
    fault: 'A turn that is just being begun was not cancelled.',
  },
  {
    id: 'mob.requested-turn-lost',
    behaviour: 'A requested turn of a member that is retired or shut down ends as cancelled, begun or not.',
    fault: 'Turns that had not begun were left without an end.',
  },
  {
    id: 'mob.requested-turn-kept',
    behaviour:
      'After a crash a requested turn that had begun is reported lost, and one that waited is worked on.',
    fault: 'Requested turns that waited were passed over on resume.',
  },
  {
    id: 'mob.llm-retry',
    behaviour:
      'A call of the model that may succeed later is made again up to three times, after growing pauses with chance in them or the pause the provider asks for; others, and pauses beyond five minutes, are not.',
    fault: 'The pause that the provider asks for was ignored.',
  },
  {
    id: 'mob.llm-silent',
    behaviour: 'A model that streams nothing for five minutes is given up and asked again.',
    fault: 'A silence that was too long was noticed and not acted on.',
  },
  {
    id: 'mob.llm-garbage',
    behaviour:
      'A model that streams what is no answer (unknown events, no text, arguments that are not JSON, one call twice) fails the run once, and the mob goes on.',
    fault: 'Events of unknown types were passed over.',
  },
  {
    id: 'mob.llm-endless',
    behaviour:
      'An answer that does not end is cut when it is too long, which fails the run; the mob goes on.',
    fault: 'The length of deltas was not counted.',
  },
  {
    id: 'mob.llm-refused',
    behaviour:
      'An answer that was cut, withheld or cancelled by the provider fails the run with its own error class; what was said is kept and no tool of it runs.',
    fault: 'The tools of a cut answer were run.',
  },
  {
    id: 'mob.tool-timeout',
    behaviour:
      'A tool that takes longer than its timeout is given up: its signal is aborted, an event says so, and the model sees an error.',
    fault: 'The signal of a tool was not aborted when its time was up.',
  },
  {
    id: 'mob.tool-result',
    behaviour: 'A tool that answers with anything but text is an error that the model sees.',
    fault: 'What a tool answered was passed on unchecked.',
  },
  {
    id: 'mob.tool-result-size',
    behaviour:
      'Of a result of more than 1,048,576 characters the start is kept, in whole characters, and that it was cut.',
    fault: 'A result was kept whatever its length.',
  },
  {
    id: 'mob.tool-arguments',
    behaviour:
      'A tool runs only with arguments that fit its input schema, also one that says it answers later; the model is told what does not. A schema that cannot be read checks nothing.',
    fault: 'A schema that says it answers later was compiled as it is.',
  },
  {
    id: 'mob.tool-access',
    behaviour:
      'A member sees every tool of its profile and is refused those that its access lists keep from it.',
    fault: 'A deny list was read as an allow list.',
  },
  {
    id: 'mob.step-kept',
    behaviour:
      'Each finished step of a run is in the transcript before the next begins: after a crash the session goes on from there, and what was lost is said.',
    fault: 'Steps were kept only at the end of a run.',
  },
  {
    id: 'mob.step-commits',
    behaviour: 'A run of one step is kept in one commit; each further step adds one.',
    fault: 'The last step was also kept by a commit of its own.',
  },
  {
    id: 'mob.step-in-doubt',
    behaviour:
      'When the answer to the commit of a step is lost, its messages are in the transcript once, kept or not.',
    fault: 'A step whose answer was lost was taken for kept.',
  },
  {
    id: 'mob.steer',
    behaviour:
      'What is to be read at once reaches the model at the end of the turn, ahead of what waits; a run that would have ended goes on with it.',
    fault: 'Steering messages were looked for only between turns that call tools.',
  },
  {
    id: 'mob.cancel-turn',
    behaviour:
      'A run is cancelled at its next boundary: the tools of its turn end, what was done is kept, and the run ends as cancelled, once.',
    fault: 'A cancellation outlived the run it was meant for.',
  },
  {
    id: 'mob.budget',
    behaviour:
      'A run ends when the tokens, the time or the tool calls of its member are used up, with a warning and the cause; so does each after it.',
    fault: 'What earlier runs used up was not counted.',
  },
  {
    id: 'mob.budget-warning',
    behaviour:
      'A member is warned once when four fifths of a budget are used up; what is used up outlives a restart.',
    fault: 'What was warned of by an earlier run was forgotten.',
  },
  {
    id: 'mob.output-schema',
    behaviour:
      'The answer of a run is drawn into the output schema of its profile or its turn: after run_completed, without tools and at temperature 0, told what was wrong, ending in exactly one extraction event; whoever waits for the turn gets the output.',
    fault: 'The output was not checked against the schema.',
  },
  {
    id: 'mob.output-schema-failed',
    behaviour:
      'An answer that fits its schema in none of three tries ends in one extraction_failed, and the run stays completed.',
    fault: 'The model was asked once more than it should be.',
  },
  {
    id: 'mob.hooks',
    behaviour:
      'Hooks of the host are called at every point of a run, the lower priority first, with what it is about.',
    fault: 'Hooks were called in the order they were given.',
  },
  {
    id: 'mob.hook-denied',
    behaviour: 'A guardrail that denies ends the run as one run_failed with its reason, and the mob goes on.',
    fault: 'A denial was told and not obeyed.',
  },
  {
    id: 'mob.hook-denied-tool',
    behaviour: 'A call, or the result of one, that a guardrail denies is an error that the model sees.',
    fault: 'Results were passed on although they were denied.',
  },
  {
    id: 'mob.hook-fails-closed',
    behaviour:
      'A guardrail that throws, takes longer than its timeout or would be given more than 128 KiB denies.',
    fault: 'A guardrail that failed let pass.',
  },
  {
    id: 'mob.hook-observes',
    behaviour: 'Nobody waits for an observer, and what it throws or decides changes nothing.',
    fault: 'A run waited for its observers.',
  },
  {
    id: 'mob.compaction',
    behaviour:
      'A conversation of 100,000 tokens goes to the model as a summary that it wrote and its last four turns, also after a restart; the transcript keeps all of it.',
    fault: 'What was compacted was not restored.',
  },
  {
    id: 'mob.compaction-threshold',
    behaviour:
      'Input tokens count once for a compaction, also those that came from a cache or went into one.',
    fault: 'Tokens of a cache were added to the input tokens they are among.',
  },
  {
    id: 'mob.compaction-failed',
    behaviour: 'When no summary can be had the conversation stays as it is, and the run goes on.',
    fault: 'A blank summary was taken for one.',
  },
];
