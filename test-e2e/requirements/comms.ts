import type { Requirement } from '../requirement.js';

export const commsRequirements: readonly Requirement[] = [
  {
    id: 'comms.unwire',
    behaviour:
      'Unwiring takes a wire away for both members with one event; two that are not wired are left alone, unknown ones are refused.',
    fault: 'The event was written whether there was a wire or not.',
  },
  {
    id: 'comms.unwire-pending',
    behaviour:
      'With a wire go, in the same commit, the messages that wait over it, those under way included; others stay.',
    fault: 'Messages that were being kept were not waited for before the wire went.',
  },
  {
    id: 'comms.unwire-refused',
    behaviour: 'An unwiring that the storage does not take leaves the wire and what waits over it.',
    fault: 'Messages taken out of the queue were not put back.',
  },
  {
    id: 'comms.wire-many',
    behaviour:
      'Many pairs are wired in one members_wired_batch, all or none, without those that are wired already; an unknown member or one wired to itself is a typed error.',
    fault: 'Pairs that were wired already were written again.',
  },
  {
    id: 'comms.wire-many-size',
    behaviour:
      '300 members are wired to 150 others in one event, within seconds, and a restart finds every wire.',
    fault: 'The first pair was left out of the event.',
  },
  {
    id: 'comms.request',
    behaviour:
      'A request reaches a peer with its id and intent, its response comes back with that id and status, and the prompt says of each what it is and from whom.',
    fault: 'The heading of a request left its id out.',
  },
  {
    id: 'comms.reply',
    behaviour:
      'reply_to_peer answers whoever the turn is about, without being told whom; a request is answered by a completed response to its id, pictures included.',
    fault: 'A reply to a request was sent as a plain message.',
  },
  {
    id: 'comms.reply-refused',
    behaviour:
      'A reply is refused as no_reply_capability when no peer caused the turn and as unknown_reply_to for a name that did not, so that nobody else can be answered.',
    fault: 'An unknown name was taken for the only sender.',
  },
  {
    id: 'comms.arguments',
    behaviour:
      'Arguments of the tools that are missing, blank, too long (400 characters for a heading, 1 Mi for content), have control characters or name no peer are errors that name the argument; nothing is sent.',
    fault: 'A heading was checked for its length only.',
  },
  {
    id: 'comms.send-as-member',
    behaviour:
      'A host sends in the name of a member to its peers only: MOB_PEER_UNTRUSTED for others, itself and nobody.',
    fault: 'Whether the two are wired was asked only once the receiver was found.',
  },
  {
    id: 'comms.inbox-bound',
    behaviour: 'Of messages of peers 1024 may wait for a member; the next is MOB_INBOX_FULL, retryable.',
    fault: 'The bound was twice as high.',
  },
  {
    id: 'comms.target-gone',
    behaviour:
      'What is for a broken member is MOB_MEMBER_BROKEN, for one being retired MOB_MEMBER_NOT_FOUND, for one that is gone MOB_PEER_UNTRUSTED.',
    fault: 'A broken member took messages.',
  },
  {
    id: 'comms.external-peer',
    behaviour:
      'A peer outside of the mob is wired and unwired with one event each, however often it is asked, and is known after a restart and a respawn.',
    fault: 'A respawn did not wire the peers outside again.',
  },
  {
    id: 'comms.external-peer-checked',
    behaviour:
      'A key of zeros, another key under a known name, a second name of one peer and the name of a member are MOB_WIRING_INVALID; what is no key, name or address is a TypeError that names the field.',
    fault: 'A key of zeros was taken.',
  },
  {
    id: 'comms.external-name',
    behaviour:
      'A member is not spawned under the name or the id of somebody outside whom a member knows, and the other way round.',
    fault: 'Names outside of the mob were not looked at.',
  },
  {
    id: 'comms.external-delivery',
    behaviour:
      'Members of two mobs of one process that know each other exchange messages in one interaction; who is not known is MOB_PEER_UNTRUSTED, who cannot be found MOB_PEER_UNREACHABLE.',
    fault: 'The receiving mob took messages from any address.',
  },
  {
    id: 'comms.content',
    behaviour: 'Text and pictures reach the model and the transcript as they were sent, also over a restart.',
    fault: 'Pictures were left out of what is kept.',
  },
  {
    id: 'comms.content-checked',
    behaviour:
      'Content that is blank, over 1 Mi characters or no block is a TypeError that names the field, at every door.',
    fault: 'The media type was not held against the type of its block.',
  },
  {
    id: 'comms.steer-first',
    behaviour:
      'What steers is read before what queues; while the first turn of a member is not over it is queued, and the receipt says so.',
    fault: 'A message that steers was not queued during the first turn.',
  },
  {
    id: 'comms.steer',
    behaviour:
      'Messages that steer are folded into the running turn at its next boundary, several at once; a reply must then say which it is for.',
    fault: 'Senders of steering messages were not known to reply_to_peer.',
  },
  {
    id: 'comms.steer-kept',
    behaviour: 'A steering message whose turn was not kept with it is read after a crash.',
    fault: 'A steering message was removed from the storage when it was read.',
  },
  {
    id: 'comms.broadcast',
    behaviour:
      'A broadcast reaches everybody, or everybody of a role, who takes messages from outside, and answers for each; an unknown role is refused.',
    fault: 'A broadcast went to members that are not addressable too.',
  },
  {
    id: 'comms.fence',
    behaviour:
      'Work is taken for the incarnation that is meant; when another took its place it is MOB_FENCE_STALE with both fences.',
    fault: 'Only the generation was compared.',
  },
  {
    id: 'comms.cancel-all',
    behaviour:
      'Cancelling all work of an incarnation ends its turn at the boundary and removes what waits, a first turn as cancelled; when that cannot be kept nothing is cancelled.',
    fault: 'Messages that waited were taken from the queue and stayed in the storage.',
  },
  {
    id: 'comms.notices',
    behaviour:
      'A member is told who joined, left or is a peer no more in one message before the next one it reads, never in a turn of its own; who came and went meanwhile is left out.',
    fault: 'Who came and went was told as gone.',
  },
  {
    id: 'comms.notices-limit',
    behaviour:
      'A member is told only while it has at most as many peers as its profile says, of twenty by name and of the rest by number.',
    fault: 'The bound of the profile was held against those who joined, with one to spare.',
  },
  {
    id: 'comms.notices-kept',
    behaviour:
      'What is told is kept with the run that read it: after a restart or a run that could not be kept the rest is told, and nothing twice.',
    fault: 'What was told was remembered when the run began.',
  },
];
