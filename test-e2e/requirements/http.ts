import type { Requirement } from '../requirement.js';

export const httpRequirements: readonly Requirement[] = [
  {
    id: 'http.host',
    behaviour: 'A request is served only under a name of loopback with the port it came in on; else 421.',
    fault: 'A foreign Host passed.',
  },
  {
    id: 'http.origin',
    behaviour: 'A page of another origin is refused with 403 on every route.',
    fault: 'The origin `null` passed.',
  },
  {
    id: 'http.media-type',
    behaviour: 'An RPC that is not sent as JSON is refused with 415.',
    fault: 'Only `multipart/form-data` was refused.',
  },
  {
    id: 'http.body-limit',
    behaviour: 'A body over 1 MiB is refused with 413, also when its length was not announced.',
    fault: 'What was read was not counted.',
  },
  {
    id: 'http.unknown-route',
    behaviour: 'An unknown path is 404 and a wrong method 405 with what is allowed; HEAD opens no stream.',
    fault: 'HEAD was answered as GET.',
  },
  {
    id: 'http.headers',
    behaviour: 'Every answer tells browsers to keep and guess nothing.',
    fault: '`nosniff` was left out.',
  },
  {
    id: 'http.health',
    behaviour:
      'The port answers before there is a runtime: healthy, not ready, 503 for the rest; ready while the runtime runs.',
    fault: '`/readyz` was 200 without a runtime.',
  },
  {
    id: 'http.bind',
    behaviour:
      'A port that cannot be had and a host that is not loopback are refused by name, with what to do.',
    fault: '0.0.0.0 was among the addresses taken.',
  },
  {
    id: 'http.rpc',
    behaviour: 'JSON-RPC is answered over POST, its errors with 200, a notification with 204.',
    fault: 'A notification was answered with an empty 200.',
  },
  {
    id: 'http.close',
    behaviour:
      'Closing ends streams after what was written, lets requests finish, drops silent connections and frees the port.',
    fault: 'Streams were not ended.',
  },
  {
    id: 'http.run',
    behaviour:
      'After the signal the listener is closed, then the runtime is shut down, whatever the first does.',
    fault: 'The end of the listener was not awaited.',
  },
  {
    id: 'http.frames',
    behaviour:
      'Agent streams carry ids of epoch and number, the event type and the event, for the mob and for one agent.',
    fault: 'The stream of an agent carried the number of the mob.',
  },
  {
    id: 'http.unknown-agent',
    behaviour: 'The stream of an agent that is not there is 404 `member_not_found`.',
    fault: 'The roster was not asked.',
  },
  {
    id: 'http.resume',
    behaviour: 'A stream opened with an id goes on after it, missing and repeating nothing.',
    fault: 'The stream always began now.',
  },
  {
    id: 'http.last-event-id',
    behaviour: '`Last-Event-ID` wins over the cursor in the URL.',
    fault: 'The URL was read first.',
  },
  {
    id: 'http.stale',
    behaviour: 'A cursor beyond the log is 410 with both cursors, before any frame.',
    fault: 'The cursor was not compared with the end of the ledger.',
  },
  {
    id: 'http.bad-id',
    behaviour: 'An id or a field of the URL that no stream gave is 400 and named.',
    fault: 'Epochs with leading zeros, and 0, were taken.',
  },
  {
    id: 'http.gap',
    behaviour:
      'What is not to be had is a gap frame with reason and bounds, whose id goes on after it; then the stream.',
    fault: 'The gap carried the id of its beginning.',
  },
  {
    id: 'http.ledger',
    behaviour:
      'Structural events are streamed from now on or after a cursor, filtered by the fields of the URL.',
    fault: 'Without a cursor the stream began at the first event.',
  },
  {
    id: 'http.keep-alive',
    behaviour: 'A comment is sent every 15 seconds, and no timer is left when nobody reads.',
    fault: 'The timer went on when the last reader had left; in another run the interval was 14 seconds.',
  },
  {
    id: 'http.joined',
    behaviour: 'Frames within 15 ms of a write are joined into the next, unless they are large.',
    fault: 'Every frame was written at once.',
  },
  {
    id: 'http.stream-limit',
    behaviour: 'One stream more than the limit is 503 with `retry-after`, until another has left.',
    fault: 'Readers that left were still counted.',
  },
  {
    id: 'http.clients-leave',
    behaviour: 'Clients whose sockets broke leave no reader, listener or timer behind.',
    fault: 'The signal of the stream was not aborted.',
  },
  {
    id: 'http.slow-client',
    behaviour: 'A client for which more than 1 MiB waits is cut, and nobody else notices.',
    fault: 'What waits was not compared with the limit.',
  },
  {
    id: 'http.history-pace',
    behaviour: 'History is read at the pace of the client, however much there is.',
    fault: 'History was read without waiting for the client.',
  },
  {
    id: 'http.serialised-once',
    behaviour: 'The frame of an event is made once for all clients.',
    fault: 'Frames that were made were not remembered.',
  },
  {
    id: 'http.agent-interaction',
    behaviour:
      'An event in the stream of an agent carries the id of its interaction, unless it says one itself.',
    fault: 'agentFrame sent the payload alone',
  },
  {
    id: 'http.large-frame',
    behaviour: 'An event of any size reaches a client that is not behind, live and resumed.',
    fault: 'a client was cut whenever more than 1 MiB waited',
  },
  {
    id: 'http.fetch-site',
    behaviour: 'A request that a page of another site makes without an Origin is refused.',
    fault: 'Sec-Fetch-Site was not looked at',
  },
  {
    id: 'http.errors-told',
    behaviour:
      'Every 500, every -32603, what broke a stream and a failing socket reach `onError`; what a client did wrong does not.',
    fault: 'Only what is no MobError was told.',
  },
  {
    id: 'http.metrics',
    behaviour: 'The loss ledger is served to Prometheus with its types; nothing without an event sink.',
    fault: 'Gauges were given the type counter.',
  },
  {
    id: 'http.metrics-archive',
    behaviour: 'How far the archive is behind is served to Prometheus, and nothing that is not known of it.',
    fault: 'What is unknown was served as 0.',
  },
];
