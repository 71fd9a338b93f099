import type { MobDefinition } from '@mobkit/core/mob';
import { z } from 'zod';

import { flowSchema, limitsSchema, supervisorSchema } from './flow-schema.js';

// The shapes of a definition, checked and never changed: what is stored is what was written. A loose object lets keys
// pass that later versions and other engines read; a strict one is for tables whose keys are all known.

const text = z.string().regex(/\S/, 'give it a text that is not blank');

export const profileSchema = z.looseObject({
  model: text,
  skills: z.array(z.string()).exactOptional(),
  tools: z
    .looseObject({
      comms: z.boolean().exactOptional(),
      host: z.array(text).exactOptional(),
      mcp: z.array(text).exactOptional(),
      mob: z.boolean().exactOptional(),
      gated: z.record(text, z.enum(['r0', 'r1', 'r2', 'r3'])).exactOptional(),
    })
    .exactOptional(),
  peer_description: z.string().exactOptional(),
  external_addressable: z.boolean().exactOptional(),
  runtime_mode: z.enum(['autonomous_host', 'turn_driven']).exactOptional(),
  backend: z.enum(['session', 'external']).exactOptional(),
  max_inline_peer_notifications: z.int().exactOptional(),
  output_schema: z.record(z.string(), z.unknown()).exactOptional(),
  provider_params: z.record(z.string(), z.unknown()).exactOptional(),
});

const memberSchema = z.strictObject({
  identity: z.string(),
  profile: z.string(),
  initial_message: text.exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});

const skillSchema = z.discriminatedUnion(
  'source',
  [
    z.strictObject({ source: z.literal('inline'), content: z.string() }),
    z.strictObject({ source: z.literal('path'), path: text }),
  ],
  'give it "inline" or "path"',
);

const backendSchema = z.looseObject({
  default: z.enum(['session', 'external']).exactOptional(),
  external: z
    .looseObject({
      address_base: z.string(),
      supervisor_bridge: z
        .looseObject({
          bind_address: z.string().exactOptional(),
          advertised_address: z.string().exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
});

const topologySchema = z.looseObject({
  mode: z.enum(['advisory', 'strict']),
  rules: z.array(z.looseObject({ from_role: z.string(), to_role: z.string(), allowed: z.boolean() })),
});

export const spawnPolicySchema = z.discriminatedUnion(
  'mode',
  [
    z.strictObject({ mode: z.literal('none') }),
    z.strictObject({ mode: z.literal('auto'), profile_map: z.record(z.string(), z.string()) }),
  ],
  'give it "none" or "auto"',
);

export const definitionSchema = z.looseObject({
  // It becomes part of names that are joined with "/".
  id: z.string().regex(/^[^\s/\p{C}]{1,100}$/u, 'give it 1 to 100 characters without spaces and "/"'),
  orchestrator: z.strictObject({ profile: z.string() }).exactOptional(),
  profiles: z.record(z.string(), profileSchema),
  members: z.array(memberSchema).exactOptional(),
  wiring: z
    .strictObject({
      auto_wire_orchestrator: z.boolean().exactOptional(),
      role_wiring: z.array(z.strictObject({ a: z.string(), b: z.string() })).exactOptional(),
    })
    .exactOptional(),
  skills: z.record(z.string(), skillSchema).exactOptional(),
  backend: backendSchema.exactOptional(),
  topology: topologySchema.exactOptional(),
  supervisor: supervisorSchema.exactOptional(),
  limits: limitsSchema.exactOptional(),
  spawn_policy: spawnPolicySchema.exactOptional(),
  event_router: z
    .looseObject({
      buffer_size: z.int().min(1, 'give it a whole number from 1').exactOptional(),
      include_patterns: z.array(text).exactOptional(),
      exclude_patterns: z.array(text).exactOptional(),
    })
    .exactOptional(),
  flows: z.record(z.string(), flowSchema).exactOptional(),
}) satisfies z.ZodType<MobDefinition>;

/** A definition of the right shape, with what the contract leaves open. */
export type CheckedDefinition = z.output<typeof definitionSchema>;
