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
  {
    id: 'discovery.http-contract',
    behaviour: 'An address keeps what both contracts promise, whether its answers have tags or not.',
    fault: 'Only the first answer was told to who watches.',
  },
  {
    id: 'discovery.http-status',
    behaviour: 'A status says whether asking again may help, and is no roster.',
    fault: 'Every refusal could be tried again.',
  },
  {
    id: 'discovery.http-broken',
    behaviour: 'An answer that is cut, or that nobody gives, is an error and may be tried again.',
    fault: 'A body that was cut counted as whole.',
  },
  {
    id: 'discovery.http-invalid',
    behaviour: 'What an address answers is used as a whole or not at all, and an error says the field.',
    fault: 'The field was not passed on.',
  },
  {
    id: 'discovery.http-size',
    behaviour: 'No more is read than may be, also of what is packed or never ends.',
    fault: 'Only the length that the answer says was looked at.',
  },
  {
    id: 'discovery.http-slow',
    behaviour: 'An answer that does not come in time is given up, also in the middle.',
    fault: 'The limit was cancelled when the head of the answer had come.',
  },
  {
    id: 'discovery.http-tag',
    behaviour: 'An address that gives tags is asked for what is new only.',
    fault: 'The tag was not sent.',
  },
  {
    id: 'discovery.http-redirect',
    behaviour: 'Redirects are followed within an origin and a few times; secrets go nowhere else.',
    fault: 'The origin of a redirect was not looked at.',
  },
  {
    id: 'discovery.http-secret',
    behaviour: 'Tokens are renewed with each call, and no secret is in an error.',
    fault: 'Errors had the whole address.',
  },
  {
    id: 'discovery.http-options',
    behaviour: 'Options that cannot be meant are refused by their name.',
    fault: 'Any protocol passed.',
  },
  {
    id: 'discovery.http-refresh',
    behaviour: 'An address is asked by itself only while somebody watches.',
    fault: 'It was asked on when the last had stopped.',
  },
  {
    id: 'discovery.http-closed',
    behaviour: 'Closing gives up what is under way, and refuses calls.',
    fault: 'What was under way was waited for.',
  },
  {
    id: 'discovery.sql-contract',
    behaviour: 'A database keeps what both contracts promise.',
    fault: 'Nobody was told when listening had begun again.',
  },
  {
    id: 'discovery.sql-rows',
    behaviour: 'Rows are checked by column, and more than there may be are neither fetched nor used.',
    fault: 'Rows beyond the most were left out.',
  },
  {
    id: 'discovery.sql-reads',
    behaviour: 'A query can write nothing, and is one query.',
    fault: 'The transaction could write.',
  },
  {
    id: 'discovery.sql-slow',
    behaviour: 'A query that takes too long is ended on the server.',
    fault: 'The server was given no limit.',
  },
  {
    id: 'discovery.sql-errors',
    behaviour: 'An error of the database says whether it may mend itself, and no password.',
    fault: 'Every error could be tried again.',
  },
  {
    id: 'discovery.sql-options',
    behaviour: 'Options of a database that cannot be meant are refused by name, without the password.',
    fault: 'Any name of a channel passed.',
  },
  {
    id: 'discovery.sql-pool',
    behaviour: 'A pool that was given is left as it was.',
    fault: 'Closing left a listener on the pool.',
  },
  {
    id: 'discovery.sql-reconnects',
    behaviour: 'A lost connection is told once, and a channel is listened to again by itself.',
    fault: 'Nothing was tried again after a loss.',
  },
  {
    id: 'discovery.app-config',
    behaviour:
      'The config of the app names one source, whose secrets come from the environment; a wrong one is refused by field.',
    fault: 'Two sources passed.',
  },
];
