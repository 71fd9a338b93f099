import { type ErrorHook, errorText, systemClock } from '@mobkit/core';

import { createAgentPump } from './agent-pump.js';
import { CallbackGuard } from './callback-guard.js';
import { LiveEvents } from './live-events.js';
import { StorageProbe } from './readiness.js';
import { Runtime } from './runtime.js';
import { checkParts, type RuntimeParts } from './runtime-parts.js';
import { openStreamEpochs } from './stream-epochs.js';
import { StreamHistory } from './stream-history.js';
import { StructuralBroadcast } from './structural-broadcast.js';
import { StructuralEvents } from './structural-events.js';
import type { UnifiedRuntime } from './unified-runtime.js';

const DRAIN_TIMEOUT_MS = 30_000;

/**
 * Opens the mob with its streams around it, and lets it begin to work when everything stands. All or nothing: whatever
 * step fails, what was begun before it is undone in reverse, and no agent has acted.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a part that is missing (`details.field`), and what the engine and the stores
 * throw, unchanged. AggregateError with that error first when undoing failed as well; both are told nowhere else.
 */
export async function bootstrapRuntime(parts: RuntimeParts): Promise<UnifiedRuntime> {
  checkParts(parts);
  const { engine, definition, storage, metadata, eventSink, eventLog, deadLetters } = parts;
  const { clock = systemClock, drainTimeoutMs = DRAIN_TIMEOUT_MS } = parts;
  const guard = new CallbackGuard();
  const onError: ErrorHook = (event) => guard.run(() => parts.onError?.(event));
  const undo: (() => Promise<void>)[] = [];
  try {
    const epochs = await openStreamEpochs(storage);
    const probe = await StorageProbe.open(storage, definition.id, clock);
    const live = new LiveEvents(definition.id, await epochs.begin(definition.id));
    const endEpoch = () => epochs.end(live.mobId, live.epoch, live.end());
    undo.push(async () => {
      live.close();
      // Not a failure to undo: it costs a reader that resumes from here a gap where none was.
      await endEpoch().catch((error: unknown) =>
        onError({ category: 'store_failure', error: errorText(error) }),
      );
    });

    const onAgentEvent = createAgentPump({ live, eventSink, onError });
    const { mob, report } = await engine.open({ definition, onAgentEvent, onError });
    undo.push(async () => {
      const { errors } = await mob.shutdown({ deadlineMs: 0 });
      if (errors.length > 0) throw new Error(`The mob did not stop cleanly: ${errors.join('; ')}`);
    });

    const events = new StructuralEvents(mob.mobId, mob.events, metadata);
    const broadcast = await StructuralBroadcast.start({
      ledger: mob.events,
      metadata,
      guard,
      onError,
      clock,
    });
    undo.push(() => broadcast.stop());

    mob.start();
    const history = new StreamHistory({ epochs, eventSink, eventLog });
    const own = { live, history, endEpoch, events, broadcast, guard, probe };
    return new Runtime({
      ...own,
      mob,
      openReport: report,
      eventSink,
      eventLog,
      deadLetters,
      onError,
      clock,
      drainTimeoutMs,
    });
  } catch (error) {
    const failures = await undoAll(undo);
    if (failures.length === 0) throw error;
    throw new AggregateError([error, ...failures], 'The runtime did not start, nor stop cleanly', {
      cause: error,
    });
  }
}

async function undoAll(undo: readonly (() => Promise<void>)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const step of undo.toReversed()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}
