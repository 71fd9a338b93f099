import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { parseParams } from './params.js';
import {
  createScheduleParams,
  listSchedulesParams,
  occurrencesParams,
  scheduleIdParams,
  scheduleRevisionParams,
  updateScheduleParams,
} from './schedule-params.js';
import { readTickParams } from './tick-params.js';
import { fromWireChange, fromWireSchedule, toWireOccurrence, toWireSchedule } from './wire-schedules.js';
import { toWireDispatchReport, toWireEvaluation } from './wire-ticks.js';

const evaluate: Method = async (context, params) => {
  const { schedules, tickMs } = readTickParams(params);
  return toWireEvaluation(expectPart(context.runtime, 'scheduler').evaluate(schedules, tickMs));
};

const dispatch: Method = async (context, params) => {
  const { schedules, tickMs } = readTickParams(params);
  return toWireDispatchReport(await context.runtime.dispatchScheduleTick(schedules, tickMs));
};

const create: Method = async (context, params) => {
  const given = parseParams(createScheduleParams, params);
  return toWireSchedule(await expectPart(context.runtime, 'scheduler').create(fromWireSchedule(given)));
};

const update: Method = async (context, params) => {
  const { schedule_id: scheduleId, expected_revision, ...given } = parseParams(updateScheduleParams, params);
  const change = fromWireChange(given);
  return toWireSchedule(
    await expectPart(context.runtime, 'scheduler').update(scheduleId, change, revision(expected_revision)),
  );
};

/** One that takes a schedule and the revision it is expected at. */
const changing =
  (name: 'pause' | 'resume' | 'delete'): Method =>
  async (context, params) => {
    const { schedule_id: scheduleId, expected_revision } = parseParams(scheduleRevisionParams, params);
    return toWireSchedule(
      await expectPart(context.runtime, 'scheduler')[name](scheduleId, revision(expected_revision)),
    );
  };

const get: Method = async (context, params) => {
  const { schedule_id: scheduleId } = parseParams(scheduleIdParams, params);
  const schedule = await expectPart(context.runtime, 'scheduler').get(scheduleId);
  return schedule ? toWireSchedule(schedule) : null;
};

const list: Method = async (context, params) => {
  const { phase, after_schedule_id: afterScheduleId, limit } = parseParams(listSchedulesParams, params);
  const { schedules, more } = await expectPart(context.runtime, 'scheduler').list({
    ...(phase && { phase }),
    ...(afterScheduleId !== undefined && { afterScheduleId }),
    ...(limit !== undefined && { limit }),
  });
  return { schedules: schedules.map(toWireSchedule), has_more: more };
};

const occurrences: Method = async (context, params) => {
  const { schedule_id: scheduleId, phase, limit } = parseParams(occurrencesParams, params);
  const found = await expectPart(context.runtime, 'scheduler').occurrences(scheduleId, {
    ...(phase && { phase }),
    ...(limit !== undefined && { limit }),
  });
  return { occurrences: found.map(toWireOccurrence) };
};

export const scheduleMethods: Readonly<Record<string, Method>> = {
  'mobkit/scheduling/evaluate': evaluate,
  'mobkit/scheduling/dispatch': dispatch,
  'mobkit/schedules/create': create,
  'mobkit/schedules/update': update,
  'mobkit/schedules/pause': changing('pause'),
  'mobkit/schedules/resume': changing('resume'),
  'mobkit/schedules/delete': changing('delete'),
  'mobkit/schedules/get': get,
  'mobkit/schedules/list': list,
  'mobkit/schedules/occurrences': occurrences,
};

function revision(expectedRevision: number | undefined) {
  return expectedRevision === undefined ? {} : { expectedRevision };
}
