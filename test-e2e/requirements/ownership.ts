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
    id: 'ownership.children',
    behaviour: 'Mobs that agents made go at once to whoever takes the mob they were made in.',
    fault: 'A child was opened only when its own lease had run out.',
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
    id: 'ownership.standby-http',
    behaviour:
      'A server that stands by says who runs the mob, to whoever asks whether it is ready or for anything else.',
    fault: 'It said that the mob was starting.',
  },
  {
    id: 'ownership.http',
    behaviour: 'A server whose runtime lost its mob answers until that has shut down, and is closed then.',
    fault: 'The listener was closed first.',
  },
  {
    id: 'ownership.refused',
    behaviour:
      'A second process on a mob is refused with who runs it, on which machine and at which address, and with what can be done; it exits with 1.',
    fault: 'The owner was named without its address.',
  },
  {
    id: 'ownership.killed',
    behaviour:
      'A process that stands by says so, and goes on with roster, wiring and dense cursors when the one that ran the mob was killed.',
    fault: 'A silent owner was waited for until it was forgotten.',
  },
  {
    id: 'ownership.takeover',
    behaviour:
      'A mob that is taken over is handed over in order: its server is not ready and says who gets it while turns end, then its process exits with 0.',
    fault: 'The runtime was not told that somebody asked.',
  },
  {
    id: 'ownership.stalled',
    behaviour:
      'A process that was stopped for longer than its lease steps down when it goes on: nothing it writes is kept, no cursor is missing or double; with --wait it stands by.',
    fault: 'A process that lost its mob exited although it was to stand by.',
  },
  {
    id: 'ownership.takeover-force',
    behaviour: 'A process whose mob was taken by force says who has it and exits with 1.',
    fault: 'A lost mob was an orderly end.',
  },
  {
    id: 'ownership.takeover-asks',
    behaviour: 'A takeover is begun only when a person at a terminal, or --yes, says so.',
    fault: 'Without a terminal it went on.',
  },
];
