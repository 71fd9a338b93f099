import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

/** Names a directory that does not exist yet; all that were named are removed when the test file is done. */
export function testDirectories(): () => string {
  const parent = mkdtempSync(join(tmpdir(), 'mobkit-sqlite-'));
  let count = 0;
  afterAll(() => rmSync(parent, { recursive: true }));
  return () => join(parent, `state-${count++}`);
}
