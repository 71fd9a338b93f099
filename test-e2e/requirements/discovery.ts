import type { Requirement } from '../requirement.js';

/** Who should exist and who may talk to whom, asked of somebody else. */
export const discoveryRequirements: readonly Requirement[] = [
  {
    id: 'discovery.checked',
    behaviour:
      'A desired roster with a blank, reserved or repeated identity, an unknown field or a value of a wrong type is refused by the place of it.',
    fault: 'An identity that was seen already passed.',
  },
  {
    id: 'discovery.json',
    behaviour:
      'The JSON form of a roster leaves out what is absent, is read as it was written, and may be spelled the older way.',
    fault: 'Instructions were not written.',
  },
  {
    id: 'discovery.spawn',
    behaviour:
      'What is spawned has every field of what was discovered; instructions never become a message; a session to resume is resumed or the spawn fails.',
    fault: 'The session to resume was dropped.',
  },
  {
    id: 'discovery.edge',
    behaviour:
      'A desired edge has one form, counts once, and is refused when an end is blank or both are the same.',
    fault: 'The ends were compared before the white space around them was taken off.',
  },
  {
    id: 'discovery.definition-edges',
    behaviour: 'The wiring of a definition answers as a source of edges.',
    fault: 'Pairs within one role were left out.',
  },
  {
    id: 'discovery.function',
    behaviour:
      'A plain function is a source; what it answers is checked, and an aborted caller waits no longer.',
    fault: 'The signal was looked at only before the call.',
  },
];
