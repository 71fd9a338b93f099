import { toWireEvent } from '@mobkit/rpc';

import { eventLine, isDelta, type WireEvent } from '../cli/event-line.js';
import type { Command } from '../cli/parse-arguments.js';
import { jsonLine } from '../cli/terminal-text.js';
import { readKeptState } from '../server/kept-state.js';
import { expectServer, findServer, type ServerClient } from '../server/server-client.js';

type EventsCommand = Extract<Command, { name: 'events' }>;

const PAGE = 1000;

/** Prints the event log from its beginning: from the server when one runs, else from the store. */
export async function events({ state, follow, json }: EventsCommand): Promise<number> {
  const print = (event: WireEvent) => {
    if (json) console.log(jsonLine(event));
    else if (!isDelta(event)) console.log(eventLine(event));
  };
  const server = follow ? await expectServer(state) : await findServer(state);
  if (!server) {
    await printKept(state, print);
    console.error('No server runs; these are the events as they were kept.');
    return 0;
  }
  let last: WireEvent | undefined;
  for await (const event of queried(server)) {
    print(event);
    if (event.stream) last = event;
  }
  if (follow) {
    for await (const event of followed(server, last)) print(event);
    console.error('The server has ended.');
  }
  return 0;
}

async function printKept(state: string, print: (event: WireEvent) => void): Promise<void> {
  await readKeptState(state, async ({ eventLog }) => {
    for (let afterSeq = 0, more = true; more;) {
      const page = await eventLog.query({ afterSeq, limit: PAGE });
      for (const event of page.events) print(toWireEvent(event));
      afterSeq = page.scannedTo;
      more = page.more;
    }
  });
}

async function* queried(server: ServerClient): AsyncGenerator<WireEvent> {
  for (let after = 0; ;) {
    const page = await server.call<readonly WireEvent[]>('mobkit/query_events', {
      after_seq: after,
      limit: PAGE,
    });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq ?? after;
  }
}

interface MobFrame extends Pick<WireEvent, 'interaction_id' | 'member_id' | 'timestamp_ms'> {
  readonly source: string;
  readonly payload: { readonly type: string };
}

/** What comes after the last event queried, live; so far as it is not in the log yet, it has no `seq`. */
async function* followed(server: ServerClient, last: WireEvent | undefined): AsyncGenerator<WireEvent> {
  const { epoch, n } = last?.stream ?? { epoch: 0, n: 0 };
  for await (const { id, event, data } of server.stream('/mob/events', `mob:${epoch}.${n}`)) {
    if (event === 'gap') {
      console.error(`Some events are not to be had: ${data}`);
      continue;
    }
    const { payload, source: _source, ...frame } = JSON.parse(data) as MobFrame;
    const [, at = ''] = (id ?? '').split(':');
    const [frameEpoch, frameN] = at.split('.').map(Number);
    yield {
      ...frame,
      stream: { epoch: frameEpoch ?? 0, n: frameN ?? 0 },
      event: { kind: 'agent', event_type: payload.type, payload },
    };
  }
}
