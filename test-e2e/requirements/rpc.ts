import type { Requirement } from '../requirement.js';

export const rpcRequirements: readonly Requirement[] = [
  {
    id: 'rpc.parse-error',
    behaviour: 'Text that is not JSON is answered with -32700 and id null.',
    fault: 'Broken text was handed on as an undefined message.',
  },
  {
    id: 'rpc.invalid-request',
    behaviour: 'What is not a request, a batch included, is answered with -32600 and the reason.',
    fault: 'The version was not checked.',
  },
  {
    id: 'rpc.method-not-found',
    behaviour: 'An unknown method is answered with -32601 and its name.',
    fault: 'The name was left out of the error.',
  },
  {
    id: 'rpc.id',
    behaviour: 'The id is echoed: text, number or null.',
    fault: 'An id that is empty, 0 or null made the request a notification.',
  },
  {
    id: 'rpc.notification',
    behaviour: 'A request without an id is executed and not answered; its failure goes to `onError`.',
    fault: 'The response was returned all the same.',
  },
  {
    id: 'rpc.integers',
    behaviour:
      'An integer beyond 2^53 is refused by the name of its field, and as an id with -32600; none is rounded.',
    fault: 'Any finite number was taken as an id.',
  },
  {
    id: 'rpc.error-kind',
    behaviour:
      'Every error has its number, a stable `data.kind` and its details; a detail cannot pose as the kind.',
    fault: 'Details were spread over the kind.',
  },
  {
    id: 'rpc.internal',
    behaviour:
      'Of an unexpected failure a caller learns nothing but that it happened; `onError` gets it whole.',
    fault: 'The message of the error was told.',
  },
  {
    id: 'rpc.status',
    behaviour: 'The status tells the state of the mob and what became of every event.',
    fault: 'The counts of ingestion were left out.',
  },
  {
    id: 'rpc.status-lost',
    behaviour: 'The status says who has the mob when it was lost to another engine.',
    fault: 'It was left out of the answer.',
  },
  {
    id: 'rpc.capabilities',
    behaviour: 'Capabilities name exactly the methods that are served, and no ability without a method.',
    fault: 'A method that is not served was named.',
  },
  {
    id: 'rpc.member-life',
    behaviour:
      'Members are ensured, respawned, reset and cancelled by name, also to go on with a kept session, and their details are told; an unknown one is `member_not_found`.',
    fault: 'The session to go on with was dropped.',
  },
  {
    id: 'rpc.members',
    behaviour: 'Members are given under the names of contract 0.4.0; an unknown one is `member_not_found`.',
    fault: 'The state was written in lower case.',
  },
  {
    id: 'rpc.spawn',
    behaviour: 'A member is spawned by the names of the contract and by the older ones.',
    fault: '`meerkat_id` was not read.',
  },
  { id: 'rpc.retire', behaviour: 'A member is retired.', fault: 'The runtime was not asked to retire.' },
  {
    id: 'rpc.send',
    behaviour:
      'A message is taken as text or text blocks, under either name, and the answer names its interaction.',
    fault: '`message` won over `content`.',
  },
  {
    id: 'rpc.send-more',
    behaviour:
      'Pictures reach the member as they are, a message may steer, and the answer says how it is handled.',
    fault: 'The handling mode was left out of the call.',
  },
  {
    id: 'rpc.wire',
    behaviour: 'Members are wired and unwired by name; an unknown one is member_not_found.',
    fault: 'unwire_members wired.',
  },
  {
    id: 'rpc.invalid-params',
    behaviour: 'Wrong params are refused with the field and the rule, and nothing is done.',
    fault: '`data.field` was always "params".',
  },
  {
    id: 'rpc.query-events',
    behaviour:
      'Events are answered as a bare array under their wire names; without a log the answer says so.',
    fault: 'The limit was used as the cursor.',
  },
  {
    id: 'rpc.mob-events',
    behaviour: 'Structural events are answered with the scanned cursor to go on from and whether more match.',
    fault: '`has_more` was guessed from the number of events.',
  },
  {
    id: 'rpc.subscribe',
    behaviour: 'Subscribing answers a page and the address of the stream that goes on where the page ends.',
    fault: 'The address began at the latest cursor instead of the end of the page.',
  },
  {
    id: 'rpc.stale',
    behaviour: 'A cursor beyond the ledger is answered with -32010 and both cursors.',
    fault: 'The latest cursor was read from a detail of another name.',
  },
  {
    id: 'rpc.blank-content',
    behaviour: 'A message whose blocks say nothing is refused as invalid params, naming content.',
    fault: 'content was not looked into',
  },
  {
    id: 'rpc.identity',
    behaviour: 'A member cannot be spawned under a name that is not addressable, `__proto__` or `..`.',
    fault: 'any text of word characters and dots was taken',
  },
  {
    id: 'rpc.no-page',
    behaviour: 'A query for no events says that there is no more, so that a reader who follows it ends.',
    fault: 'has_more was passed on as the store said it',
  },
  {
    id: 'rpc.status-archive',
    behaviour: 'The status tells how far the archive is behind, since when and why; nothing without one.',
    fault: '`behind_ms` was left out.',
  },
  {
    id: 'rpc.status-failing',
    behaviour: 'The status tells since when no event reaches the log, and why.',
    fault: '`failing` was left out.',
  },
  {
    id: 'rpc.dead-events',
    behaviour:
      'Dead letters are answered in pages with the key to go on after; without a store of them the answer says so.',
    fault: '`next_after_key` was the key of the first letter.',
  },
  {
    id: 'rpc.query-pruned',
    behaviour: 'A cursor after which events were removed is answered with -32010, the oldest and the latest.',
    fault: 'The oldest was left out.',
  },
  {
    id: 'rpc.flows',
    behaviour:
      'Flows are listed, run, told of and cancelled under the names of the contract; an unknown flow is -32602, an unknown run null.',
    fault: 'Rows of steps themselves had no identity.',
  },
  {
    id: 'rpc.reconcile',
    behaviour:
      'The shape is planned and reconciled under the names of the contract, what is desired may be spelled the older way, and a plan that was shown is held to.',
    fault: 'The plan that was shown was not handed on.',
  },
  {
    id: 'rpc.reconcile-modules',
    behaviour: 'Modules are reconciled by their names, alone; one that is no text is named by its place.',
    fault: 'Members beside modules were passed over.',
  },
  {
    id: 'rpc.rediscover',
    behaviour:
      'A rediscovery and a reconcile of edges answer their reports, and `no_discovery_configured` when nobody says who should exist.',
    fault: 'Without a source the answer was null.',
  },
  {
    id: 'rpc.roster',
    behaviour: 'Members are found and ensured by a label, and many are spawned with an answer for each.',
    fault: 'The value of the label was not looked at.',
  },
];
