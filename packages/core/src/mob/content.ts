/**
 * What somebody says: text, or blocks in their order. Blocks keep the spelling of the wire. Text alone and one text block mean
 * the same.
 */
export type Content = string | readonly ContentBlock[];

/** A part of a message, spelt as on the wire: text, or a picture or film. */
export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image' | 'video';
      /** E.g. `image/png`. */
      readonly media_type: string;
      /** The bytes as base64, or where they are; exactly one of both. */
      readonly data?: string;
      readonly url?: string;
    };

/** The text in it: of blocks the text blocks, a line break between them. */
export function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
}
