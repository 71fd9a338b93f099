import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

/** Names a file that does not exist yet, in a directory that does not either; all are removed when the test file is done. */
export function testFiles(): () => string {
  let parent: string | undefined;
  let count = 0;
  afterAll(() => parent && rmSync(parent, { recursive: true }));
  return () => {
    // At the first use: of a file of which no test runs, nothing is cleaned up.
    parent ??= mkdtempSync(join(tmpdir(), 'mobkit-file-'));
    return join(parent, `state-${count++}`, 'sessions.json');
  };
}
