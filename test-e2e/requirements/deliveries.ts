import type { Requirement } from '../requirement.js';

/** How messages leave the mob: records, attempts, limits, dead letters. */
export const deliveriesRequirements: readonly Requirement[] = [
  {
    id: 'delivery.payload-text',
    behaviour: 'A payload reads as its text, of an object as its `text` or `message`, else as JSON.',
    fault: 'A blank `text` was taken; an object was always JSON.',
  },
];
