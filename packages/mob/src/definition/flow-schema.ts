import type { FlowCondition, FlowDefinition, FlowFrame } from '@mobkit/core/mob';
import { z } from 'zod';

const stepNames = z.array(z.string());
const dependsOnMode = z.enum(['all', 'any']);
const failurePolicy = z.enum(['escalate', 'continue']);
const text = z.string().regex(/\S/, 'give it a text that is not blank');
const timeMs = z.int().min(1, 'give it a number of milliseconds from 1');

const block = z.union([
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.enum(['image', 'video']),
    media_type: text,
    data: z.string().exactOptional(),
    url: z.string().exactOptional(),
  }),
]);

const conditionSchema: z.ZodType<FlowCondition> = z.lazy(() =>
  z.discriminatedUnion(
    'op',
    [
      z.strictObject({ op: z.enum(['eq', 'gt', 'lt']), path: text, value: z.unknown() }),
      z.strictObject({ op: z.literal('in'), path: text, values: z.array(z.unknown()) }),
      z.strictObject({ op: z.enum(['and', 'or']), exprs: z.array(conditionSchema).min(1) }),
      z.strictObject({ op: z.literal('not'), expr: conditionSchema }),
    ],
    'give it "eq", "in", "gt", "lt", "and", "or" or "not"',
  ),
);

const stepSchema = z.looseObject({
  role: z.string(),
  message: z.union([text, z.array(block).min(1)], 'give it a text, or a list of blocks'),
  depends_on: stepNames.exactOptional(),
  depends_on_mode: dependsOnMode.exactOptional(),
  dispatch_mode: z.enum(['fan_out', 'one_to_one', 'fan_in']).exactOptional(),
  collection_policy: z
    .discriminatedUnion(
      'type',
      [
        z.strictObject({ type: z.literal('all') }),
        z.strictObject({ type: z.literal('any') }),
        z.strictObject({ type: z.literal('quorum'), n: z.int() }),
      ],
      'give it "all", "any" or "quorum"',
    )
    .exactOptional(),
  condition: conditionSchema.exactOptional(),
  timeout_ms: timeMs.exactOptional(),
  expected_schema_ref: text.exactOptional(),
  branch: z.string().exactOptional(),
  allowed_tools: z.array(text).exactOptional(),
  blocked_tools: z.array(text).exactOptional(),
  output_format: z.enum(['json', 'text']).exactOptional(),
  failure_policy: failurePolicy.exactOptional(),
});

const frameSchema: z.ZodType<FlowFrame> = z.lazy(() =>
  z.strictObject({
    nodes: z.record(
      z.string(),
      z.discriminatedUnion(
        'kind',
        [
          z.strictObject({
            kind: z.literal('step'),
            step_id: z.string(),
            depends_on: stepNames.exactOptional(),
            depends_on_mode: dependsOnMode.exactOptional(),
            branch: z.string().exactOptional(),
            failure_policy: failurePolicy.exactOptional(),
          }),
          z.strictObject({
            kind: z.literal('repeat_until'),
            loop_id: z.string(),
            depends_on: stepNames.exactOptional(),
            depends_on_mode: dependsOnMode.exactOptional(),
            body: frameSchema,
            until: conditionSchema,
            max_iterations: z.int(),
            failure_policy: failurePolicy.exactOptional(),
          }),
        ],
        'give it "step" or "repeat_until"',
      ),
    ),
  }),
);

/** The shape of a flow. How its steps hang together is checked apart. */
export const flowSchema = z.looseObject({
  description: z.string().exactOptional(),
  steps: z.record(z.string(), stepSchema),
  root: frameSchema.exactOptional(),
}) satisfies z.ZodType<FlowDefinition>;

const count = z.int().min(0, 'give it a number from 0');

export const limitsSchema = z.strictObject({
  max_flow_duration_ms: count.exactOptional(),
  max_step_retries: count.exactOptional(),
  max_orphaned_turns: count.exactOptional(),
  cancel_grace_timeout_ms: count.exactOptional(),
  max_active_nodes: count.exactOptional(),
  max_active_frames: count.exactOptional(),
  max_frame_depth: count.exactOptional(),
});

export const supervisorSchema = z.looseObject({
  role: z.string(),
  escalation_threshold: count.exactOptional(),
  escalation_turn_timeout_ms: timeMs.exactOptional(),
  on_escalation: z.enum(['notify', 'reset']).exactOptional(),
});

export type CheckedFlow = z.output<typeof flowSchema>;
export type FlowSteps = CheckedFlow['steps'];
