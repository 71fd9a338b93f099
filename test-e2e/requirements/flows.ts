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
];
