import type { Requirement } from '../requirement.js';

/** Ways out of the mob, and deliveries asked for in the transaction of somebody else. */
export const sinksRequirements: readonly Requirement[] = [
  {
    id: 'sinks.webhook-post',
    behaviour:
      'A message is posted as JSON over a connection of its own, signed, under the same id at every attempt.',
    fault: 'The webhook id was made anew at every attempt.',
  },
  {
    id: 'sinks.webhook-signature',
    behaviour:
      'A receiver believes what was signed with the secret, just now, and arrived as it was; nothing else.',
    fault: 'The time of a request was not compared.',
  },
  {
    id: 'sinks.webhook-target',
    behaviour:
      'The recipient is called, or the endpoint of it, of its route or of everybody, each signed with its own secret.',
    fault: 'The secret of the sink signed what goes to endpoints as well.',
  },
  {
    id: 'sinks.webhook-answers',
    behaviour:
      'An answer that may be another later is a failure for the moment and waits as told; a redirect is final.',
    fault: 'Redirects were followed.',
  },
  {
    id: 'sinks.webhook-unknown',
    behaviour:
      'A lost answer is unknown, or asked for again of receivers that know repeats; what never connected is tried again.',
    fault: 'A call without an answer was tried again.',
  },
  {
    id: 'sinks.webhook-bounded',
    behaviour: 'The body of an answer is read up to a bound.',
    fault: 'The answer was read to its end.',
  },
  {
    id: 'sinks.webhook-guard',
    behaviour:
      'Nothing on this machine, in its network or of a cloud is called, however its address is written.',
    fault: 'An IPv4 address within an IPv6 one was not looked at.',
  },
  {
    id: 'sinks.webhook-hosts',
    behaviour:
      'A private host is called when it is named, with its port where one is; where only hosts are named, no other.',
    fault: 'A host whose addresses are public in part was called.',
  },
  {
    id: 'sinks.webhook-rebinding',
    behaviour: 'The connection is made to the address that was checked, at each message anew.',
    fault: 'The name was looked up again to connect.',
  },
  {
    id: 'sinks.webhook-config',
    behaviour: 'Options of webhooks that cannot be meant are refused by name, without the secrets in them.',
    fault: 'The address of an endpoint was not checked before its first message.',
  },
  {
    id: 'sinks.email-sends',
    behaviour:
      'A message is one mail to the recipient, its subject and body from the payload, its id the same at every attempt.',
    fault: 'The message id was left to the library.',
  },
  {
    id: 'sinks.email-injection',
    behaviour: 'Nothing in a message adds a header, a recipient or a command.',
    fault: 'The recipient was given to the library unchecked.',
  },
  {
    id: 'sinks.email-answers',
    behaviour: 'A refusal with 4xx is tried again, one with 5xx is final, at whatever step.',
    fault: 'Every refusal was tried again.',
  },
  {
    id: 'sinks.email-unknown',
    behaviour:
      'What breaks after the message was sent is unknown, what breaks before is tried again, and the time is bounded.',
    fault: 'A connection that broke after the message counted as a failure for the moment.',
  },
  {
    id: 'sinks.email-silent',
    behaviour: 'A mail server that never says a word is known to have been sent nothing, and tried again.',
    fault: 'The sink waited as long as the delivery waits for it.',
  },
  {
    id: 'sinks.email-encryption',
    behaviour:
      'Neither message nor password goes to a server without TLS or with a wrong certificate, unless told so.',
    fault: 'TLS was used only when the server offered it.',
  },
  {
    id: 'sinks.email-config',
    behaviour: 'Options of mail that cannot be meant are refused by name, without the password in them.',
    fault: 'A password was sent to another machine without encryption.',
  },
  {
    id: 'sinks.app-config',
    behaviour:
      'The config of the app names the sinks there are, with secrets by the name of a variable, and refuses what is wrong.',
    fault: 'A variable that is not set was taken for empty.',
  },
  {
    id: 'sinks.app-routes',
    behaviour: 'The start warns of routes that lead to no sink, the sinks of plugins included.',
    fault: 'The sinks of plugins were not counted.',
  },
  {
    id: 'sinks.app-check',
    behaviour: '`check` finds sinks that cannot be meant and warns of routes that lead to none.',
    fault: 'check did not make the sinks.',
  },
  {
    id: 'sinks.app',
    behaviour: 'A member of a running app pages somebody through a signed webhook.',
    fault: 'The sinks of the config were not among the plugins.',
  },
  {
    id: 'outbox.commit',
    behaviour:
      'A delivery is asked for exactly when the transaction of the application commits, and other processes are told.',
    fault: 'Nobody was notified.',
  },
  {
    id: 'outbox.rollback',
    behaviour: 'A transaction, or a part of it, that is rolled back has asked for nothing.',
    fault: 'The request was written on a connection of the store.',
  },
  {
    id: 'outbox.same',
    behaviour: 'A request is kept as it was asked for.',
    fault: 'The payload was kept as jsonb, which has no NUL.',
  },
  {
    id: 'outbox.once',
    behaviour: 'A request that waits is not asked for again under its id, one that was refused is.',
    fault: 'What waits was written over.',
  },
  {
    id: 'outbox.check',
    behaviour: 'A request that cannot be kept is refused, naming it, before anything is written.',
    fault: 'A second request of one id reached the database.',
  },
  {
    id: 'outbox.handed-over',
    behaviour: 'What is asked for is handed to the delivery once, at the start too, and is forgotten then.',
    fault: 'The request was not deleted.',
  },
  {
    id: 'outbox.crash',
    behaviour:
      'What a crash leaves handed over but not forgotten is sent once all the same, also when its route has changed.',
    fault: 'The way of a request was not kept before it was handed over.',
  },
  {
    id: 'outbox.again',
    behaviour: 'What cannot be handed over for the moment is tried again, not before it is told to.',
    fault: 'The wait that a refusal names was not kept.',
  },
  {
    id: 'outbox.refused',
    behaviour:
      'What can never be handed over is kept with the reason and told, and tried again when it is asked for again.',
    fault: 'A refusal was tried again like a failure for the moment.',
  },
  {
    id: 'outbox.untrusted',
    behaviour: 'A way that was kept too long ago is decided anew.',
    fault: 'A resolution that had expired was a refusal.',
  },
  {
    id: 'outbox.mob',
    behaviour: 'What is for one mob is left to that one, which alone claims it.',
    fault: 'What was asked for of a mob was kept among what is for whichever has the store open.',
  },
  {
    id: 'outbox.mob-before',
    behaviour:
      'What an earlier version kept for a mob among what is for all is handed over by that mob, and left to it by others.',
    fault: 'It was written to the table of its mob, where it was not: it was never handed over.',
  },
  {
    id: 'outbox.own-rows',
    behaviour:
      'In a transaction of an application what is asked for of a mob goes to a table of that mob, which need not have run yet.',
    fault: 'Every request was written to the table of those that name no mob.',
  },
  {
    id: 'outbox.own-connection',
    behaviour:
      'Where its table is there a delivery is asked for on the connection of the application alone, so that transactions which hold the whole pool do not wait for each other.',
    fault: 'The table was looked for on a connection of the store.',
  },
  {
    id: 'outbox.refused-kept',
    behaviour: 'What was refused is forgotten when it has been kept for as long as settled deliveries are.',
    fault: 'What was refused was never due.',
  },
  {
    id: 'outbox.stop',
    behaviour: 'A delivery that stops hands over nothing more, and waits for what is under way.',
    fault: 'The stop did not wait for what was being handed over.',
  },
  {
    id: 'outbox.two-processes',
    behaviour:
      'With two deliveries on one Postgres each request that commits is sent once, as soon as it is notified.',
    fault: 'The notification was not followed.',
  },
];
