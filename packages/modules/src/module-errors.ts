import { MobError, type MobErrorDetails } from '@mobkit/core';
import type { ModuleCallProblem, ModuleProcessProblem } from '@mobkit/core/ops';

import type { ProcessEnd } from './process-group.js';

interface More {
  readonly details?: MobErrorDetails;
  readonly cause?: unknown;
}

export function processFailed(
  module: string,
  reason: ModuleProcessProblem,
  text: string,
  { details, ...rest }: More = {},
): MobError {
  return new MobError('MOB_PROCESS_FAILED', `Module '${module}': ${text}`, {
    ...rest,
    details: { module, reason, ...details },
  });
}

export function callFailed(
  module: string,
  tool: string,
  reason: ModuleCallProblem,
  text: string,
  { details, ...rest }: More = {},
): MobError {
  return new MobError('MOB_MODULE_CALL_FAILED', `Module '${module}': ${text}`, {
    ...rest,
    retryable: reason === 'restarting' || reason === 'overloaded',
    details: { module, tool, reason, ...details },
  });
}

export function timedOut(module: string, operation: string, timeoutMs: number): MobError {
  const text = `Module '${module}': ${operation} was not answered within ${timeoutMs} ms`;
  return new MobError('MOB_MODULE_TIMEOUT', text, { details: { module, operation, timeoutMs } });
}

export function notConfigured(module: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `There is no module "${module}"`, { details: { module } });
}

/** How a process ended, in words. */
export function endText({ exitCode, signal, error }: ProcessEnd): string {
  if (error) return `it could not be started: ${error.message}`;
  if (signal !== undefined) return `its process was ended by ${signal}`;
  return `its process ended with code ${exitCode}`;
}

/** The same as data. */
export function endDetails({ exitCode, signal }: ProcessEnd): MobErrorDetails {
  return { ...(exitCode !== undefined && { exitCode }), ...(signal !== undefined && { signal }) };
}
