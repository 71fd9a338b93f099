import type { Requirement } from '../requirement.js';

export const definitionRequirements: readonly Requirement[] = [
  {
    id: 'definition.formats',
    behaviour: 'The same mob in TOML, with its id in `[mob]`, and in JSON gives the same definition.',
    fault: 'The short spelling of the orchestrator was passed on as it is.',
  },
  {
    id: 'definition.broken-text',
    behaviour: 'Text that is no TOML or no JSON gives one diagnostic with line and column.',
    fault: 'Text after the JSON value was not looked at.',
  },
  {
    id: 'definition.shape',
    behaviour: 'A value of the wrong shape is reported with its path, its place and what to give instead.',
    fault: 'The whole definition was shown in place of the wrong value.',
  },
  {
    id: 'definition.lines',
    behaviour:
      'Diagnostics of TOML point at the key they are about, whatever the spelling of tables, strings and lists.',
    fault: 'Quotes before the end of a multi-line string were not skipped.',
  },
  {
    id: 'definition.json-lines',
    behaviour: 'Diagnostics of JSON have the path and the place that the JSON document has.',
    fault: 'JSON was given the paths of TOML.',
  },
  {
    id: 'definition.unknown-keys',
    behaviour: 'Keys for later versions are kept; a key that nothing can read is a warning.',
    fault: 'An unknown key was made an error.',
  },
  {
    id: 'definition.stored-form',
    behaviour: 'A definition comes back from the ledger equal to what was written, or is refused.',
    fault: 'Dates of TOML were kept as objects.',
  },
  {
    id: 'definition.profiles',
    behaviour:
      'Profiles are checked: names, the skills they use, the orchestrator, the notification threshold.',
    fault: 'Names that every object inherits counted as skills.',
  },
  {
    id: 'definition.members',
    behaviour: 'The first roster is checked: identities, duplicates, profiles that exist and have comms.',
    fault: 'An identity of 101 characters was taken.',
  },
  {
    id: 'definition.roles',
    behaviour: 'Wiring, topology and supervisor may name only roles that exist.',
    fault: 'The second role of a wiring rule was not looked at.',
  },
  {
    id: 'definition.spawn-policy',
    behaviour: 'A spawn policy may name only identities that can be and profiles that exist.',
    fault: 'The map of a spawn policy was not looked at.',
  },
  {
    id: 'definition.output-schema',
    behaviour: 'The root of an output schema is an object.',
    fault: 'Any JSON Schema was taken.',
  },
  {
    id: 'definition.event-router',
    behaviour: 'The keys of the event router have the shape they need.',
    fault: 'A buffer of no events was taken.',
  },
  {
    id: 'definition.backend',
    behaviour: 'External members need a backend whose addresses can be reached.',
    fault: 'The wildcard of IPv6 was taken for an address.',
  },
  {
    id: 'definition.flows',
    behaviour: 'Flat flow steps are checked: roles, dependencies, cycles, depth, quorums, branches.',
    fault: 'Longer cycles were let pass.',
  },
  {
    id: 'definition.changes',
    behaviour:
      'The difference of two definitions is every place they differ in, sorted; none for another key order.',
    fault: 'Places in lists were sorted as text.',
  },
  {
    id: 'definition.skill-files',
    behaviour: 'Skills that are files become part of the definition; each one missing is reported.',
    fault: 'Skill files were looked for in the working directory.',
  },
  {
    id: 'definition.line-format',
    behaviour: 'A diagnostic is one line: file, line, column, severity, code, path, message.',
    fault: 'Colons were written for a line and column that are absent.',
  },
  {
    id: 'model.fallback',
    behaviour: 'The scripted model serves every model name and answers `ok` when no rule matches.',
    fault: 'Without a matching rule the answer was empty.',
  },
  {
    id: 'model.rules',
    behaviour: 'The first rule whose role, identity and pattern all match plays.',
    fault: 'The identity of a rule was not compared.',
  },
  {
    id: 'model.steps',
    behaviour: 'Each model call after a message is answered by the next step, then by an empty answer.',
    fault: 'Answers to earlier messages were counted as steps.',
  },
  {
    id: 'model.placeholders',
    behaviour:
      'Answers repeat the message and groups of its patterns, in texts and in arguments of any depth.',
    fault: 'The oldest match of `seen` was taken.',
  },
  {
    id: 'model.join',
    behaviour: 'A rule can wait for several messages about the same thing since the latest that began it.',
    fault: '`since` was ignored.',
  },
  {
    id: 'model.stream',
    behaviour: 'The scripted model streams words, counts them as tokens and always answers the same.',
    fault: 'Text was streamed in one piece.',
  },
  {
    id: 'model.abort',
    behaviour: 'An aborted request ends the stream of the scripted model by an error.',
    fault: 'The signal was not looked at.',
  },
  {
    id: 'model.script-errors',
    behaviour: 'A broken script is refused with its line and column, or with the rule and the field.',
    fault: 'Groups that a `seen` pattern does not have were let pass.',
  },
  {
    id: 'model.test-client',
    behaviour: 'The test client answers `ok` and ends the turn without a usage event.',
    fault: 'A usage event was sent before the end.',
  },
  {
    id: 'model.delayed',
    behaviour: 'The delayed test client waits by its clock, and stops waiting when aborted.',
    fault: 'The wait did not hear of the abort.',
  },
  {
    id: 'model.demo',
    behaviour:
      'The demo team takes an incident from the lead through specialists and scribe back to the lead.',
    fault: 'The lead joined findings of an earlier report of the same incident.',
  },
];
