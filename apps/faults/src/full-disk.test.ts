import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { IngestStats } from '@mobkit/core';
import { expect, it } from 'vitest';

import { runOnSmallDisk } from '../../../test-e2e/support/small-disk.js';
import { tell } from './figures.js';

interface Report {
  readonly told: readonly string[];
  readonly full: IngestStats;
  readonly roomy: IngestStats;
  readonly after: IngestStats;
  readonly kept: readonly string[];
}

const program = fileURLToPath(new URL('full-disk-program.ts', import.meta.url));

// Only Linux can give a program a disk of its own.
it.runIf(process.platform === 'linux')(
  '[faults.spool-full] keeps what a spool on a full disk holds, counts the rest, goes on when there is room, and tells the log where events are missing',
  async () => {
    const { child } = runOnSmallDisk({ sizeKb: 4_096, program });
    const [report] = (await once(child, 'message')) as [Report];
    const { told, full, roomy, after, kept } = report;
    // Once each time it fills: in the program, and maybe again with the room that was made.
    expect(told.length).toBeLessThanOrEqual(2);
    expect(new Set(told)).toEqual(new Set([expect.stringMatching(/takes no events: ENOSPC/)]));
    expect(full.dropped.overflow).toBeGreaterThan(1_000);
    expect(roomy.spilled).toBeGreaterThan(full.spilled);
    const events = kept.filter((id) => !id.startsWith('gap-'));
    expect(after).toMatchObject({ accepted: 30_000, persisted: events.length, spilled: 0, buffered: 0 });
    expect(after.persisted + after.dropped.overflow).toBe(after.accepted);
    expect(events).toEqual(events.toSorted());
    expect(new Set(events).size).toBe(events.length);
    // What is missing is missing where the log was told so, and nowhere else.
    let missing = 0;
    for (const [at, id] of kept.entries()) {
      const before = kept[at - 1] ?? '';
      if (id.startsWith('gap-') || at === 0) continue;
      const last = before.startsWith('gap-') ? (kept[at - 2] ?? '') : before;
      const skipped = Number(id) - Number(last) - 1;
      expect(skipped > 0).toBe(before.startsWith('gap-'));
      missing += skipped;
    }
    expect(missing).toBe(after.dropped.overflow);
    tell('spool on a full disk', {
      accepted: after.accepted,
      kept: events.length,
      dropped_and_told: after.dropped.overflow,
    });
  },
);
