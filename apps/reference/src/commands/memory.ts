import type { WireMemoryChange, WireMemoryConflict, WireMemoryFound } from '@mobkit/rpc';

import type { MemoryCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer, type ServerClient } from '../server/server-client.js';

/** Asks and changes the memory of the running mob. 1 when there was nothing to resolve or to delete. */
export async function memory(command: MemoryCommand): Promise<number> {
  const server = await expectServer(command.state);
  const show = <T>(things: readonly T[], line: (thing: T) => string) => {
    for (const thing of things) console.log(command.json ? jsonLine(thing) : line(thing));
  };
  switch (command.action) {
    case 'stores': {
      const { stores } = await server.call<{
        readonly stores: readonly { readonly store: string; readonly record_count: number }[];
      }>('mobkit/memory/stores', {});
      show(stores, ({ store, record_count: count }) => `${store.padEnd(16)}${count}`);
      return 0;
    }
    case 'query':
      return query(command, server, show);
    case 'conflicts': {
      // Of the facts as few as there must be: it is the conflicts that are asked for, and all of them come.
      const { conflicts } = await server.call<WireMemoryFound>('mobkit/memory/query', { limit: 1 });
      show(conflicts, conflictLine);
      return 0;
    }
    case 'index':
      return index(command, server, show);
    case 'resolve': {
      const { entity, topic, by, reason, in: store } = command;
      const { resolved } = await server.call<{ readonly resolved: readonly WireMemoryConflict[] }>(
        'mobkit/memory/resolve_conflict',
        { entity, topic, by, reason, store },
      );
      show(resolved, (conflict) => `resolved: ${conflictLine(conflict)}`);
      if (resolved.length === 0)
        console.error(terminalLine(`There is no conflict about ${entity} / ${topic}`));
      return resolved.length === 0 ? 1 : 0;
    }
    case 'delete': {
      const { assertionId, by, reason } = command;
      const asked = { assertion_id: assertionId, by, reason };
      const { deleted } = await server.call<{ readonly deleted: boolean }>('mobkit/memory/delete', asked);
      const said = terminalLine(`${deleted ? 'deleted:' : 'There is no'} ${assertionId}`);
      if (deleted) show([{ deleted: assertionId }], () => said);
      else console.error(said);
      return deleted ? 0 : 1;
    }
    case 'changes': {
      const { changes } = await server.call<{ readonly changes: readonly WireMemoryChange[] }>(
        'mobkit/memory/changes',
        { limit: 500 },
      );
      show(changes, changeLine);
      return 0;
    }
  }
}

type Show = <T>(things: readonly T[], line: (thing: T) => string) => void;
type Of<Action extends MemoryCommand['action']> = Extract<MemoryCommand, { readonly action: Action }>;

async function query(
  { entity, topic, in: store, text }: Of<'query'>,
  server: ServerClient,
  show: Show,
): Promise<number> {
  const asked = { entity, topic, store, query: text };
  for (let after: string | undefined; ;) {
    const found = await server.call<WireMemoryFound>('mobkit/memory/query', {
      ...asked,
      after_assertion_id: after,
    });
    show(found.assertions, assertionLine);
    after = found.assertions.at(-1)?.assertion_id;
    if (found.has_more && after !== undefined) continue;
    show(found.conflicts, (conflict) => `conflict: ${conflictLine(conflict)}`);
    return 0;
  }
}

async function index(command: Of<'index'>, server: ServerClient, show: Show): Promise<number> {
  const { entity, topic, fact, conflict, in: store } = command;
  const signal = conflict === undefined ? {} : { conflict: true, conflict_reason: conflict };
  const indexed = await server.call<{
    readonly entity: string;
    readonly topic: string;
    readonly assertion_id: string | null;
    readonly conflict_active: boolean;
  }>('mobkit/memory/index', { entity, topic, fact, store, ...signal });
  show([indexed], (now) => {
    const kept = now.assertion_id ?? 'conflict kept';
    const active = now.conflict_active ? ', in conflict' : '';
    return terminalLine(`${kept}: ${now.entity} / ${now.topic}${active}`);
  });
  return 0;
}

function assertionLine(assertion: WireMemoryFound['assertions'][number]): string {
  const { assertion_id: id, entity, topic, store, fact } = assertion;
  return terminalLine(`${id} ${entity} / ${topic} (${store}): ${fact}`, 400);
}

function conflictLine({ entity, topic, store, reason, updated_at_ms: atMs }: WireMemoryConflict): string {
  const why = reason === null ? '' : `: ${reason}`;
  return terminalLine(`${entity} / ${topic} (${store}), ${new Date(atMs).toISOString()}${why}`, 400);
}

function changeLine(change: WireMemoryChange): string {
  const { kind, entity, topic, store, by, reason, timestamp_ms: atMs, assertion_id: id } = change;
  const what = kind === 'conflict_resolved' ? 'conflict resolved' : `${id} deleted`;
  const why = reason === null ? '' : `: ${reason}`;
  return terminalLine(
    `${new Date(atMs).toISOString()} ${entity} / ${topic} (${store}) ${what} by ${by}${why}`,
    400,
  );
}
