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
  {
    id: 'discovery.document',
    behaviour:
      'A document of members and edges that does not say its members is no order to retire everybody.',
    fault: 'A document without members had none.',
  },
  {
    id: 'discovery.watchers',
    behaviour: 'Who watches a source is told of every change, and once of errors in a row, until it stops.',
    fault: 'Every error was told.',
  },
  {
    id: 'discovery.file-contract',
    behaviour: 'A file keeps what both contracts promise, whether it is replaced or written in place.',
    fault: 'The file itself was watched instead of its directory.',
  },
  {
    id: 'discovery.file-toml',
    behaviour: 'A TOML file may say everything about members and edges.',
    fault: 'Dates stayed what they are.',
  },
  {
    id: 'discovery.file-invalid',
    behaviour: 'What is wrong in a file is told with its line and field, and nothing of the file is used.',
    fault: 'Lines began with 0.',
  },
  {
    id: 'discovery.file-missing',
    behaviour:
      'A file that is not there, is none or is too large is an error that says whether it may mend itself.',
    fault: 'The size was not looked at.',
  },
  {
    id: 'discovery.file-watch',
    behaviour:
      'A change is told also through links and replaced directories, an invalid file by one error, and nothing else that happens beside it.',
    fault: 'A directory that was replaced was not watched anew.',
  },
  {
    id: 'discovery.file-closed',
    behaviour: 'A file that is closed tells nobody anything and refuses calls.',
    fault: 'Closing left the watchers there.',
  },
];
