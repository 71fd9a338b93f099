import type { GatingPluginOptions } from '@mobkit/gating/plugin';
import { z } from 'zod';

const text = z.string().trim().min(1).max(400);

/** The part `gating` of a config: who may approve, and how calls of tools are asked about. */
export const gatingConfig = z
  .strictObject({
    approvers: z.array(text).min(1).optional(),
    quorum: z.int().min(1).max(100).optional(),
    tools: z
      .strictObject({
        // One without the other reaches nobody.
        notify: z.strictObject({ recipient: text, channel: text }).optional(),
        timeout_ms: z.int().min(1).max(31_536_000_000).optional(),
      })
      .prefault({}),
  })
  .refine(({ approvers, quorum = 1 }) => quorum <= (approvers ? new Set(approvers).size : Infinity), {
    path: ['quorum'],
    message: 'is more than there are approvers',
  })
  .transform(({ approvers, quorum, tools: { notify, timeout_ms: timeoutMs } }): GatingPluginOptions => {
    return {
      ...(approvers && { approvers }),
      ...(quorum !== undefined && { quorum }),
      calls: { ...(notify && { notify }), ...(timeoutMs !== undefined && { timeoutMs }) },
    };
  })
  .prefault({});
