import type { Requirement } from '../requirement.js';

/** What mobs that agents make promise. */
export const childrenRequirements: readonly Requirement[] = [
  {
    id: 'children.create',
    behaviour:
      'An agent with the tools for it makes a mob, looks at it, changes it and destroys it; each change is in the ledger of its own mob.',
    fault: 'What was done was not recorded.',
  },
  {
    id: 'children.access',
    behaviour:
      'Who did not make a mob is refused before anything it sent is looked at; in its own mob an agent may only spawn.',
    fault: 'The arguments were checked before the caller was.',
  },
  {
    id: 'children.gated',
    behaviour:
      "What is gated in any profile of an agent's own mob is gated in every profile of a mob it makes, the stricter tier.",
    fault: 'The definition was taken as the agent gave it; the tier of the agent won.',
  },
  {
    id: 'children.taken',
    behaviour: 'No mob is made under an id that is taken, nor of a definition that is none.',
    fault: 'Only mobs that agents made were looked for.',
  },
  {
    id: 'children.events',
    behaviour: 'What members of a mob do that an agent made is told to whoever hears the mob of that agent.',
    fault: 'The mob was opened without the listener.',
  },
  {
    id: 'children.restart',
    behaviour: 'Mobs that agents made are opened, shut down and destroyed with the mob of their owner.',
    fault: 'They were not opened again.',
  },
  {
    id: 'children.delegate',
    behaviour:
      'A delegated task goes to a helper of its own that can report to who asked; its mob ends with the session of who asked.',
    fault: 'Nobody looked at sessions that had ended.',
  },
  {
    id: 'children.gone',
    behaviour:
      'A mob that was destroyed is not found by those who knew its members; delegations end also after a destroy that failed.',
    fault: 'A destroyed mob stayed among those that are found by their ids.',
  },
];
