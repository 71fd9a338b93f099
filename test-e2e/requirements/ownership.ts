import type { Requirement } from '../requirement.js';

export const ownershipRequirements: readonly Requirement[] = [
  {
    id: 'ownership.wait',
    behaviour:
      'Who stands by for a mob says for whom it waits, leaves that one in peace, and goes on with the mob when it has ended.',
    fault: 'An owner that was seen to live refused whoever stands by.',
  },
  {
    id: 'ownership.wait-end',
    behaviour: 'Standing by and asking can be given up: nothing is left, and the owner goes on.',
    fault: 'A request stayed in the lease when it was given up.',
  },
  {
    id: 'ownership.wait-outage',
    behaviour: 'Who stands by outlasts a storage that is away.',
    fault: 'A storage that was away ended the wait.',
  },
  {
    id: 'ownership.ask',
    behaviour:
      'An owner that is asked for its mob shuts it down in order and hands it to who asked, before anybody else who waits.',
    fault: 'The lease was deleted instead of handed over, and who stood by took it.',
  },
  {
    id: 'ownership.force',
    behaviour: 'A mob can be taken by force at once; its former owner steps down and names the new one.',
    fault: 'Taking by force waited until the owner was not heard of.',
  },
  {
    id: 'ownership.fence',
    behaviour:
      'Nothing that an engine writes after it lost its mob is kept, also when the new owner has written nothing yet; the new owner is not disturbed.',
    fault: 'Who took a mob did not fence its former owner out.',
  },
  {
    id: 'ownership.step-down',
    behaviour:
      'A runtime whose mob is lost closes its admission with MOB_LEASE_LOST, is not ready, ends its streams and shuts down by itself; status, readiness and every refusal name the new owner.',
    fault: 'The runtime went on until somebody shut it down.',
  },
  {
    id: 'ownership.step-down-starting',
    behaviour: 'A start whose mob is lost before it stands fails with MOB_LEASE_LOST and leaves nothing.',
    fault: 'Only the signal of the caller was asked while starting.',
  },
  {
    id: 'ownership.epochs',
    behaviour: 'Streams get their epoch when the mob is owned, not when it is waited for.',
    fault: 'The epoch began before the mob was open.',
  },
  {
    id: 'ownership.http',
    behaviour: 'A server whose runtime lost its mob answers until that has shut down, and is closed then.',
    fault: 'The listener was closed first.',
  },
];
