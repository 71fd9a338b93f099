import type { JsonValue } from '@mobkit/core';

interface Block {
  readonly type: string;
  readonly text?: unknown;
}

/** What a call of a tool came to. */
export interface McpAnswer {
  readonly isError: boolean;
  /** The texts of the result, joined; all of its blocks as JSON when one is no text. */
  readonly text: string;
  /** The text parsed; the text itself when it is not JSON. */
  readonly answer: JsonValue;
}

/** Reads the result of a call of a tool. One that has structured content alone is answered by that. */
export function mcpAnswer(result: Readonly<Record<string, unknown>>): McpAnswer {
  const { content = [], structuredContent, isError } = result;
  const blocks = content as readonly Block[];
  const text = blocks.length === 0 ? structuredText(structuredContent) : textOf(blocks);
  return { isError: isError === true, text, answer: parsed(text) };
}

function textOf(blocks: readonly Block[]): string {
  let text = '';
  for (const block of blocks) {
    if (block.type !== 'text') return JSON.stringify(blocks);
    text += String(block.text);
  }
  return text;
}

function structuredText(content: unknown): string {
  return content === undefined ? '' : JSON.stringify(content);
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
