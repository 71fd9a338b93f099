import type { RuntimeService } from './runtime-service.js';
import type { ScheduleEvaluator } from './schedule-evaluator.js';

/** Makes things happen when they are due, each once, whoever else works on the same store. */
export interface Scheduler extends ScheduleEvaluator, RuntimeService {}
