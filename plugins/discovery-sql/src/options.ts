import { type Clock, MobError, systemClock } from '@mobkit/core';
import { Client, type Pool } from 'pg';
import { z } from 'zod';

/** Which questions to ask, and of which database: by a connection string, or through a pool the caller owns and ends. */
export type SqlDiscoveryOptions = {
  /**
   * A query of your own, one row for each member, in the order in which to spawn. Columns: `agent_identity`, `role`, and, where
   * wanted, `labels` and `context` (json), `additional_instructions` (text[] or json), `resume_session_id`. Null counts as absent.
   */
  readonly members: string;
  /** A query of your own, one row for each edge, columns `a` and `b`. Absent: edges are asked of nobody here. */
  readonly edges?: string;
  /** A channel that is notified when an answer may be another. Absent: it cannot be watched. */
  readonly channel?: string;
  /** For one answer. @defaultValue 10000 */
  readonly timeoutMs?: number;
  /** Of one answer; more are an error. @defaultValue 20000 */
  readonly maxRows?: number;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
} & (
  | { readonly connectionString: string }
  /** Needs room for two connections: one is kept for LISTEN while anybody watches. */
  | { readonly pool: Pool }
);

const isPool = (value: unknown): value is Pool =>
  typeof value === 'object' && value !== null && 'connect' in value && 'end' in value;

/** Found out here, because what `pg` throws has the string in it, and so the password. */
function isReadable(connectionString: string): boolean {
  try {
    // Connects to nothing.
    return new Client({ connectionString }) instanceof Client;
  } catch {
    return false;
  }
}

const query = z.string().trim().min(1);
const common = {
  members: query,
  edges: query.optional(),
  channel: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is no name of a channel in small letters')
    .optional(),
  timeoutMs: z.int().min(1).max(3_600_000).default(10_000),
  maxRows: z.int().min(1).max(1_000_000).default(20_000),
  clock: z.custom<Clock>((value) => typeof value === 'object').default(() => systemClock),
};
const schema = z.union([
  z.strictObject({
    ...common,
    connectionString: z
      .string()
      .min(1)
      .refine(isReadable, 'not to be read as postgres://user:password@host:port/database'),
  }),
  z.strictObject({ ...common, pool: z.custom<Pool>(isPool, 'a pg Pool') }),
]);

export type ParsedOptions = z.output<typeof schema>;

/** @throws MobError `MOB_CONFIG_INVALID`, naming each wrong option. */
export function parseOptions(options: SqlDiscoveryOptions): ParsedOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new MobError('MOB_CONFIG_INVALID', `discovery-sql: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
