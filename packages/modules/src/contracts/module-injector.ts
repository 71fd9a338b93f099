import type { JsonObject, JsonValue } from '@mobkit/core';
import type { ScheduleInjector } from '@mobkit/core/ops';

import { type AskedModules, askModule, invalidPayload, isObject, textIn } from './ask-module.js';

const TOOL = 'scheduling.dispatch';

/**
 * Puts a loaded module `scheduling` behind `ScheduleInjector`: its tool `scheduling.dispatch` is asked with the claim, and may
 * answer an object with `runtime_injection`, which has `member_id` and `message`. Without such a module nobody is told anything.
 * An injection without one of both is MobError `MOB_MODULE_CALL_FAILED` (`details.reason` `invalid_payload`, `details.field`).
 */
export function createModuleInjector(modules: AskedModules): ScheduleInjector {
  return {
    async injectionFor({ scheduleId, interval, timezone, dueTickMs, tickMs, claimKey }) {
      const answer = await askModule(modules, {
        moduleId: 'scheduling',
        tool: TOOL,
        params: {
          schedule_id: scheduleId,
          interval,
          timezone,
          due_tick_ms: dueTickMs,
          tick_ms: tickMs,
          claim_key: claimKey,
        },
      });
      const injection = isObject(answer) ? answer['runtime_injection'] : undefined;
      if (injection === undefined || injection === null) return undefined;
      return {
        memberId: expectText(injection, 'member_id'),
        message: expectText(injection, 'message'),
      };
    },
  };
}

function expectText(injection: JsonValue, field: keyof JsonObject & string): string {
  const text = isObject(injection) ? textIn(injection[field]) : undefined;
  if (text === undefined)
    throw invalidPayload('scheduling', TOOL, `runtime_injection.${field}`, 'is missing or blank');
  return text;
}
