import type { UnifiedRuntime } from '@mobkit/runtime';

/** What readers of one runtime were given, and where that was not what they are promised. */
export interface Observers {
  readonly violations: readonly string[];
  /** Resolves when every reader has ended. */
  readonly ended: Promise<void>;
}

/** Reads everything a runtime streams, from now until it ends. */
export function observe(runtime: UnifiedRuntime): Observers {
  const violations: string[] = [];
  let last = 0;
  runtime.onMobEvent(({ cursor }) => {
    if (last > 0 && cursor !== last + 1) violations.push(`structural event ${cursor} was told after ${last}`);
    last = cursor;
  });
  return { violations, ended: readAgents(runtime, violations) };
}

async function readAgents(runtime: UnifiedRuntime, violations: string[]): Promise<void> {
  const stream = runtime.agentEvents({});
  let { epoch, n } = stream.position;
  try {
    for await (const item of stream) {
      if (item.type === 'gap') {
        ({ epoch, n } = item.gap.to);
        continue;
      }
      const { stream: at } = item.event;
      if (at.epoch !== epoch || at.n !== n + 1) {
        violations.push(`agent event ${at.epoch}.${at.n} was given after ${epoch}.${n} without a gap`);
      }
      ({ epoch, n } = at);
    }
  } catch {
    // What the log throws passes through to the reader, who would open another stream.
  }
}
