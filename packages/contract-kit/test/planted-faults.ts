import { setTimeout as pause } from 'node:timers/promises';

import { isMobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Proof, Proofs } from '../src/proofs.js';

/** A part that is broken on purpose: by which id of the suite that has to be noticed, and how it is broken. */
export type PlantedFault<B> = readonly [id: string, breaking: B, waits?: 'in vain'];

interface Planted<S, B> {
  /** What is broken, for the titles: `a delivery`. */
  readonly part: string;
  readonly proofs: readonly Proofs<S>[];
  /** A stage with a part that is broken so; with a sound one where it says nothing. */
  readonly open: (breaking?: B) => Promise<S>;
  /** By what the broken part does. */
  readonly faults: Readonly<Record<string, PlantedFault<B>>>;
}

interface Titled<S> {
  readonly title: string;
  readonly id: string;
  readonly prove: Proof<S>;
}

/** Ends what hangs. */
const PATIENCE_MS = 60_000;
/** Who waits for so long after a sound part is done, which began at the same moment, does so in vain. */
const IN_VAIN_MS = 100;

/** Registers what tries a suite on broken parts. */
export function itCatches<S extends { close(): Promise<void> }, B>(planted: Planted<S, B>): void {
  const { part, open } = planted;
  const faults = Object.entries(planted.faults);
  const titled = titledOf(planted.proofs);
  const tried = new Map<string, Promise<readonly string[]>>();
  const redBy = (fault: string, [wanted, breaking, waits]: PlantedFault<B>) => {
    const ofId = titled.filter(({ id }) => id === wanted);
    const red = tried.get(fault) ?? failed(ofId, () => open(breaking), waits && (() => open()));
    tried.set(fault, red);
    return red;
  };

  it(`[kit.planted-sound] finds nothing wrong with ${part} that is sound`, async () => {
    expect(await failed(titled, () => open())).toEqual([]);
  });

  it.for(faults)(
    `[kit.planted-faults] notices, by the promise it breaks, ${part} that %s`,
    async ([name, fault]) => {
      expect(await redBy(name, fault)).not.toEqual([]);
    },
  );

  it(`[kit.planted-all] has nothing in the suite of ${part} that notices no fault`, async () => {
    const noticed = new Set<string>();
    for (const [name, fault] of faults) for (const title of await redBy(name, fault)) noticed.add(title);
    expect(titled.map(({ title }) => title).filter((title) => !noticed.has(title))).toEqual([]);
  });
}

function titledOf<S>(proofs: readonly Proofs<S>[]): readonly Titled<S>[] {
  const titled: Titled<S>[] = [];
  for (const register of proofs) {
    register((title, prove) => {
      const id = /^\[(.+?)\] /.exec(title)?.[1];
      if (id === undefined) throw new Error(`It has no id: ${title}`);
      titled.push({ title, id, prove });
    });
  }
  return titled;
}

/**
 * The titles of those that fail, each on a stage of its own, all at once. Given sound stages, one that goes on waiting when it is
 * done on such a stage has failed, too: by them, since the machine may be as slow as it likes.
 */
export async function failed<S extends { close(): Promise<void> }>(
  titled: readonly Titled<S>[],
  open: () => Promise<S>,
  sound?: () => Promise<S>,
): Promise<readonly string[]> {
  const found = titled.map(async ({ title, prove }) => {
    const stage = await open();
    const ending = new AbortController();
    const { signal } = ending;
    const waiting = sound
      ? onStage(sound, prove).then(() => pause(IN_VAIN_MS, true, { signal }))
      : pause(PATIENCE_MS, undefined, { signal }).then(() => {
          throw new Error(`It neither holds nor fails: ${title}`);
        });
    const proving = prove(stage).then(() => false, isRefuted);
    try {
      return (await Promise.race([proving, waiting])) ? [title] : [];
    } finally {
      ending.abort();
      await stage.close();
    }
  });
  return (await Promise.all(found)).flat();
}

async function onStage<S extends { close(): Promise<void> }>(
  open: () => Promise<S>,
  prove: Proof<S>,
): Promise<void> {
  const stage = await open();
  try {
    await prove(stage);
  } finally {
    await stage.close();
  }
}

/** That the part did not do what it should. Everything else is a mistake of whoever broke it. */
function isRefuted(error: unknown): true {
  if (isMobError(error) || (error instanceof Error && error.name === 'AssertionError')) return true;
  throw error;
}
