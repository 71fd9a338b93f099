import { isMobError } from '@mobkit/core';

import { eventLine, isDelta, type WireEvent } from '../cli/event-line.js';
import type { EventsCommand, KeptState } from '../cli/command.js';
import { jsonLine } from '../cli/terminal-text.js';
import { expectServer, findServer, type ServerClient } from '../server/server-client.js';

const PAGE = 1000;

/** Prints the event log from its beginning: from the server when one runs, else from the store. */
export async function events(command: EventsCommand): Promise<number> {
  if (command.dead) return (await import('./dead-events.js')).deadEvents(command);
  const { state, follow, json } = command;
  const print = (event: WireEvent) => {
    if (json) console.log(jsonLine(event));
    else if (!isDelta(event)) console.log(eventLine(event));
  };
  const server = follow ? await expectServer(state) : await findServer(state);
  if (!server) {
    await printKept(command, print);
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

async function printKept(kept: KeptState, print: (event: WireEvent) => void): Promise<void> {
  // Needed only when no server runs.
  const [{ toWireEvent }, { readKeptEvents }] = await Promise.all([
    import('@mobkit/rpc'),
    import('../server/kept-events.js'),
  ]);
  await readKeptEvents(kept, async (eventLog, { archived }) => {
    for (let afterSeq = 0, more = true; more;) {
      const page = await eventLog.query({ afterSeq, limit: PAGE });
      if (page.firstSeq > afterSeq + 1) tellPruned(page.firstSeq, archived ? '' : ELSEWHERE);
      for (const event of page.events) print(toWireEvent(event));
      afterSeq = page.scannedTo;
      more = page.more;
    }
  });
}

async function* queried(server: ServerClient): AsyncGenerator<WireEvent> {
  for (let after = 0; ;) {
    const page = await pageAfter(server, after);
    if (page === undefined) {
      after = 0;
      continue;
    }
    const [first] = page;
    if (first?.seq !== undefined && first.seq > after + 1) tellPruned(first.seq);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq ?? after;
  }
}

/** Undefined when what comes next was removed meanwhile: the oldest that is kept is where to go on. */
async function pageAfter(server: ServerClient, after: number): Promise<readonly WireEvent[] | undefined> {
  try {
    return await server.call('mobkit/query_events', { after_seq: after, limit: PAGE });
  } catch (error) {
    if (isMobError(error, 'mobkit/rpc') && error.details['kind'] === 'event_query_stale') return undefined;
    throw error;
  }
}

/** Whoever looks from another directory is told of no loss that is none. */
const ELSEWHERE =
  ' in this store; an archive is looked for by the config of the mob.toml here, and by a server that runs';

function tellPruned(firstSeq: number, where = ''): void {
  console.error(`Events before ${firstSeq} are not kept any more${where}.`);
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
