import { checkText } from '@mobkit/core';
import {
  identityProblem,
  RESERVED_PREFIX,
  type SpawnCustomizer,
  type SpawnMemberSpec,
} from '@mobkit/core/mob';
import { z } from 'zod';

import { profileSchema } from '../../definition/definition-schema.js';
import { findUnstorable } from '../../definition/plain-data.js';

/** Where a spec comes from. */
export type SpawnSource = Parameters<SpawnCustomizer>[1];

const text = z.string().regex(/\S/, 'is blank');
const count = z.int().min(1);
const names = z.array(z.string());

/** What most specs do not have. */
const rareSchema = z.object({
  launch: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('fresh') }),
      z.strictObject({ mode: z.literal('resume'), sessionId: text }),
      z.strictObject({
        mode: z.literal('fork'),
        source: text,
        history: z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('full_history') }),
          z.strictObject({ type: z.literal('last_messages'), count }),
        ]),
      }),
    ])
    .optional(),
  profileOverride: profileSchema.optional(),
  modelOverride: text.optional(),
  providerParamsOverride: z.record(z.string(), z.unknown()).optional(),
  toolAccess: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('inherit') }),
      z.strictObject({ type: z.enum(['allow_list', 'deny_list']), tools: names }),
    ])
    .optional(),
  budget: z
    .strictObject({
      maxTokens: count.optional(),
      maxDurationMs: count.optional(),
      maxToolCalls: count.optional(),
    })
    .optional(),
  wireTo: text.optional(),
  tools: z.array(z.looseObject({ name: text })).optional(),
});

const RARE = [...Object.keys(rareSchema.shape), 'context'] as readonly (keyof SpawnMemberSpec)[];

/** @throws TypeError for what is not a spec, naming the field. */
export function checkSpawnSpec(spec: SpawnMemberSpec, source: SpawnSource): void {
  const { identity } = spec;
  // The engine's own names are given by flows only, and come back on resume.
  const own = source === 'flow' || source === 'resume' || source === 'respawn';
  const name =
    own && identity.startsWith(RESERVED_PREFIX) ? identity.slice(RESERVED_PREFIX.length) : identity;
  const problem = typeof name === 'string' ? identityProblem(name) : 'An identity is text';
  if (problem !== undefined) throw new TypeError(problem);
  checkLabels(spec.labels);
  checkTexts(spec);
  if (!['autonomous_host', 'turn_driven', undefined].includes(spec.runtimeMode)) {
    throw new TypeError(`"${spec.runtimeMode}" is not a runtime mode: autonomous_host or turn_driven`);
  }
  if (RARE.some((field) => spec[field] !== undefined)) checkRare(spec);
}

function checkRare(spec: SpawnMemberSpec): void {
  const [issue] = rareSchema.safeParse(spec).error?.issues ?? [];
  if (issue) throw new TypeError(`${issue.path.join('.')} is not what it should be: ${issue.message}`);
  const { context, profileOverride, providerParamsOverride } = spec;
  for (const [field, value] of Object.entries({ context, profileOverride, providerParamsOverride })) {
    const [unstorable] = value === undefined ? [] : findUnstorable(value, [field]);
    if (unstorable) throw new TypeError(`${field} is not plain JSON: ${unstorable.message}`);
  }
}

function checkLabels(labels: unknown = {}): void {
  const plain = typeof labels === 'object' && labels !== null && !Array.isArray(labels);
  if (!plain) throw new TypeError('labels is not an object of texts');
  for (const [key, value] of Object.entries(labels)) {
    checkText('A key of labels', key);
    checkText(`labels["${key}"]`, value);
  }
}

function checkTexts(spec: Partial<Record<keyof SpawnMemberSpec, unknown>>): void {
  const { initialMessage = '', additionalInstructions = [] } = spec;
  if (typeof initialMessage !== 'string') throw new TypeError('initialMessage is not text');
  if (!Array.isArray(additionalInstructions) || additionalInstructions.some((one) => typeof one !== 'string'))
    throw new TypeError('additionalInstructions is not a list of texts');
}
