import type { Requirement } from '../requirement.js';

/** Sessions in BigQuery, and what callers do with them over RPC. */
export const bigquerySessionRequirements: readonly Requirement[] = [
  {
    id: 'rpc.session-store-insert',
    behaviour:
      'Rows for a table of sessions are written as given, and the answer names the operation in full and counts them; what a row leaves out is no tombstone, a payload of null and no labels.',
    fault: 'The labels were parsed as a record, which lost the key `__proto__`.',
  },
  {
    id: 'rpc.session-store-read',
    behaviour:
      'Every read answers under the full name of its operation, whichever was asked, with rows whose payload is JSON and whose labels are an object.',
    fault: 'Every read was answered under one name.',
  },
  {
    id: 'rpc.session-store-pages',
    behaviour:
      'An answer that is not all of it says what the next page is asked with, and one that is says nothing; a cursor that is none is refused by its name.',
    fault: 'The last page named its last session, too.',
  },
  {
    id: 'rpc.session-store-reached',
    behaviour:
      'Project, token, address and time limit of a request are those the table is opened with, and what it leaves out is left to the warehouse.',
    fault: 'The time limit was not handed on.',
  },
  {
    id: 'rpc.session-store-invalid',
    behaviour:
      'A request that cannot be meant, and a name that is more than a name, is refused with -32602 and the field as it is on the wire, before anything is opened.',
    fault: 'The names were not checked.',
  },
  {
    id: 'rpc.session-store-failed',
    behaviour:
      'What the store fails with, or lacks, is answered with -32011, its words after `BigQuery session store request failed: `, and whether a retry helps.',
    fault: 'The failure kept the number of the store.',
  },
  {
    id: 'rpc.session-store-absent',
    behaviour: 'A runtime without a warehouse of sessions says so, and names the part.',
    fault: 'The method answered no rows.',
  },

  // Sessions in BigQuery.
  {
    id: 'bigquery.sessions-contracts',
    behaviour:
      'Which stores of sessions there are beside those over a storage is a list: the warehouse with its dataset and table, then files, each with what it is good for.',
    fault: 'The files came first.',
  },
  {
    id: 'bigquery.sessions-insert',
    behaviour:
      'Rows of sessions are streamed with the columns of the table, numbered in the order of the calls, with an id that equal rows share; no rows are no request.',
    fault: 'The labels were not sorted before the id was made of them.',
  },
  {
    id: 'bigquery.sessions-statements',
    behaviour:
      'Latest rows are read by a number within their session, live ones are those of them that are no tombstone, and what a caller gives is a parameter and never part of a statement.',
    fault: 'The condition on tombstones was left out of the statement of live rows.',
  },
  {
    id: 'bigquery.sessions-reads',
    behaviour:
      'A row that was read has its payload and its labels as JSON; an empty object stands for what others left out.',
    fault: 'The labels were copied into an object literal, which lost the key `__proto__`.',
  },
  {
    id: 'bigquery.sessions-malformed',
    behaviour:
      'An answer that is none, and a payload or labels that are no JSON, are a typed error that names what is wrong and not what was read.',
    fault: 'A payload that could not be parsed was read as text.',
  },
  {
    id: 'bigquery.sessions-refused-row',
    behaviour: 'A row that the server refuses is named, with its reason.',
    fault: 'The reason was left out of the error.',
  },
  {
    id: 'bigquery.sessions-unreachable',
    behaviour: 'A server that cannot be reached is `MOB_STORE_UNAVAILABLE`, retryable.',
    fault: 'A failed connection counted as a refusal.',
  },
  {
    id: 'bigquery.sessions-compacted',
    behaviour:
      'Removing superseded rows answers how many went, 0 where the server does not say, and touches none of the last one and a half hours.',
    fault: 'What was streamed in the last hour was not left out.',
  },
  {
    id: 'bigquery.sessions-truncate',
    behaviour:
      'Every row can be removed with one statement; what the server refuses is a typed error with its status.',
    fault: 'The statement named the dataset alone.',
  },
  {
    id: 'bigquery.sessions-cursor',
    behaviour: 'A place in the history that no page had is a TypeError, and nobody is asked.',
    fault: 'The place was only split at its points.',
  },
  {
    id: 'bigquery.sessions-caller-table',
    behaviour:
      'A caller from outside gets the table that it names, in the project and with the credentials of the warehouse unless it names others.',
    fault: 'The dataset of the first caller was kept for all.',
  },
  {
    id: 'bigquery.sessions-caller-token',
    behaviour:
      'An address that a caller names is sent the token that came with it or none; credentials of the warehouse or of the environment are not looked for.',
    fault: 'The token of the warehouse was sent where a caller brought none.',
  },
  {
    id: 'bigquery.sessions-caller-address',
    behaviour:
      'An address with another scheme, a user, a query or a fragment, or of a host that is not allowed as a parser reads it, is refused by its field, and nothing is sent.',
    fault: 'What a caller named was not told from what the app is configured with.',
  },
  {
    id: 'bigquery.sessions-caller-loopback',
    behaviour: 'A server on the same machine is asked only where the warehouse was told that it may be.',
    fault: 'Loopback was always allowed.',
  },
  {
    id: 'bigquery.sessions-caller-names',
    behaviour:
      'A project, dataset, table or token that can be none is refused by its field, and nothing is sent.',
    fault: 'The names were only checked with the statement.',
  },
  {
    id: 'bigquery.sessions-caller-lacks',
    behaviour:
      'Missing project or credentials are an error that says what is missing, and are looked for again at the next call.',
    fault: 'The failure was kept.',
  },
  {
    id: 'bigquery.sessions-caller-secret',
    behaviour:
      'The token of a caller is in no error, nor a beginning of it, also when the server repeats it as a reason or is cut in the middle of it.',
    fault: 'What the server gives as its reason was kept whole.',
  },
  {
    id: 'bigquery.sessions-caller-timeout',
    behaviour:
      'A call ends in the time that its caller gave, while the server still thinks, as `MOB_STORE_UNAVAILABLE`.',
    fault: 'The time was not handed on.',
  },
  {
    id: 'bigquery.sessions-caller-order',
    behaviour:
      'Rows that callers append are numbered in the order of their calls, whichever table they are for.',
    fault: 'Each call had an order of its own.',
  },
  {
    id: 'bigquery.sessions-caller-closed',
    behaviour:
      'A warehouse that was closed takes no more calls, which blames no caller; closing twice is safe.',
    fault: 'A closed one opened another client; a call after it was told as a wrong argument.',
  },
  {
    id: 'bigquery.sessions-compacts',
    behaviour:
      'Superseded rows are removed time and again, the first time after one pause, until it is stopped.',
    fault: 'The first removal came at once.',
  },
  {
    id: 'bigquery.sessions-compacts-on',
    behaviour: 'A removal that fails is told, and the next one comes all the same.',
    fault: 'The failure ended the removals.',
  },
  {
    id: 'bigquery.sessions-compacts-ended',
    behaviour:
      'Stopping waits for the removal under way, leaves no timer, and what fails by it is told to nobody.',
    fault: 'Stopping did not wait.',
  },
  {
    id: 'bigquery.sessions-table',
    behaviour:
      'The table of sessions is made by day of appending and clustered by session, by several processes at once; one that is there is opened.',
    fault: 'The table was not clustered.',
  },
  {
    id: 'bigquery.sessions-other-shape',
    behaviour: 'A table of another shape is refused with the column that differs, and is left as it is.',
    fault: 'The table was not looked at.',
  },
  {
    id: 'bigquery.sessions-options',
    behaviour:
      'An age of the view, a pause or a name that cannot be meant is refused by its field, before anything is sent.',
    fault: 'The age of the view was not checked.',
  },
  {
    id: 'bigquery.sessions-every-six-hours',
    behaviour: 'Superseded rows are removed every six hours unless told otherwise, and never where told so.',
    fault: 'The usual pause was one hour.',
  },
  {
    id: 'bigquery.sessions-latest-view',
    behaviour:
      'Told to, latest and live rows are read from a materialised view that is made with the age it may have; the history is read from the table.',
    fault: 'The live rows were read from the table.',
  },
  {
    id: 'bigquery.sessions-fresh-rows',
    behaviour:
      'Rows that were streamed lately are left, and so are rows that were sent again lately: what counts as latest stays.',
    fault: 'Rows sent again lately were not left out.',
  },
  {
    id: 'bigquery.sessions-late-answer',
    behaviour: 'Rows whose answer was lost and that are sent again are there once, and in their place.',
    fault: 'The later of equal rows counted.',
  },
  {
    id: 'bigquery.sessions-plugin',
    behaviour:
      'The plugins fill the slots of the session store and of the warehouse of sessions, and close what they opened.',
    fault: 'The slot of the warehouse was left empty.',
  },
  {
    id: 'bigquery.sessions-own-credentials',
    behaviour:
      'A warehouse whose credentials are not for callers serves those that bring none only at a server on the same machine, and sends that one none.',
    fault: 'Its own token was sent for whoever brought none.',
  },
  {
    id: 'bigquery.sessions-rpc',
    behaviour:
      'The app serves the sessions of a table to its callers: rows come back as they were sent, once, the latest by session, and what fails is told with its number, its status and no token.',
    fault: 'The warehouse of the app was not handed to its runtime.',
  },
  {
    id: 'bigquery.sessions-app',
    behaviour:
      'An app whose config keeps sessions in BigQuery has those of its mob there once it has stopped.',
    fault: 'The part of the config fell back to the storage.',
  },
  {
    id: 'bigquery.sessions-app-away',
    behaviour:
      'An app that keeps sessions in BigQuery starts while it is away, and does not where its options cannot be meant.',
    fault: 'Whatever kept the store from opening kept the app from starting.',
  },
  {
    id: 'bigquery.sessions-app-hole',
    behaviour:
      'An app that keeps sessions in BigQuery waits five seconds at a start for a warehouse that gives no answer, and ends at once what it asks when it stops.',
    fault: 'A stop left what was asked at the start to its own time.',
  },
];
