import type { AgentStreamItem } from '../../src/agent-streams.js';

/** Items in short: `1.3` is the third event of the mob in epoch 1; `not_kept 1.3..1.5` is a gap after 1.3 up to 1.5. */
export function short(item: AgentStreamItem): string {
  if (item.type === 'event') return `${item.event.stream.epoch}.${item.event.stream.n}`;
  const { reason, from, to } = item.gap;
  return `${reason} ${from.epoch}.${from.n}..${to.epoch}.${to.n}`;
}

/** The next items of a stream, in short. */
export async function take(
  stream: AsyncIterable<AgentStreamItem>,
  count: number,
): Promise<readonly string[]> {
  const items: string[] = [];
  if (count === 0) return items;
  for await (const item of stream) {
    items.push(short(item));
    if (items.length === count) break;
  }
  return items;
}

/** Everything until the stream ends. */
export function takeAll(stream: AsyncIterable<AgentStreamItem>): Promise<readonly string[]> {
  return take(stream, Infinity);
}
