// A store that is broken as the query of its URL says: what the kit is tried on.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { eventLogOver, metadataOver, sessionStoreOver, type Storage } from '@mobkit/core';

import { JournalStorage } from '../../../test-e2e/conformance-store/journal-storage.js';
import type { ConformanceHarness } from '../src/harness.js';
import { childFaults, eventFaults, metadataFaults, reopenFaults, sessionFaults } from './other-faults.js';
import { viewOf } from './shared-views.js';
import { claimingTogether, storageFaults } from './storage-faults.js';

const query = new URL(import.meta.url).searchParams;
const fault = query.get('fault') ?? '';
const directory = join(query.get('directory') ?? '.', encodeURIComponent(fault));
const sound = (storage: Storage) => storage;

/** For the child processes of the kit. */
export function open(path: string) {
  return over(path, childFaults[fault]?.break);
}

async function over(path: string, breaking: (storage: Storage) => Storage = sound) {
  const kept = new JournalStorage(path);
  const storage = breaking(kept);
  return { storage, eventLog: await eventLogOver(kept), close: async () => kept.close() };
}

let opened = 0;
const latest = () => join(directory, `${opened}.ndjson`);
function next(): string {
  mkdirSync(directory, { recursive: true });
  opened += 1;
  return latest();
}

export const harness = harnessOf();

function harnessOf(): ConformanceHarness {
  const name = fault || 'sound';
  const events = eventFaults[fault];
  if (events) return { name, ...eventsOnly(events.break) };
  const metadata = metadataFaults[fault];
  if (metadata) return { name, ...metadataOnly(metadata.break) };
  const sessions = sessionFaults[fault];
  if (sessions) return { name, ...sessionsOnly(sessions.break) };
  if (fault === 'forgets sessions when it is closed') {
    return { name, ...sessionsOnly((kept) => kept), reopen: () => openSessions(next()) };
  }
  if (fault === 'hands out in one process what another is just handing out') return { name, ...shared() };
  if (fault === 'never closes') {
    const left = async (path: string) => ({ storage: (await over(path)).storage, close: async () => {} });
    return {
      name,
      ...storageOnly(
        () => left(next()),
        () => left(latest()),
      ),
    };
  }
  const breaking = storageFaults[fault]?.break;
  return {
    name,
    ...storageOnly(
      () => over(next(), breaking),
      () => over(latest(), reopenFaults[fault]?.break ?? breaking),
    ),
    ...(fault in childFaults && {
      child: { entry: import.meta.url, execArgv: process.execArgv, argument: latest },
    }),
  };
}

type Opening = () => Promise<{ readonly storage: Storage; close(): Promise<void> }>;

function storageOnly(first: Opening, again: Opening) {
  const only = async (opening: Opening) => {
    const { storage, close } = await opening();
    return { storage, close };
  };
  return { open: () => only(first), reopen: () => only(again) };
}

function eventsOnly(breaking: (typeof eventFaults)[string]['break']) {
  const only = async (path: string) => {
    const { eventLog, close } = await over(path);
    return { eventLog: breaking(eventLog), close };
  };
  return { open: () => only(next()), reopen: () => only(latest()) };
}

function metadataOnly(breaking: (typeof metadataFaults)[string]['break']) {
  const only = async (path: string) => {
    const { storage, close } = await over(path);
    return { metadata: breaking(await metadataOver(storage)), close };
  };
  return { open: () => only(next()), reopen: () => only(latest()) };
}

function sessionsOnly(breaking: (typeof sessionFaults)[string]['break']) {
  return { open: () => openSessions(next(), breaking), reopen: () => openSessions(latest(), breaking) };
}

async function openSessions(
  path: string,
  breaking: (typeof sessionFaults)[string]['break'] = (kept) => kept,
) {
  const { storage, close } = await over(path);
  return { sessions: breaking(await sessionStoreOver(storage)), close };
}

/** Views of one storage, as several processes have them. */
function shared(): Pick<ConformanceHarness, 'open' | 'reopen' | 'supports'> {
  let kept: Storage | undefined;
  let own: Storage | undefined;
  return {
    supports: { processes: 'many' },
    open() {
      kept = new JournalStorage(next());
      own = claimingTogether()(kept);
      return viewOf(kept);
    },
    // What is opened beside the first hands out what another just does.
    reopen: () => viewOf(own!),
  };
}
