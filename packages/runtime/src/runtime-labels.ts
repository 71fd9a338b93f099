import type { Labels, PersistentMetadataStore } from '@mobkit/core';

/** The labels of the mob, or of one run of it. They are kept, and shown with every structural event, past ones too. */
export interface RuntimeLabels {
  /** Empty when there are none. */
  get(runId?: string): Promise<Labels>;
  /**
   * Replaces all of them.
   *
   * @throws TypeError for a label that is not text; MobError `MOB_SHUTTING_DOWN`.
   */
  set(labels: Labels, runId?: string): Promise<void>;
  /** @throws MobError `MOB_SHUTTING_DOWN`. */
  delete(runId?: string): Promise<void>;
}

export interface RuntimeLabelsDeps {
  readonly mobId: string;
  readonly metadata: PersistentMetadataStore;
  /** Throws when nothing is begun any more. */
  readonly admit: (what: string) => void;
}

export function runtimeLabels({ mobId, metadata, admit }: RuntimeLabelsDeps): RuntimeLabels {
  const scopeOf = (runId: string | undefined) => (runId === undefined ? { mobId } : { mobId, runId });
  return {
    get: (runId) => metadata.labels(scopeOf(runId)),
    async set(labels, runId) {
      admit('set labels');
      for (const [name, value] of Object.entries(labels) as [string, unknown][]) {
        if (typeof value !== 'string') throw new TypeError(`Label "${name}" is not text: ${String(value)}`);
      }
      await metadata.setLabels(scopeOf(runId), labels);
    },
    async delete(runId) {
      admit('delete labels');
      await metadata.setLabels(scopeOf(runId), {});
    },
  };
}
