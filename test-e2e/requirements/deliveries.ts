import type { Requirement } from '../requirement.js';

/** How messages leave the mob: records, attempts, limits, dead letters. */
export const deliveriesRequirements: readonly Requirement[] = [
  {
    id: 'delivery.recorded',
    behaviour:
      'An attempt is recorded as started before the sink is called, and with its end after; records say what people search by.',
    fault: 'The fields were left empty; the attempt was recorded as sent before the call.',
  },
  {
    id: 'delivery.two-commits',
    behaviour:
      'A delivery that a sink takes at once is two commits: record, key and limit before, the outcome after.',
    fault: 'The limit was written by a put of its own.',
  },
  {
    id: 'delivery.retried',
    behaviour:
      'What failed for the moment is tried again, as often as the route says, and every attempt is recorded as it was.',
    fault: 'The alarm for the next attempt was not set; the next attempt was due at once.',
  },
  {
    id: 'delivery.backoff',
    behaviour:
      'Pauses between attempts double up to a longest one, a little longer at random, and heed what the sink asks for.',
    fault: 'The doubling was left out; the chance was; the cap was; `retryAfterMs` was not read.',
  },
  {
    id: 'delivery.longest-pause',
    behaviour: 'A route may ask for any pause: the message is kept for its next attempt, within ten years.',
    fault: 'A pause was as long as the route asked, and its end no time that can be kept.',
  },
  {
    id: 'delivery.exhausted',
    behaviour: 'When the retries are used up the delivery has failed.',
    fault: 'One attempt more was made.',
  },
  {
    id: 'delivery.failed',
    behaviour: 'A final refusal is tried no second time, nor is what nobody knows the end of.',
    fault: 'Every error was retried; an unknown end was retried with every sink.',
  },
  {
    id: 'delivery.no-sink',
    behaviour: 'A delivery for a sink that does not exist fails on record, and lists those there are.',
    fault: 'The names were left out.',
  },
  {
    id: 'delivery.last-sink',
    behaviour: 'Of several sinks of one name the last is called; sinks of plugins listed later are found.',
    fault: 'The first of a name was called; the plugin gave the delivery its own sinks only.',
  },
  {
    id: 'delivery.timeout',
    behaviour:
      'A sink has its time for a message; when it is over it is told, and nobody knows what came of the message.',
    fault: 'The sink was not told; the outcome was a final failure.',
  },
  {
    id: 'delivery.answer',
    behaviour: 'What is not settled after a while is answered as pending and goes on by itself.',
    fault: 'It was waited for without end.',
  },
  {
    id: 'delivery.not-started',
    behaviour: 'Before its start a delivery sends, and does nothing by itself.',
    fault: 'Retries ran before the start.',
  },
  {
    id: 'delivery.event',
    behaviour: 'Each outcome is an event of the module `delivery`.',
    fault: 'The event was left out.',
  },
  {
    id: 'delivery.idempotent',
    behaviour: 'A key is sent once for its recipient, channel and sink, however often it was resolved.',
    fault: 'The channel was left out of the key.',
  },
  {
    id: 'delivery.mismatch',
    behaviour: 'A key that comes with another payload is refused; the order of its fields does not matter.',
    fault: 'Payloads were not compared; they were compared as texts.',
  },
  {
    id: 'delivery.once',
    behaviour: 'Two that share a store send a key once, however many ask at once.',
    fault: 'Neither the key nor the limit was written over the version that was read.',
  },
  {
    id: 'delivery.sent-anew',
    behaviour:
      'A key whose delivery failed is sent anew, as a delivery of its own, and the old one is not sent again.',
    fault: 'The failed one was answered; a redrive did not look at the key.',
  },
  {
    id: 'delivery.key-over',
    behaviour: 'A key counts until its time is over.',
    fault: 'The time was not looked at.',
  },
  {
    id: 'delivery.rate',
    behaviour:
      'What is too much for one recipient of one sink is refused with how long to wait, however it was resolved.',
    fault: 'Each message had a limit of its own; what comes back was counted by whole minutes.',
  },
  {
    id: 'delivery.rate-clocks',
    behaviour: 'A limit gives no more where the clocks of those who send do not agree.',
    fault: 'The time a limit was last counted at went back with the clock of whoever sent.',
  },
  {
    id: 'delivery.end-told',
    behaviour: 'An outcome is told, also when the store kept it and its answer was lost.',
    fault: 'What was found kept already counted as the word of somebody else.',
  },
  {
    id: 'delivery.untrusted',
    behaviour:
      'By a resolution that is not to be trusted, or that is for another module, nothing is sent, also not with a known key.',
    fault: 'The trust was not asked; it was not asked for known keys.',
  },
  {
    id: 'delivery.request',
    behaviour:
      'A request that cannot be kept is refused before anything is recorded; what was asked for is copied.',
    fault: 'The length was not checked; the payload was not copied.',
  },
  {
    id: 'delivery.history',
    behaviour: 'The newest records that match are listed, oldest of them first, a page at a time.',
    fault: 'Keys sorted upwards; `before` was not read.',
  },
  {
    id: 'delivery.redriven',
    behaviour:
      'A dead letter is sent again in the same record, with all its retries; what is not dead is refused.',
    fault: 'The retries were counted from the first attempt.',
  },
  {
    id: 'delivery.redriven-once',
    behaviour:
      'Of several who send the same dead letter again at once, in whichever process, one does; the others are refused.',
    fault: 'A redrive was written over whatever version was there.',
  },
  {
    id: 'delivery.crash',
    behaviour:
      'An attempt whose process did not live to end it is `unknown`, and is not made again by itself.',
    fault: 'An attempt without an end was left as it was.',
  },
  {
    id: 'delivery.crash-retried',
    behaviour: 'Such an attempt is made again where its sink takes the same message twice as one.',
    fault: 'The sink was not asked.',
  },
  {
    id: 'delivery.stop',
    behaviour: 'A stop lets what is under way end, and refuses what comes then.',
    fault: 'The stop did not wait; sends were taken after it.',
  },
  {
    id: 'delivery.given-up',
    behaviour:
      'At the deadline of its stop a delivery gives up, and the next process finds what was cut short.',
    fault: 'A sink that was cut off counted as one that refused.',
  },
  {
    id: 'delivery.refused',
    behaviour: 'What cannot be recorded is not sent, and the error of the storage is thrown.',
    fault: 'What could not be recorded was taken for begun.',
  },
  {
    id: 'delivery.lost-answer',
    behaviour: 'A record that was kept while the answer of the store was lost is carried on.',
    fault: 'The error was thrown without a look at what is kept.',
  },
  {
    id: 'delivery.end-kept',
    behaviour: 'The end of an attempt is kept as soon as the store is back.',
    fault: 'The first failure was the last.',
  },
  {
    id: 'delivery.handed-over',
    behaviour: 'A message that was handed over while the record of it failed is told from one to send again.',
    fault: 'The error was left out, and the message answered as pending.',
  },
  {
    id: 'delivery.other-mob',
    behaviour:
      'Deliveries of one scope are nothing to another on the same store: retries, keys, limits and what is listed.',
    fault: 'The scope was left out of the names of the tables.',
  },
  {
    id: 'delivery.unread',
    behaviour:
      'Nothing is read before the first commit when the limit is as this process left it; what another process made of it counts.',
    fault: 'The limit was read each time; a commit that was refused was not tried again with what is kept.',
  },
  {
    id: 'delivery.pruned',
    behaviour:
      'Old deliveries, keys and limits are removed, and settled deliveries beyond a number; nothing that is pending.',
    fault: 'The number was not looked at, nor the age; keys were left; pending ones were removed.',
  },
  {
    id: 'delivery.keys-before',
    behaviour:
      'Keys that an earlier version left behind without their deliveries are removed when their time is over.',
    fault: 'Only what went with a delivery was removed.',
  },
  {
    id: 'delivery.key-lasts',
    behaviour:
      'What an idempotency key stands for is kept as long as the key counts, however many deliveries came after it.',
    fault:
      'Settled deliveries beyond the number went although their keys counted: the same key was sent twice.',
  },
  {
    id: 'delivery.payload-text',
    behaviour: 'A payload reads as its text, of an object as its `text` or `message`, else as JSON.',
    fault: 'A blank `text` was taken; an object was always JSON.',
  },
  {
    id: 'delivery.rpc',
    behaviour:
      '`mobkit/delivery/send`, `history`, `dead`, `get` and `redrive` answer records as the contract of the wire has them.',
    fault:
      'A text of the filter was not trimmed; the end of the last attempt was left out; the key was not trimmed.',
  },
  {
    id: 'delivery.rpc-limits',
    behaviour:
      'A limit counts over resolutions of one recipient, and its error says on the wire how long to wait.',
    fault: 'The bucket was named after the route id.',
  },
  {
    id: 'delivery.rpc-replay',
    behaviour:
      'A key answers its first delivery, however many resolutions later; another payload and a resolution that was altered or never given out are refused with their texts.',
    fault:
      'A known key was answered without asking whether its resolution is genuine; the place in the request was left out.',
  },
  {
    id: 'delivery.rpc-params',
    behaviour: 'Wrong params of a delivery are refused with the texts of the contract, naming the field.',
    fault: 'Limits up to 201 were taken.',
  },
  {
    id: 'delivery.rpc-absent',
    behaviour: 'A runtime without a delivery says so.',
    fault: 'The part was left out of the details.',
  },
  {
    id: 'delivery.arguments',
    behaviour: '`mobkit deliveries` takes its options, and refuses what belongs to another action.',
    fault: 'An option of the list was taken by `redrive`.',
  },
  {
    id: 'delivery.killed',
    behaviour:
      'After a SIGKILL between attempt and answer the next process says that nobody knows, and sends nothing twice; an operator can.',
    fault: 'An attempt without an end was left as it was.',
  },
  {
    id: 'delivery.killed-retried',
    behaviour: 'After a SIGKILL an attempt is made again where its sink takes the same message twice as one.',
    fault: 'The sink was not asked whether it does.',
  },
  {
    id: 'delivery.two-processes',
    behaviour: 'Two processes on one Postgres send each key once, though both are asked for all of them.',
    fault: 'Neither the key nor the limit was written over the version that was read.',
  },
];
