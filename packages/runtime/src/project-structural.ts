import type { Labels, MetadataScope, PersistentMetadataStore } from '@mobkit/core';
import { type MobEvent, structuralFields } from '@mobkit/core/mob';

import type { StructuralEvent, StructuralGap } from './structural-event.js';

type LabelSource = Pick<PersistentMetadataStore, 'labels'>;

/** Shows ledger entries with the labels that their mob and run have now, each asked for once. */
export async function projectStructural(
  events: readonly MobEvent[],
  metadata: LabelSource,
): Promise<readonly StructuralEvent[]> {
  const asked = new Map<string, Promise<Labels>>();
  const labelsOf = (scope: MetadataScope) => {
    const key = JSON.stringify([scope.mobId, scope.runId]);
    const labels = asked.get(key) ?? metadata.labels(scope);
    asked.set(key, labels);
    return labels;
  };
  return Promise.all(
    events.map(async ({ cursor, mobId, timestampMs, kind }): Promise<StructuralEvent> => {
      const fields = structuralFields(kind);
      const { runId } = fields;
      const [mobLabels, runLabels] = await Promise.all([
        labelsOf({ mobId }),
        runId === undefined ? {} : labelsOf({ mobId, runId }),
      ]);
      return {
        eventId: `mob-evt-${cursor}`,
        cursor,
        mobId,
        timestampMs: Math.max(timestampMs, 0),
        kind: kind.type,
        ...fields,
        mobLabels,
        runLabels,
        data: kind,
      };
    }),
  );
}

/** Shows a gap as an event, at the cursor after which the ledger goes on. */
export async function projectGap(
  mobId: string,
  gap: StructuralGap,
  timestampMs: number,
  metadata: LabelSource,
): Promise<StructuralEvent> {
  const { after_cursor: from, resumed_after: cursor } = gap;
  const eventId = `mob-evt-gap-${from}-${cursor}`;
  const mobLabels = await metadata.labels({ mobId });
  return { eventId, cursor, mobId, timestampMs, kind: gap.type, mobLabels, runLabels: {}, data: gap };
}
