export { nextFires } from './next-fires.js';
export type { NextFiresOptions } from './next-fires.js';
export { evaluateSchedules } from './tick/evaluate.js';
