import { deadLettersOver, deadLettersDefinition, type DeadLetterStore } from '@mobkit/core';
import { toWireDeadLetter, type WireDeadLetter } from '@mobkit/rpc';

import type { EventsCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { readKeptState } from '../server/kept-state.js';
import { findServer, type ServerClient } from '../server/server-client.js';

interface Letters {
  readonly letters: readonly WireDeadLetter[];
  readonly has_more: boolean;
}

type PageOf = (afterKey: string | undefined) => Promise<Letters>;

/** Prints the events that the event log refused, the oldest first: from the server when one runs, else from the store. */
export async function deadEvents(command: EventsCommand): Promise<number> {
  const print = (letter: WireDeadLetter) => console.log(command.json ? jsonLine(letter) : letterLine(letter));
  const server = await findServer(command.state);
  if (server) await printAll(asked(server), print);
  else {
    await readKeptState(command, async ({ storage }) => {
      const { records } = await storage.contents();
      // A reader may not make what no writer has made: then there are none.
      if (!records.some(({ name }) => name === deadLettersDefinition.name)) return;
      await printAll(kept(await deadLettersOver(storage)), print);
    });
    console.error('No server runs; these are the dead letters as they were kept.');
  }
  return 0;
}

async function printAll(pageOf: PageOf, print: (letter: WireDeadLetter) => void): Promise<void> {
  for (let afterKey: string | undefined, more = true; more;) {
    const page = await pageOf(afterKey);
    for (const letter of page.letters) print(letter);
    afterKey = page.letters.at(-1)?.key;
    more = page.has_more && afterKey !== undefined;
  }
}

function asked(server: ServerClient): PageOf {
  return (afterKey) =>
    server.call('mobkit/dead_events', afterKey === undefined ? {} : { after_key: afterKey });
}

function kept(deadLetters: DeadLetterStore): PageOf {
  return async (afterKey) => {
    const { letters, more } = await deadLetters.list(afterKey === undefined ? {} : { afterKey });
    return { letters: letters.map(toWireDeadLetter), has_more: more };
  };
}

/** A letter on one line: when (UTC), the event's id, what was said of it, how the event begins. */
function letterLine({ refused_at_ms: refusedAtMs, event_id: eventId, error, event }: WireDeadLetter): string {
  const time = new Date(refusedAtMs).toISOString();
  return `${time} ${terminalLine(eventId ?? '(no id)', 60)} ${terminalLine(error)} | ${terminalLine(event, 80)}`;
}
