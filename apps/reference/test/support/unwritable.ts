import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

import { onTestFinished } from 'vitest';

/** An output that refuses every byte, as a full disk does, or a terminal that was closed. */
export function unwritable({ isTTY }: { readonly isTTY: boolean }) {
  const fd = openSync(devNull, 'r');
  onTestFinished(() => closeSync(fd));
  return { isTTY, fd };
}
