// A process that writes to the session file it is given, until it is told to stop in the middle or is done.

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';

const [path = '', writer = '', count = '0', stopAt = ''] = process.argv.slice(2);

/** Says that it is where it was to stop, and does nothing any more: the next that happens to it is SIGKILL. */
function stopHere(): Promise<never> {
  process.send?.('stopped');
  setInterval(() => readdirSync(dirname(path)), 60_000);
  return new Promise(() => {});
}

const { rename, symlink } = fs;
fs.rename = (from, to) => {
  const what = String(to).endsWith('.json') ? 'rename' : 'recover';
  return stopAt === what ? stopHere() : rename(from, to);
};
fs.symlink = async (target, link, ...more) => {
  if (stopAt === 'late' && /\.lock\../.test(String(link))) {
    process.send?.('stopped');
    await once(process, 'message');
  }
  return symlink(target, link, ...more);
};
syncBuiltinESMExports();

const { openFileSessions } = await import('@mobkit/store-file');
const { sessions, close } = await openFileSessions({ path, lockWaitMs: stopAt === 'late' ? 0 : 60_000 });
let said = 'done';
for (let n = 0; n < Number(count); n++) {
  const payload = { writer, n };
  const row = { sessionId: `${writer}-${n}`, updatedAtMs: n, deleted: false, payload, labels: {} };
  await sessions.append([row]).catch((error: { readonly code?: string }) => (said = String(error.code)));
}
await close();
process.send?.(said);
process.disconnect?.();
