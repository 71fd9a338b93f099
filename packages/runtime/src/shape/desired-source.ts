import {
  type AgentDiscoverySpec,
  checkAgentDiscoverySpecs,
  type Clock,
  type DesiredPeerEdge,
  desiredPeerEdges,
  type DiscoveredMember,
  type Discovery,
  type DiscoveryContext,
  type DiscoveryTrigger,
  type EdgeDiscovery,
  errorText,
  isMobError,
  type JsonValue,
  MobError,
  type PersistentMetadataStore,
} from '@mobkit/core';

import { answered } from '../answered.js';

export interface DesiredSourceDeps {
  readonly mobId: string;
  readonly metadata: PersistentMetadataStore;
  readonly discovery?: Discovery | undefined;
  readonly edgeDiscovery?: EdgeDiscovery | undefined;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Nobody waits for an answer any more. */
  readonly signal: AbortSignal;
}

/** Why it is asked, and what the caller passes on. */
export interface Asked {
  readonly trigger: DiscoveryTrigger;
  readonly data?: JsonValue | undefined;
}

/**
 * Asks those who say what shape a mob should have, within a time limit, and holds what they answer to their contracts.
 *
 * Both throw `MOB_DISCOVERY_UNAVAILABLE` (retryable) when the source fails or does not answer in time, and as its contract for what
 * cannot be used.
 */
export class DesiredSource {
  readonly #deps: DesiredSourceDeps;

  constructor(deps: DesiredSourceDeps) {
    this.#deps = deps;
  }

  get knowsMembers(): boolean {
    return this.#deps.discovery !== undefined;
  }

  get knowsEdges(): boolean {
    return this.#deps.edgeDiscovery !== undefined;
  }

  /** Undefined when nobody says who should exist. */
  async members(asked: Asked): Promise<readonly AgentDiscoverySpec[] | undefined> {
    const { discovery } = this.#deps;
    if (!discovery) return undefined;
    return checkAgentDiscoverySpecs(
      await this.#ask('members', asked, (context) => discovery.discover(context)),
    );
  }

  /** Undefined when nobody says who should be able to talk to whom. */
  async edges(
    roster: readonly DiscoveredMember[],
    asked: Asked,
  ): Promise<readonly DesiredPeerEdge[] | undefined> {
    const { edgeDiscovery } = this.#deps;
    if (!edgeDiscovery) return undefined;
    return desiredPeerEdges(
      await this.#ask('edges', asked, (context) => edgeDiscovery.discoverEdges(roster, context)),
    );
  }

  async #ask<T>(
    what: string,
    { trigger, data }: Asked,
    ask: (context: DiscoveryContext) => Promise<T>,
  ): Promise<T> {
    const { mobId, metadata, clock, timeoutMs, signal } = this.#deps;
    const labels = await metadata.labels({ mobId });
    const about = { mobId, labels, trigger, ...(data !== undefined && { data }) };
    try {
      return await answered((given) => ask({ ...about, signal: given }), { clock, timeoutMs, signal });
    } catch (cause) {
      signal.throwIfAborted();
      if (isMobError(cause)) throw cause;
      const message = `The desired ${what} cannot be had: ${errorText(cause)}`;
      throw new MobError('MOB_DISCOVERY_UNAVAILABLE', message, { cause, retryable: true });
    }
  }
}
