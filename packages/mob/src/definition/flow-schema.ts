import { z } from 'zod';

const stepSchema = z.looseObject({
  role: z.string(),
  depends_on: z.array(z.string()).exactOptional(),
  depends_on_mode: z.enum(['all', 'any']).exactOptional(),
  collection_policy: z
    .discriminatedUnion(
      'type',
      [
        z.looseObject({ type: z.literal('all') }),
        z.looseObject({ type: z.literal('any') }),
        z.looseObject({ type: z.literal('quorum'), n: z.int() }),
      ],
      'give it "all", "any" or "quorum"',
    )
    .exactOptional(),
  branch: z.string().exactOptional(),
  condition: z.unknown().optional(),
});

/** What is checked of a flow: its flat steps and how they hang together. */
export const flowSchema = z.looseObject({ steps: z.record(z.string(), stepSchema).exactOptional() });

export type FlowSteps = NonNullable<z.output<typeof flowSchema>['steps']>;
