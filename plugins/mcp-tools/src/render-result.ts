import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** Of one result: more would fill the context of any model. */
const LONGEST_TEXT = 200_000;

/** The result of a call as text for a model: texts as they are, everything else as JSON. */
export function renderResult({ content = [], structuredContent }: Partial<CallToolResult>): string {
  const blocks = content.map((block) => (block.type === 'text' ? block.text : JSON.stringify(block)));
  const text =
    blocks.length === 0 && structuredContent ? JSON.stringify(structuredContent) : blocks.join('\n');
  if (text.length <= LONGEST_TEXT) return text;
  return `${text.slice(0, LONGEST_TEXT)}\n[${text.length - LONGEST_TEXT} more characters are left out]`;
}
