import type { Requirement } from '../requirement.js';

/** Events in BigQuery. */
export const bigqueryRequirements: readonly Requirement[] = [
  {
    id: 'bigquery.endpoint',
    behaviour: 'Requests go to Google, or to a host that was allowed; over http only to this machine.',
    fault: 'A host that was allowed was compared with its port.',
  },
  {
    id: 'bigquery.endpoint-refused',
    behaviour:
      'An endpoint with a user, a query, a fragment, another scheme or a host that is not allowed is refused by what a URL parser finds, and nothing is sent.',
    fault: 'The end of the text was compared instead of the host.',
  },
  {
    id: 'bigquery.names',
    behaviour:
      'Names of projects, datasets and tables that would need quoting are refused, naming the option.',
    fault: 'A dot was allowed in a dataset.',
  },
  {
    id: 'bigquery.missing',
    behaviour: 'Without a project nothing is opened, and the error says where one is looked for.',
    fault: 'GOOGLE_CLOUD_PROJECT was not looked at.',
  },
  {
    id: 'bigquery.token-local',
    behaviour: 'A server on this machine is not sent the token of the environment.',
    fault: 'The environment was asked for a token whatever the endpoint.',
  },
  {
    id: 'bigquery.token',
    behaviour: 'A token that was given is sent as it is, and none to a local server without one.',
    fault: 'A client without credentials was used for a local server although a token was given.',
  },
  {
    id: 'bigquery.token-late',
    behaviour:
      'A call and a close end in their time although nobody answers who gives tokens for the credentials.',
    fault: 'The call waited for the token whatever its time.',
  },
  {
    id: 'bigquery.token-refused',
    behaviour:
      'Credentials that nobody gives a token for any more are refused at once, and the error says so.',
    fault: 'Who gives no token was taken for a warehouse that is away.',
  },
  {
    id: 'bigquery.proxy',
    behaviour: 'What is for Google goes through the proxy that the environment names.',
    fault: 'Requests were sent by an agent of their own, and no proxy was looked for.',
  },
  {
    id: 'bigquery.read-only',
    behaviour:
      'What is opened to be read only makes and changes nothing: without tables there are no events, and a put is refused.',
    fault: 'The tables were made whoever opened them.',
  },
  {
    id: 'bigquery.no-proxy',
    behaviour: 'What is for a server on this machine goes to no proxy that the environment names.',
    fault: 'The proxy of the environment was used whatever the endpoint.',
  },
  {
    id: 'bigquery.no-credentials',
    behaviour: 'Missing credentials are a typed error that says how to get some, before anything is sent.',
    fault: 'Credentials that were not found were to be found at the first request.',
  },
  {
    id: 'bigquery.repeats',
    behaviour:
      'Quota, rate limits, 5xx, a cut answer and a cut connection are each tried again after a growing pause.',
    fault: 'Only the status was looked at, and so a 403 for quota was final.',
  },
  {
    id: 'bigquery.gives-up',
    behaviour:
      'After eight attempts or its time a call is unavailable, with status and reason and without the token.',
    fault: 'The message of the server was passed on as it was.',
  },
  {
    id: 'bigquery.refused',
    behaviour: 'What no retry mends is asked once, and a redirect is not followed.',
    fault: 'Every answer but a good one was tried again.',
  },
  {
    id: 'bigquery.timeout',
    behaviour: 'A call that is not answered in time ends, with its connection.',
    fault: 'The request was left to itself when its time was up.',
  },
  {
    id: 'bigquery.close',
    behaviour:
      'Closing takes no more calls, ends pauses at once, waits ten seconds for calls, and aborts the rest.',
    fault: 'Pauses went on while it closed.',
  },
  {
    id: 'bigquery.open-given-up',
    behaviour: 'Opening is given up at once when it is told to be, with its connection and without a timer.',
    fault: 'The signal was not looked at, and the first request ended at its own time.',
  },
  {
    id: 'bigquery.query',
    behaviour: 'Values are typed parameters of a query, never its text; bytes and job ids are told.',
    fault: 'The type of lists was left out.',
  },
  {
    id: 'bigquery.long-query',
    behaviour: 'A query that is not done is waited for, and every page of its result is read.',
    fault: 'The page token of the first answer was kept for all.',
  },
  {
    id: 'bigquery.short-timeout',
    behaviour: 'A query may take longer than a request: the server answers before the request is given up.',
    fault: 'The server was let wait as long as the request may take.',
  },
  {
    id: 'bigquery.never-done',
    behaviour: 'A job that is not done in ten times the timeout is given up, naming it.',
    fault: 'It was asked for without end.',
  },
  {
    id: 'bigquery.execute',
    behaviour: 'A statement that changes rows runs once, also when the answer to it is lost.',
    fault: 'A job that was there already was taken for a failure.',
  },
  {
    id: 'bigquery.estimate',
    behaviour: 'What a query would read can be asked without running it.',
    fault: 'The query was run.',
  },
  {
    id: 'bigquery.malformed',
    behaviour: 'An answer that is no query result is refused, and never read as an empty one.',
    fault: 'A row without cells was skipped.',
  },
  {
    id: 'bigquery.stream',
    behaviour: 'Rows are streamed with insert ids, and no rows are no request.',
    fault: 'The insert id was left out.',
  },
  {
    id: 'bigquery.row-by-row',
    behaviour: 'Rows that were not taken are sent again, each on its own.',
    fault: 'Only the first of them was sent again.',
  },
  {
    id: 'bigquery.row-refused',
    behaviour: 'A row that is refused on its own too is named with the reason; all others are in.',
    fault: 'The first row that was refused ended the retries of those after it.',
  },
  {
    id: 'bigquery.rows-refused',
    behaviour: 'Of rows that are refused on their own too no more than eight are asked about.',
    fault: 'Each of them was sent again.',
  },
  {
    id: 'bigquery.rows-unnamed',
    behaviour: 'An answer that names a row which was not sent is a failure, and no row counts as written.',
    fault: 'Such a row was sent again as an empty one.',
  },
  {
    id: 'bigquery.archive-large',
    behaviour: 'An event that no request of a stream holds is loaded, whatever the mode.',
    fault: 'In mode `stream` it was to be streamed.',
  },
  {
    id: 'bigquery.archive-put-aside',
    behaviour:
      'A row that BigQuery refuses ends among the dead letters, and the rows behind it are archived.',
    fault: 'The shipper had no dead letters.',
  },
  {
    id: 'bigquery.load-too-large',
    behaviour: 'A row that no upload holds is refused before anything is sent.',
    fault: 'It was sent as a part of its own.',
  },
  {
    id: 'bigquery.test-datasets',
    behaviour: 'Datasets that tests made in a real project are removed at the end of the run, and no others.',
    fault: 'The name of the run was not looked at to its end.',
  },
  {
    id: 'bigquery.rows-as-they-are',
    behaviour: 'Rows arrive as they are, of whatever letters, also when others are sent at the same time.',
    fault: 'Room that rows were still being sent from was given to the next.',
  },
  {
    id: 'bigquery.request-limits',
    behaviour: 'A request has at most 10 MB and 50,000 rows.',
    fault: 'Characters were counted instead of bytes.',
  },
  {
    id: 'bigquery.row-too-large',
    behaviour: 'A row that is larger than a request is refused before anything is sent.',
    fault: 'It was sent.',
  },
  {
    id: 'bigquery.load',
    behaviour: 'A load job has an id that follows from its rows, so that the same rows are loaded once.',
    fault: 'The id was drawn at random.',
  },
  {
    id: 'bigquery.load-failed',
    behaviour: 'A load job that failed for no fault of its rows is run again under another id.',
    fault: 'The same id was used again, and its failure found again.',
  },
  {
    id: 'bigquery.load-outage',
    behaviour:
      'Rows whose jobs failed as often as there are ids for them are loaded by a job of another id, after a growing pause.',
    fault: 'It gave up when the ids that follow from the rows were used up.',
  },
  {
    id: 'bigquery.table',
    behaviour: 'Dataset and table are made when missing, also when another process makes them meanwhile.',
    fault: 'A table that was there by then was a failure.',
  },
  {
    id: 'bigquery.table-grows',
    behaviour: 'Missing columns are added, those of a newer version kept, and the retention set.',
    fault: 'The columns were replaced by those that are known.',
  },
  {
    id: 'bigquery.other-shape',
    behaviour: 'A table of another shape is refused, naming the column.',
    fault: 'Clustering was not looked at.',
  },
  {
    id: 'bigquery.abort',
    behaviour:
      'A call whose signal is aborted ends with its reason, and sends nothing if it was aborted before.',
    fault: 'An aborted signal was handed to what sends requests.',
  },
  {
    id: 'bigquery.archive-faults',
    behaviour:
      'An archive keeps every event once through rate limits, quota, overload, cut and lost answers, slow jobs, rows that were not taken, and streams that are seen later.',
    fault: 'Rows of one number were not counted as one.',
  },
  {
    id: 'bigquery.archive-hidden',
    behaviour:
      'An archive holds what can be read, and no more; what could not be read in time may be put again.',
    fault: 'The head was moved without counting the rows.',
  },
  {
    id: 'bigquery.archive-refused',
    behaviour: 'A refused event is named with the reason of the server, and nothing of its batch is held.',
    fault: 'The number of the row was told instead of the event.',
  },
  {
    id: 'bigquery.archive-two',
    behaviour:
      'Two processes may put the same events: none is missing or doubled, and whoever was overtaken is told.',
    fault: 'The head was moved whatever it was.',
  },
  {
    id: 'bigquery.load-once',
    behaviour: 'A batch that is loaded again, since nobody knew that it was, is not stored again.',
    fault: 'The id of the job followed from when the rows were written, too.',
  },
  {
    id: 'bigquery.partitions',
    behaviour:
      'A page names the partitions that its bounds do and reads no other; what is rare is looked for in twice as many each time.',
    fault: 'Every partition up to the end of the log was named.',
  },
  {
    id: 'bigquery.late-event',
    behaviour:
      'An event that came days late, or is dated ahead, is found by its number and by the time it happened.',
    fault: 'Partitions were chosen by their day instead of the times in them.',
  },
  {
    id: 'bigquery.ceiling',
    behaviour:
      'A page that would read more than allowed is refused by the server; what it would read can be asked.',
    fault: 'The ceiling was not handed on.',
  },
  {
    id: 'bigquery.retention',
    behaviour: 'Expired days go as a whole, and the log begins after them.',
    fault: 'The first event was told as if nothing had expired.',
  },
  {
    id: 'bigquery.compact',
    behaviour:
      'Rows that count no more are removed by partition, not where somebody wrote lately, until told to stop; what is read stays the same.',
    fault: 'The age of the newest row of a partition was not looked at.',
  },
  {
    id: 'bigquery.overtaken',
    behaviour:
      'A change of the head that the server let fail, since another statement came in between, is made again in a request of its own.',
    fault: 'The failure was passed on.',
  },
  {
    id: 'bigquery.lease',
    behaviour: 'One process writes; the next is refused with the name of the first, and anybody may read.',
    fault: 'The lease was taken whether or not it had ended.',
  },
  {
    id: 'bigquery.lease-lost',
    behaviour: 'A writer whose lease was taken stops, says so once, and what it still wrote counts nowhere.',
    fault: 'Rows counted whatever their fence.',
  },
  {
    id: 'bigquery.lease-kept',
    behaviour: 'A writer that writes nothing keeps its lease, and notices when it is gone.',
    fault: 'The lease was renewed by whoever had it.',
  },
  {
    id: 'bigquery.unsure',
    behaviour:
      'After a write of which nobody knows what became, others may be written, and it may be written again.',
    fault: 'The numbers of the failed write were given again under the same fence.',
  },
  {
    id: 'bigquery.log-again',
    behaviour: 'A batch whose answer was lost is stored once.',
    fault: 'After a failure the writer went on as if it knew the ids of all events.',
  },
  {
    id: 'bigquery.log-close',
    behaviour:
      'A log whose warehouse is away is closed in its time; appends that wait then fail, and no timer is left.',
    fault: 'Closing waited for every append to fail by itself.',
  },
  {
    id: 'bigquery.joined',
    behaviour: 'Appends that wait are written together, and an event to blame fails its own append alone.',
    fault: 'All of them failed.',
  },
  {
    id: 'bigquery.head-begun',
    behaviour:
      'The head gets its row once that may be made, however many jobs failed to; one that is not allowed is begun once a start.',
    fault: 'All ids for the job were used up by the first start that was not allowed to.',
  },
  {
    id: 'bigquery.prepared-twice',
    behaviour: 'Processes that prepare tables at the same moment make one of each, with one head.',
    fault: 'The job that makes the head had an id of its own in every process.',
  },
  {
    id: 'bigquery.parameters',
    behaviour: 'Nothing of a query or an event stands in the text of a statement.',
    fault: 'A bound of time was written into the statement.',
  },
  {
    id: 'bigquery.plugin',
    behaviour: 'The plugin provides an archive, or a log when told, from start to stop.',
    fault: 'An archive was provided when a log was asked for, and the other way round.',
  },
  // What callers ask of sessions in a table over RPC.
];
