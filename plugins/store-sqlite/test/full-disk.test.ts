import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { runOnSmallDisk } from '../../../test-e2e/support/small-disk.js';
import type { DiskReport } from './full-disk.js';

const program = fileURLToPath(new URL('full-disk.ts', import.meta.url));

// Only Linux can give a program a disk of its own.
it.runIf(process.platform === 'linux')(
  '[sqlite.full-disk] refuses writes on a full disk, reads on, loses nothing in a crash, and goes on when there is room',
  { timeout: 60_000 },
  async () => {
    const { child } = runOnSmallDisk({ sizeKb: 4_096, program });
    const reports: DiskReport[] = [];
    child.on('message', (report: DiskReport) => reports.push(report));
    expect(await once(child, 'exit')).toEqual([0, null]);

    const full = {
      code: 'MOB_STORE_UNAVAILABLE',
      retryable: true,
      details: { reason: 'disk_full', directory: expect.stringContaining('state') },
      message: expect.stringContaining('is full'),
    };
    expect(reports.map(({ step, error }) => ({ step, error }))).toMatchObject([
      { step: 'full', error: full },
      { step: 'still full', error: full },
      { step: 'room was made', error: undefined },
      { step: 'full again', error: full },
      { step: 'killed', error: full },
      { step: 'I/O error', error: full },
      { step: 'room again', error: undefined },
    ]);
    let acknowledged = 0;
    for (const report of reports) {
      acknowledged += report.acknowledged;
      // Every acknowledged event is there and nothing of a refused batch, without a hole.
      expect(report.lastSeq).toBe(acknowledged);
      expect(report.seqs).toEqual(Array.from({ length: acknowledged }, (_, at) => at + 1));
    }
    expect(reports[0]?.acknowledged).toBeGreaterThan(100);
    expect(reports.find(({ step }) => step === 'killed')?.integrity).toEqual([{ integrity_check: 'ok' }]);
  },
);
