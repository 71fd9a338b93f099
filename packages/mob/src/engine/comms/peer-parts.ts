import { checkContent, type Content, type ContentBlock, type PeerMessage } from '@mobkit/core/mob';

import type { PeerHeading } from '../../members/input.js';
import { checkHeading } from '../deliver-message.js';

const STATUSES = ['accepted', 'completed', 'failed'];

/** A message of a peer as it is kept. */
export interface PeerParts {
  readonly content: Content;
  readonly about?: PeerHeading;
}

/** @throws TypeError naming the field that is wrong. */
export function toPeerParts(message: PeerMessage): PeerParts {
  if (message.kind === 'message') {
    checkContent('content', message.content);
    return { content: message.content };
  }
  if (message.kind === 'request') {
    const { intent, params, blocks } = message;
    checkLine('intent', intent);
    return { content: withBlocks('params', params, blocks), about: { kind: 'request', intent } };
  }
  const { inReplyTo, status, result, blocks } = message;
  checkLine('in_reply_to', inReplyTo);
  if (!STATUSES.includes(status)) throw new TypeError(`status is not one of ${STATUSES.join(', ')}`);
  return { content: withBlocks('result', result, blocks), about: { kind: 'response', inReplyTo, status } };
}

function checkLine(name: string, text: unknown): void {
  checkHeading(name, text);
  if (text.trim() === '') throw new TypeError(`${name} is blank`);
}

/** Nothing to say beside the heading is an empty text. */
function withBlocks(name: string, data: unknown, blocks: readonly ContentBlock[] = []): Content {
  const text = asText(name, data);
  if (blocks.length > 0) checkContent('blocks', blocks);
  const content = text === '' ? blocks : [{ type: 'text', text } as const, ...blocks];
  if (content.length > 0) checkContent(name, content);
  return blocks.length > 0 ? content : text;
}

/** Text is said as it is, anything else as JSON. */
function asText(name: string, data: unknown): string {
  if (data === undefined || typeof data === 'string') return data ?? '';
  try {
    const text: unknown = JSON.stringify(data);
    if (typeof text === 'string') return text;
  } catch (cause) {
    throw new TypeError(`${name} is not plain JSON`, { cause });
  }
  throw new TypeError(`${name} is not plain JSON`);
}
