// A store written outside of the project: what its author gives to `mobkit-conformance`.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { eventLogOver, metadataOver } from '@mobkit/core';

import { JournalStorage } from './journal-storage.js';

/** @param {string} path of the journal */
export async function open(path) {
  const storage = new JournalStorage(path);
  return {
    storage,
    eventLog: await eventLogOver(storage),
    metadata: await metadataOver(storage),
    close: async () => storage.close(),
  };
}

// Beside this file, and emptied by the first `open` of a run.
const directory = fileURLToPath(new URL('journals', import.meta.url));
let opened = 0;
const latest = () => join(directory, `${opened}.ndjson`);

export const harness = {
  name: 'journal',
  open() {
    if (opened === 0) rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    opened += 1;
    return open(latest());
  },
  reopen: () => open(latest()),
  child: { entry: import.meta.url, argument: latest },
};
