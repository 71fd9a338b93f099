import { errorText } from '@mobkit/core';

import type { ConformanceHarness, Stores } from '../harness.js';

/**
 * Loads the harness that a module exports and opens it once, to see what it gives.
 *
 * @throws Error with a sentence for whoever wrote the module.
 */
export async function loadHarness(
  url: string,
): Promise<{ readonly harness: ConformanceHarness; readonly given: Stores }> {
  const loaded = (await import(/* @vite-ignore */ url).catch((cause: unknown) => {
    throw new Error(`The module cannot be loaded: ${errorText(cause)}`, { cause });
  })) as { harness?: ConformanceHarness };
  const { harness } = loaded;
  if (typeof harness?.open !== 'function' || typeof harness.name !== 'string') {
    throw new Error('The module has no export "harness" with a name and open()');
  }
  const opened = await Promise.resolve()
    .then(() => harness.open())
    .catch((cause: unknown) => {
      throw new Error(`The store cannot be opened: ${errorText(cause)}`, { cause });
    });
  const { storage, eventLog, metadata, sessions, close } = opened ?? {};
  if (typeof close !== 'function' || !(storage || eventLog || metadata || sessions)) {
    throw new Error('open() gives none of storage, eventLog, metadata and sessions, or no close');
  }
  await opened.close();
  return {
    harness,
    given: {
      ...(storage && { storage }),
      ...(eventLog && { eventLog }),
      ...(metadata && { metadata }),
      ...(sessions && { sessions }),
    },
  };
}
