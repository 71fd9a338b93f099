import type { Crew } from '../roster/crew.js';
import { Wiring } from './wiring.js';

/** How members of a mob talk, and how work reaches them. */
export class Comms {
  readonly wiring: Wiring;

  constructor(crew: Crew) {
    this.wiring = new Wiring(crew);
  }
}
