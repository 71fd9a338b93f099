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
];
