import type { StreamPosition } from '@mobkit/core';

import type { StreamScope } from './stream-cursor.js';

/** The last numbers of the streams of one mob. */
interface MobNumbers {
  readonly n: number;
  /** By identity. */
  readonly agents: Readonly<Record<string, number>>;
}

/** The last numbers of an epoch. */
export interface StreamEnd extends MobNumbers {
  /** Those of the mobs that agents made, by mob id; absent when there were none. */
  readonly children?: Readonly<Record<string, MobNumbers>>;
}

interface Counts {
  n: number;
  readonly agents: Map<string, number>;
}

/**
 * Counts the events of every mob by itself, and in it those of every member: members of two mobs may have the same name, and
 * what a mob that an agent made does leaves no hole in the numbers of its maker's.
 */
export class StreamNumbers {
  readonly #mobId: string;
  readonly #epoch: number;
  readonly #mobs = new Map<string, Counts>();

  /** @param mobId - the mob of the runtime. */
  constructor(mobId: string, epoch: number) {
    this.#mobId = mobId;
    this.#epoch = epoch;
  }

  next(mobId: string, identity: string): StreamPosition {
    const counts = this.#mobs.get(mobId);
    const agentN = (counts?.agents.get(identity) ?? 0) + 1;
    return { epoch: this.#epoch, n: (counts?.n ?? 0) + 1, agentN };
  }

  take(mobId: string, identity: string, { n, agentN }: StreamPosition): void {
    const counts = this.#mobs.get(mobId) ?? { n: 0, agents: new Map<string, number>() };
    this.#mobs.set(mobId, counts);
    counts.n = n;
    counts.agents.set(identity, agentN);
  }

  /** 0 when there was none. */
  last({ mobId, identity }: StreamScope): number {
    const counts = this.#mobs.get(mobId);
    return (identity === undefined ? counts?.n : counts?.agents.get(identity)) ?? 0;
  }

  end(): StreamEnd {
    const children = [...this.#mobs]
      .filter(([mobId]) => mobId !== this.#mobId)
      .map(([mobId, counts]) => [mobId, toNumbers(counts)] as const);
    const own = toNumbers(this.#mobs.get(this.#mobId) ?? { n: 0, agents: new Map() });
    return { ...own, ...(children.length > 0 && { children: Object.fromEntries(children) }) };
  }
}

function toNumbers({ n, agents }: Counts): MobNumbers {
  return { n, agents: Object.fromEntries(agents) };
}
