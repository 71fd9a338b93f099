import { FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import { isMobError, type Storage } from '@mobkit/core';
import { type AgentEventListener, formatIncarnation, type MobEvent, type MobHandle } from '@mobkit/core/mob';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { ledgerOf, memoryStorage, openTestMob, testDefinition } from '../../test/open-test-mob.js';
import { readRoster } from '../ledger/read-roster.js';
import { type Input, inputsDefinition } from '../members/input.js';

const names = ['one', 'two', 'three'];
const name = fc.constantFrom(...names);
const command = fc.oneof(
  fc.record({ type: fc.constant('spawn'), who: name, profile: fc.constantFrom('worker', 'host') }),
  fc.record({ type: fc.constantFrom('wire', 'unwire'), who: name, other: name }),
  fc.record({ type: fc.constantFrom('retire', 'respawn', 'reset'), who: name }),
  fc.record({ type: fc.constantFrom('send', 'steer'), who: name }),
  fc.record({ type: fc.constantFrom('crash', 'shutdown', 'idle') }),
  // Often, or the few sequences that only a failing store makes would hardly come up.
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('commit-fails', 'answer-lost', 'read-fails', 'store-back'),
    }),
  },
) as fc.Arbitrary<Step>;

type Step =
  | { readonly type: 'spawn'; readonly who: string; readonly profile: string }
  | { readonly type: 'wire' | 'unwire'; readonly who: string; readonly other: string }
  | { readonly type: 'retire' | 'respawn' | 'reset' | 'send' | 'steer'; readonly who: string }
  | { readonly type: 'crash' | 'shutdown' | 'idle' }
  | { readonly type: 'commit-fails' | 'answer-lost' | 'read-fails' | 'store-back' };

/** How many microtasks something takes. */
const hops = fc.nat({ max: 40 });

const definition = { ...testDefinition, wiring: { role_wiring: [{ a: 'host', b: 'worker' }] } };

/** `one` passes on what it is told from outside, so that no member gets two messages of one interaction. */
const gossip = fakeModel((said, request) => {
  if (request.agent.identity !== 'one' || hasResults(request) || !said.includes('from user')) return said;
  return toolCalls(
    ...['two', 'three'].map((peer) => ['send_message', { peer_id: peer, body: 'heard' }] as const),
  );
});

it('[mob.history] [members.one-life] has, whatever happens in whatever order, the roster its ledger adds up to, loses no message and ends no run twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(command, hops), { maxLength: 30 }),
      fc.array(hops, { minLength: 1, maxLength: 7 }),
      async (steps, delays) => {
        const [kept, runs] = [await memoryStorage(), new Map<string, string[]>()];
        const interactions = new Map<string, string[]>();
        let calls = 0;
        const open = async () => {
          const [storage, clock] = [new FaultyStorage(kept), new ManualClock(1_000)];
          storage.delay = () => pause(delays[(calls += 1) % delays.length] ?? 0);
          const onEvent = note(runs, interactions);
          const { mob } = await openTestMob({ storage, clock, definition, model: gossip, onEvent });
          return { mob, storage, clock };
        };
        let current = await open();
        let under: Promise<unknown>[] = [];
        const accepted: { who: string; at: number; sure: boolean }[] = [];
        const refused: string[] = [];
        /** Who may be retired at this moment by a command that has not ended. */
        let retiring: string[] = [];
        for (const [at, [step, after]] of steps.entries()) {
          if (step.type === 'crash' || step.type === 'shutdown') {
            if (step.type === 'crash') current.storage.sever();
            else {
              bringBack(current.storage);
              await current.mob.shutdown({ deadlineMs: 0 });
            }
            [under, retiring] = [[], []];
            current = await open();
          } else if (step.type === 'idle') await settle(current);
          else if (isFault(step)) breakStorage(current.storage, step.type);
          else {
            const done = carryOut(current.mob, step, `i-${at}`);
            const sent = step.type === 'send' || step.type === 'steer';
            const sure = sent && !retiring.includes(step.who);
            if (endsLife(step)) retiring.push(step.who);
            const ended = () => {
              if (endsLife(step)) retiring = retiring.toSpliced(retiring.indexOf(step.who), 1);
            };
            under.push(
              done.then(
                () => (ended(), sent && accepted.push({ who: step.who, at, sure })),
                (error: unknown) => (ended(), refused.push(isMobError(error) ? error.code : String(error))),
              ),
            );
          }
          await pause(after);
        }
        bringBack(current.storage);
        await Promise.all(under);
        await settle(current);
        expect(await current.mob.status()).toBe('Running');
        for (const one of await keptMessages(kept)) expect(living(current.mob)).toContain(one.incarnation);
        await current.mob.shutdown();
        current = await open();
        await settle(current);
        expect(await current.mob.status()).toBe('Running');
        // A message of a peer may wait; nothing else is left, and nothing of who is gone.
        for (const { incarnation, input } of await keptMessages(kept)) {
          expect(living(current.mob)).toContain(incarnation);
          expect([input.kind, input.startedBy]).toEqual(['peer', undefined]);
        }

        expect(await readRoster(kept)).toEqual(current.mob.members());
        expectOneLifeEach(await ledgerOf(current.mob));
        // Between the commit that ends a run and its event there is room for a crash.
        const fewest = steps.some(([step]) => step.type === 'crash' || isFault(step)) ? 0 : 1;
        for (const told of runs.values()) {
          expect(told.filter((type) => type === 'run_started').length).toBeLessThanOrEqual(1);
          const ends = told.filter((type) => type !== 'run_started').length;
          expect([fewest, 1]).toContain(ends);
        }
        const lastRetired = (who: string) =>
          steps.findLastIndex(([step]) => endsLife(step) && step.who === who);
        const due = accepted.filter(
          ({ who, at, sure }) => sure && at > lastRetired(who) && steps[at]?.[0].type === 'send',
        );
        expect([...runs.keys()]).toEqual(expect.arrayContaining(due.map(({ who, at }) => `${who} i-${at}`)));
        // What steers may be read in the run of another message, which a crash may lose with it.
        for (const [message, told] of interactions) expect([message, told]).toEqual([message, [told[0]]]);
        const ended = [...interactions.keys()];
        const all = accepted.map(({ who, at }) => `${who} i-${at}`);
        // A crash may take away the end of any of them.
        expect(ended).toEqual(expect.arrayContaining(fewest === 1 ? all : []));
        const faulty = steps.some(([step]) => isFault(step));
        const possible = faulty ? /^MOB_(MEMBER|WIRING|INVALID|STORE)_/ : /^MOB_(MEMBER|WIRING|INVALID)_/;
        // What is not possible now is refused; it must not be anything else.
        expect(refused.filter((code) => !possible.test(code))).toEqual([]);
      },
    ),
    { numRuns: 3_000, timeout: 5_000 },
  );
});

type EndOfLife = Extract<Step, { readonly type: 'retire' | 'respawn' | 'reset' | 'send' | 'steer' }>;

/** Whether what waits for its member goes with it. */
function endsLife(step: Step): step is EndOfLife {
  return ['retire', 'respawn', 'reset'].includes(step.type);
}

/** No identity lives twice at a time, and generations and fences only grow. */
function expectOneLifeEach(events: readonly MobEvent[]): void {
  const [alive, generations] = [new Set<string>(), new Map<string, number>()];
  const wrong: string[] = [];
  let lastFence = 0;
  const begin = (identity: string, generation: number, fence: number) => {
    if (generation !== (generations.get(identity) ?? -1) + 1 || fence <= lastFence) {
      wrong.push(`${identity}:${generation} begins with fence ${fence} after ${lastFence}`);
    }
    generations.set(identity, generation);
    lastFence = fence;
  };
  for (const { kind } of events) {
    if (kind.type === 'member_spawned') {
      if (alive.has(kind.agent_identity)) wrong.push(`${kind.agent_identity} is spawned while it lives`);
      alive.add(kind.agent_identity);
      begin(kind.agent_identity, kind.generation, kind.fence_token);
    } else if (kind.type === 'member_reset') {
      if (!alive.has(kind.agent_identity)) wrong.push(`${kind.agent_identity} is reset and does not live`);
      begin(kind.agent_identity, kind.new_generation, kind.fence_token);
    } else if (kind.type === 'member_retired') alive.delete(kind.agent_identity);
  }
  expect(wrong).toEqual([]);
}

type Fault = Extract<Step, { readonly type: 'commit-fails' | 'answer-lost' | 'read-fails' | 'store-back' }>;

function isFault(step: Step): step is Fault {
  return ['commit-fails', 'answer-lost', 'read-fails', 'store-back'].includes(step.type);
}

/** Until the store is back. */
function breakStorage(storage: FaultyStorage, type: Fault['type']): void {
  const fail = () => {
    throw unavailable();
  };
  if (type === 'commit-fails') storage.beforeCommit = fail;
  else if (type === 'answer-lost') {
    storage.afterCommit = () => {
      storage.beforeRead = fail;
      fail();
    };
  } else if (type === 'read-fails') storage.beforeRead = fail;
  else bringBack(storage);
}

function bringBack(storage: FaultyStorage): void {
  [storage.beforeCommit, storage.afterCommit, storage.beforeRead] = [() => {}, () => {}, () => {}];
}

/** What waits in storage, and for whom. */
async function keptMessages(storage: Storage) {
  const { records } = await storage.records(inputsDefinition).list({});
  return records.map(({ fields, data }) => {
    const input: Input = JSON.parse(data);
    const { generation } = input;
    return { input, incarnation: formatIncarnation({ identity: String(fields['identity']), generation }) };
  });
}

function living(mob: MobHandle): readonly string[] {
  return mob.members().map((member) => formatIncarnation(member));
}

interface Opened {
  readonly mob: MobHandle;
  readonly storage: FaultyStorage;
  readonly clock: ManualClock;
}

/** Brings the store back, lets a command find out what became of lost answers, and waits with time going on. */
async function settle({ mob, storage, clock }: Opened): Promise<void> {
  bringBack(storage);
  let done = false;
  const idle = mob.retire('nobody').then(() => mob.whenIdle());
  void idle.finally(() => (done = true)).catch(() => {});
  for (let left = 20_000; left > 0 && !done; left -= 1) {
    clock.advance(1_000);
    await Promise.resolve();
  }
  await idle;
}

/** Keeps the beginning and the ends of every run, and the ends of interactions, by member and interaction. */
function note(runs: Map<string, string[]>, interactions: Map<string, string[]>): AgentEventListener {
  return ({ source, interactionId, payload: { type } }) => {
    const noted = type.startsWith('interaction_') ? interactions : runs;
    if (!/^(?:run|interaction)_(?:started|completed?|failed)$/.test(type)) return;
    const run = `${source.identity} ${interactionId}`;
    noted.set(run, [...(noted.get(run) ?? []), type]);
  };
}

async function carryOut(mob: MobHandle, step: Step, interactionId: string): Promise<void> {
  if (step.type === 'spawn') await mob.spawn({ identity: step.who, profile: step.profile });
  if (step.type === 'wire') await mob.wire(step.who, step.other);
  if (step.type === 'unwire') await mob.unwire(step.who, step.other);
  if (step.type === 'retire') await mob.retire(step.who);
  if (step.type === 'respawn') await mob.respawn(step.who);
  if (step.type === 'reset') await mob.resetMember(step.who);
  if (step.type === 'send') await mob.send(step.who, 'hello', { interactionId });
  if (step.type === 'steer') await mob.send(step.who, 'hello', { interactionId, handlingMode: 'steer' });
}

async function pause(microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left -= 1) await Promise.resolve();
}
