import { afterEach, beforeEach, describe } from 'vitest';

import { changeTests } from './scheduler/changes.js';
import { firingTests } from './scheduler/firing.js';
import type { SchedulerHarness } from './scheduler/harness.js';
import { missedTests } from './scheduler/missed.js';
import { processTests } from './scheduler/processes.js';
import { retentionTests } from './scheduler/retention.js';
import { SchedulerStage } from './scheduler/scheduler-stage.js';

/** Registers the tests every `Scheduler` passes. Call it at the top level of a vitest file. */
export function describeScheduler(harness: SchedulerHarness): void {
  describe(`Scheduler contract: ${harness.name}`, () => {
    let opened: Awaited<ReturnType<SchedulerHarness['open']>> | undefined;
    let stage: SchedulerStage | undefined;
    const given = () => {
      if (!stage) throw new Error('The storage could not be opened');
      return stage;
    };
    beforeEach(async () => {
      stage = undefined;
      opened = await harness.open();
      stage = new SchedulerStage(harness, opened.storage);
    });
    afterEach(async () => {
      await stage?.close();
      await opened?.close();
    });
    describe('changes', () => {
      changeTests(given);
    });
    describe('firing', () => {
      firingTests(given);
    });
    describe('missed', () => {
      missedTests(given);
    });
    describe('processes', () => {
      processTests(given);
    });
    describe('retention', () => {
      retentionTests(given);
    });
  });
}
