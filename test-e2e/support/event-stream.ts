import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface Frame {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
  /** What its data says. */
  readonly data: Record<string, unknown>;
}

/** Reads frames of an event stream until `enough` says so of what was read, then leaves. */
export async function readFrames(
  url: string,
  enough: (frames: readonly Frame[]) => boolean,
  lastEventId?: string,
): Promise<readonly Frame[]> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    signal: leaving.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const frames: Frame[] = [];
  const onEvent = ({ id, event, data }: EventSourceMessage) => {
    frames.push({ id, event, data: JSON.parse(data) as Record<string, unknown> });
  };
  const parser = createParser({ onEvent });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (enough(frames)) break;
  }
  leaving.abort();
  return frames;
}
