import type { JsonValue } from '@mobkit/core';
import type { RouteAdvice, RouteAdvisor } from '@mobkit/core/ops';

import { type AskedModules, askModule, isObject, textIn } from './ask-module.js';

/** The largest number a limit may be on this wire. */
const MAX_U32 = 2 ** 32 - 1;

/**
 * Puts a loaded module `router` behind `RouteAdvisor`: its tool `routing.resolve` is asked with the request as it is, and may
 * answer an object with any of `channel`, `sink`, `target_module`, `retry_max`, `backoff_ms` and `rate_limit_per_minute`. What
 * is blank, out of range or of another type counts as not said. Without such a module it has nothing to say.
 */
export function createModuleRouter(modules: AskedModules): RouteAdvisor {
  return {
    async advise({ recipient, channel, retryMax, backoffMs, rateLimitPerMinute }) {
      const answer = await askModule(modules, {
        moduleId: 'router',
        tool: 'routing.resolve',
        params: {
          recipient,
          channel: channel ?? null,
          retry_max: retryMax ?? null,
          backoff_ms: backoffMs ?? null,
          rate_limit_per_minute: rateLimitPerMinute ?? null,
        },
      });
      return isObject(answer) ? adviceIn(answer) : undefined;
    },
  };
}

function adviceIn(answer: { readonly [field: string]: JsonValue }): RouteAdvice {
  const given = {
    channel: textIn(answer['channel']),
    sink: textIn(answer['sink']),
    targetModule: textIn(answer['target_module']),
    retryMax: wholeIn(answer['retry_max'], MAX_U32),
    backoffMs: wholeIn(answer['backoff_ms'], Number.MAX_SAFE_INTEGER),
    rateLimitPerMinute: wholeIn(answer['rate_limit_per_minute'], MAX_U32),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function wholeIn(value: JsonValue | undefined, most: number): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
    ? (value as number)
    : undefined;
}
