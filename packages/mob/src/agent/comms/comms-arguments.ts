import { checkContent, type Content, type ContentBlock, type HandlingMode } from '@mobkit/core/mob';

/** What a model sent to a tool, before it is checked. */
export type Given = Readonly<Record<string, unknown>>;

export const handlingModeSchema = {
  type: 'string',
  enum: ['queue', 'steer'],
  description: '`queue` (default): read after what the peer is doing now. `steer`: read as soon as it can',
} as const;

export const blocksSchema = {
  type: 'array',
  items: { type: 'object' },
  description: 'More to show: `{type: "image", media_type, data (base64) or url}`, or `{type: "text", text}`',
} as const;

export function toGiven(args: unknown): Given {
  return (args ?? {}) as Given;
}

/** @throws TypeError when it is not there, blank or not text. */
export function textIn(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value.trim() === '')
    throw new TypeError(`\`${name}\` is missing, blank, or not text`);
  return value;
}

/** @throws TypeError for what are not blocks. */
export function blocksIn({ blocks }: Given): readonly ContentBlock[] {
  if (blocks === undefined || blocks === null) return [];
  checkContent('blocks', blocks);
  if (typeof blocks === 'string') throw new TypeError('blocks is not a list of blocks');
  return blocks;
}

/** The `body`, with the blocks behind it. */
export function contentIn(given: Given): Content {
  const text = textIn(given, 'body');
  const blocks = blocksIn(given);
  return blocks.length === 0 ? text : [{ type: 'text', text }, ...blocks];
}

/** Checked by whoever delivers it. */
export function modeIn({ handling_mode: mode }: Given): { readonly handlingMode?: HandlingMode } {
  return mode === undefined || mode === null ? {} : { handlingMode: mode as HandlingMode };
}
