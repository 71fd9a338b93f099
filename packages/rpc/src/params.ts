import { checkText, errorText, isRecord, MobError } from '@mobkit/core';
import { checkContent, type Content, identityProblem } from '@mobkit/core/mob';
import { z } from 'zod';

/** Checks params against a schema. Fields that are `null` count as absent. @throws MobError `MOB_REQUEST_INVALID`. */
export function parseParams<T>(schema: z.ZodType<T>, params: unknown): T {
  if (params !== undefined && params !== null && !isRecord(params)) {
    throw new MobError('MOB_REQUEST_INVALID', 'params must be an object', { details: { field: 'params' } });
  }
  const given = Object.entries(params ?? {}).filter(([, value]) => value !== null);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new MobError('MOB_REQUEST_INVALID', parsed.error.issues.map(describeIssue).join('; '), {
    details: { field: first ? fieldOf(first) : 'params' },
  });
}

export const says = (rule: string) => ({
  error: ({ input }: { readonly input?: unknown }) => (input === undefined ? 'is required' : rule),
});

/** A text that stores can search by. */
export const name = z
  .string(says('must be text'))
  .refine(isStorable, 'must be 1 to 400 characters without NUL');

/** A name for somebody new, by the rule of every door. */
const identity = z.string(says('must be text')).check(({ value, issues }) => {
  const message = identityProblem(value);
  if (message !== undefined) issues.push({ code: 'custom', message, input: value });
});

export const text = z.string(says('must be text'));
const message = text.refine((value) => value.trim() !== '', 'must not be empty');

// A parser rounds an integer beyond 2^53, but never to one within it: what has been rounded is refused here.
export const wholeNumber = z.custom<number>(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'must be a whole number from 0 to 9007199254740991 (2^53 - 1)',
);

/** The most events one answer holds, about 10 MB; a reader pages on from the last. */
const MAX_LIMIT = 10_000;

export const noParams = z.strictObject({});

export const memberParams = z.strictObject({
  member_id: name.optional(),
  agent_identity: name.optional(),
  meerkat_id: name.optional(),
});

export const spawnParams = z.strictObject({
  role: name.optional(),
  profile: name.optional(),
  agent_identity: identity.optional(),
  meerkat_id: identity.optional(),
  module_id: text.optional(),
  initial_message: message.optional(),
  labels: z.record(z.string(), text, says('must be an object of texts')).optional(),
  additional_instructions: z.array(text, says('must be a list of texts')).optional(),
  context: z.unknown().optional(),
  resume_session_id: name.optional(),
  runtime_mode: z
    .enum(['autonomous_host', 'turn_driven'], says('must be "autonomous_host" or "turn_driven"'))
    .optional(),
});

/** A module is spawned by its id alone. */
export const spawnModuleParams = z.strictObject({ module_id: name });

/** By the rule of every door; says which block and which field of it is wrong. */
const content = z.custom<Content>().check(({ value, issues }) => {
  try {
    checkContent('it', value);
  } catch (error) {
    issues.push({ code: 'custom', message: errorText(error).replace(/^it ?/u, ''), input: value });
  }
});

export const sendParams = memberParams.extend({
  message: message.optional(),
  content: content.optional(),
  handling_mode: z.enum(['queue', 'steer'], says('must be "queue" or "steer"')).optional(),
});

const list = z.array(z.unknown(), says('must be a list'));

/** What the lists hold is checked by those who read them. */
export const desiredParams = z.strictObject({
  members: list.optional(),
  edges: list.optional(),
  data: z.unknown().optional(),
});

export type DesiredParams = z.output<typeof desiredParams>;

export const reconcileParams = desiredParams.extend({
  expect_plan: text.optional(),
  modules: z.array(name, says('must be a list of module ids')).optional(),
});

export const labelParams = z.strictObject({ label_key: name, label_value: name });

export const spawnManyParams = z.strictObject({
  members: z.array(spawnParams, says('must be a list of members')).max(1_000, 'must name at most 1000'),
});

export const wireParams = z.strictObject({ a: name, b: name });

export const eventQueryParams = z.strictObject({
  after_seq: wholeNumber.optional(),
  since_ms: wholeNumber.optional(),
  until_ms: wholeNumber.optional(),
  member_id: name.optional(),
  identity: name.optional(),
  mob_id: name.optional(),
  run_id: name.optional(),
  step_id: name.optional(),
  event_types: z
    .array(name, says('must be a list of event types'))
    .max(256, 'must name at most 256')
    .optional(),
  limit: wholeNumber
    .refine((value) => value <= MAX_LIMIT, `must be at most ${MAX_LIMIT}: page on with after_seq`)
    .optional(),
});

export const runFlowParams = z.strictObject({
  flow_id: name,
  params: z.unknown().optional(),
  provision: z.boolean(says('must be true or false')).optional(),
});

export const runParams = z.strictObject({ run_id: name });

const labels = z.record(z.string(), text, says('must be an object of texts'));

export const setLabelsParams = z.strictObject({ labels });

export const setRunLabelsParams = runParams.extend({ labels });

/** A run holds up to 2 Mi characters. */
const MAX_RUNS = 100;

export const runsParams = z.strictObject({
  flow_id: name.optional(),
  status: z
    .enum(['pending', 'running', 'completed', 'failed', 'canceled'], says('must be the status of a run'))
    .optional(),
  limit: wholeNumber.refine((value) => value <= MAX_RUNS, `must be at most ${MAX_RUNS}`).optional(),
});

/** A letter holds up to 64 Ki characters: an answer of these is about 6 MB. */
const MAX_LETTERS = 100;

export const deadEventsParams = z.strictObject({
  after_key: name.optional(),
  limit: wholeNumber
    .refine((value) => value <= MAX_LETTERS, `must be at most ${MAX_LETTERS}: page on with after_key`)
    .default(MAX_LETTERS),
});

export type EventQueryParams = z.output<typeof eventQueryParams>;

export function isStorable(value: string): boolean {
  try {
    checkText('it', value);
    return value !== '';
  } catch {
    return false;
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.map((key) => `"${key}"`).join(', ')} is not a field of this method: leave it out`;
  }
  return `${fieldOf(issue)} ${issue.message}`;
}

function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const parts = path.map((part, at) =>
    typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`,
  );
  return parts.join('') || 'params';
}
