import { extname, resolve } from 'node:path';

import {
  type Clock,
  type DesiredShape,
  type Discovery,
  DiscoveryWatchers,
  type DiscoveryContext,
  type EdgeDiscovery,
  MobError,
  systemClock,
} from '@mobkit/core';

import { FileWatch } from './file-watch.js';
import { parseShape } from './parse-shape.js';
import { readShapeFile } from './read-shape-file.js';

/** The file that says who is there. */
export interface FileDiscoveryOptions {
  /** A `.toml` or `.json` file of `members` and `edges`. */
  readonly file: string;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** Who should exist and who may talk to whom, as a file says. Both read it anew each time, and can be watched. */
export interface FileDiscovery {
  readonly discovery: Discovery;
  readonly edgeDiscovery: EdgeDiscovery;
  /** Stops watching; nobody is told anything any more, and further calls are refused. May be called twice. */
  close(): Promise<void>;
}

/**
 * Makes a source of a file. Opens nothing: the file is read by each call, and its directory is watched while anybody watches.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a file that is neither TOML nor JSON. From the calls, `MOB_DISCOVERY_UNAVAILABLE`
 * when it cannot be read, `MOB_DISCOVERY_INVALID` or `MOB_WIRING_INVALID` for what is in it; `details` has the `file`, and
 * `line` and `field` where they are known.
 */
export function createFileDiscovery({ file, clock = systemClock }: FileDiscoveryOptions): FileDiscovery {
  const path = resolve(file);
  const format = formatOf(path);
  const watchers = new DiscoveryWatchers();
  const watching = new FileWatch({
    path,
    clock,
    watchers,
    check: async () => {
      const text = await readShapeFile(path);
      return { text, problem: problemOf(() => parseShape(text, format, path)) };
    },
  });
  let closed = false;

  const expectOpen = () => {
    if (closed) throw new TypeError(`The discovery of ${path} is closed`);
  };
  const read = async ({ signal }: DiscoveryContext): Promise<DesiredShape> => {
    expectOpen();
    signal.throwIfAborted();
    const text = await readShapeFile(path, signal);
    signal.throwIfAborted();
    return parseShape(text, format, path);
  };
  const watch: NonNullable<Discovery['watch']> = (watcher) => {
    expectOpen();
    const stop = watchers.add(watcher);
    watching.start();
    return () => {
      stop();
      if (!watchers.any) watching.stop();
    };
  };
  return {
    discovery: { discover: async (context) => (await read(context)).members, watch },
    edgeDiscovery: { discoverEdges: async (_, context) => (await read(context)).edges, watch },
    async close() {
      closed = true;
      watchers.clear();
      watching.stop();
    },
  };
}

function formatOf(path: string): 'toml' | 'json' {
  const extension = extname(path);
  if (extension === '.toml') return 'toml';
  if (extension === '.json') return 'json';
  const message = `${path} is neither a .toml nor a .json file: give it the extension of what it holds`;
  throw new MobError('MOB_CONFIG_INVALID', message, { details: { file: path } });
}

function problemOf(parse: () => unknown): MobError | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error as MobError;
  }
}
