import { checkText, MobError } from '@mobkit/core';
import { z } from 'zod';

const line = (description: string) =>
  z.string().trim().min(1, 'is blank').refine(isText, 'is too long or holds NUL').describe(description);

const schema = z.strictObject({
  recipient: line('Who it is for, by the name that routes know.'),
  message: z.string().regex(/\S/, 'is blank').describe('What to tell them.'),
  channel: line('Which kind of message it is; leave it out for an ordinary notification.').optional(),
});

export type DeliverArguments = z.output<typeof schema>;

/** The JSON Schema of the arguments, as models are shown it. */
export const deliverSchema: Readonly<Record<string, unknown>> = jsonSchema();

/** @throws MobError `MOB_REQUEST_INVALID`, naming each wrong argument. */
export function parseArguments(args: unknown): DeliverArguments {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new MobError('MOB_REQUEST_INVALID', `deliver: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { fields: parsed.error.issues.map(({ path }) => z.core.toDotPath(path)) },
  });
}

/** The rule records hold their fields to, so that no message is refused for it after it was routed. */
function isText(value: string): boolean {
  try {
    checkText('It', value);
    return true;
  } catch {
    return false;
  }
}

function jsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input' });
  return described;
}
