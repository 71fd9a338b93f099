import { z } from 'zod';

/** `${NAME}` stands for that variable of the environment, so that no secret need stand in the file. */
export const fromEnvironment = z.string().transform((given, context) =>
  given.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined) context.addIssue({ code: 'custom', message: `${name} is not set` });
    return value ?? '';
  }),
);
