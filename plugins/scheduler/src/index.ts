export { checkSchedule } from './durable/check-schedule.js';
export { nextFires } from './next-fires.js';
export type { NextFiresOptions } from './next-fires.js';
export { openScheduler } from './open.js';
export type { SchedulerOptions } from './scheduler-options.js';
export { evaluateSchedules } from './tick/evaluate.js';
