import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a test's own. `remove` may be called twice. */
export async function temporaryDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'mobkit-discovery-'));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
