import { MobError } from '@mobkit/core';
import type { Content } from '@mobkit/core/mob';

import { type FlowValues, readPath } from './flow-values.js';
import { MalformedReference, parseReference } from './reference.js';

/** Texts and, between them, paths. */
export interface Template {
  readonly parts: readonly (string | { readonly path: string })[];
}

/** A rendered message is no longer than this, in characters. */
export const LONGEST_MESSAGE = 1_048_576;

/**
 * Reads a text in which `{{ path }}` stands for a value.
 *
 * @throws MobError `MOB_TEMPLATE_INVALID` for braces that are not closed, nested, empty or stray, and for a path that is none;
 * its details say where: `line` and `column` from 1, `offset` in bytes of UTF-8 from 0.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | { readonly path: string })[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    const plain = text.slice(at, open === -1 ? text.length : open);
    const stray = plain.indexOf('}}');
    if (stray !== -1) {
      throw invalid(text, at + stray, '"}}" closes nothing; in plain text write "} }"');
    }
    if (plain !== '') parts.push(plain);
    if (open === -1) break;
    const close = text.indexOf('}}', open + 2);
    const nested = text.indexOf('{{', open + 2);
    if (nested !== -1 && (close === -1 || nested < close)) {
      throw invalid(text, nested, '"{{" stands inside of another that is not closed');
    }
    if (close === -1) throw invalid(text, open, '"{{" is not closed');
    const inner = text.slice(open + 2, close);
    const path = inner.trim();
    if (path === '') throw invalid(text, open, '"{{ }}" names no value');
    expectPath(text, open + 2 + inner.indexOf(path), path);
    parts.push({ path });
    at = close + 2;
  }
  return { parts };
}

/**
 * The text with its values: text as it is, anything else as JSON, `null` for what is not there yet.
 *
 * @throws as `parseTemplate`; PathFault; MobError `MOB_TEMPLATE_INVALID` when it becomes longer than `LONGEST_MESSAGE`.
 */
export function renderTemplate(text: string, values: FlowValues): string {
  let rendered = '';
  for (const part of parseTemplate(text).parts) {
    rendered += typeof part === 'string' ? part : show(readPath(part.path, values)?.value ?? null);
    if (rendered.length <= LONGEST_MESSAGE) continue;
    throw new MobError(
      'MOB_TEMPLATE_INVALID',
      `The message becomes longer than ${LONGEST_MESSAGE} characters: name less in it`,
    );
  }
  return rendered;
}

/** The same for a message; of blocks only texts are templates. */
export function renderMessage(message: Content, values: FlowValues): Content {
  if (typeof message === 'string') return renderTemplate(message, values);
  return message.map((block) =>
    block.type === 'text' ? { ...block, text: renderTemplate(block.text, values) } : block,
  );
}

/** The texts of a message that are templates. */
export function templatesIn(message: Content): readonly string[] {
  if (typeof message === 'string') return [message];
  return message.flatMap((block) => (block.type === 'text' ? [block.text] : []));
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function expectPath(text: string, at: number, path: string): void {
  try {
    parseReference(path);
  } catch (error) {
    if (error instanceof MalformedReference) throw invalid(text, at + error.at, error.message);
    throw error;
  }
}

function invalid(text: string, at: number, why: string): MobError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const offset = new TextEncoder().encode(before).length;
  return new MobError(
    'MOB_TEMPLATE_INVALID',
    `Line ${line}, column ${column} (byte ${offset}) of the message: ${why}`,
    { details: { line, column, offset } },
  );
}
