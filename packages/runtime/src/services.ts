import type { Clock } from '@mobkit/core';
import { errorText, within } from '@mobkit/core';
import type { RuntimeService, ServiceHost } from '@mobkit/core/ops';

import type { Rollback } from './rollback.js';

/** For a service that does not come back, however often it promised. */
const GRACE_MS = 10_000;

/** A service undone with a start gets this to end. */
const UNDO_MS = 10_000;

export interface NamedService {
  /** As complaints call it. */
  readonly name: string;
  readonly service: RuntimeService | undefined;
}

/** Starts services in the order given; each is stopped again when a later step of the bootstrap fails, also by itself. */
export async function startServices(
  services: readonly NamedService[],
  host: ServiceHost,
  {
    rollback,
    goOn,
    clock,
  }: { readonly rollback: Rollback; readonly goOn: () => void; readonly clock: Clock },
): Promise<void> {
  for (const { name, service } of services) {
    if (!service) continue;
    rollback.add(async () => {
      const [failure] = await stopServices([{ name, service }], () => UNDO_MS, clock);
      if (failure !== undefined) throw new Error(failure);
    });
    await service.start(host);
    goOn();
  }
}

/** Stops services in the order given, one after the other. Never rejects: answers what went wrong. */
export async function stopServices(
  services: readonly NamedService[],
  leftMs: () => number,
  clock: Clock,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { name, service } of services) {
    if (!service) continue;
    const what = `The ${name} did not stop`;
    // Asked for each: what one took the next has not.
    const deadlineMs = leftMs();
    try {
      const stopping = service.stop({ deadlineMs }).then(() => true);
      const stopped = await within(clock, deadlineMs + GRACE_MS, stopping);
      if (!stopped) failures.push(`${what}: no answer after ${deadlineMs + GRACE_MS} ms`);
    } catch (error) {
      failures.push(`${what}: ${errorText(error)}`);
    }
  }
  return failures;
}
