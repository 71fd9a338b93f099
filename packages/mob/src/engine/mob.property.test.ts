import { isMobError } from '@mobkit/core';
import type { AgentEventListener, MobHandle } from '@mobkit/core/mob';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { FaultyStorage } from '../../test/faulty-storage.js';
import { memoryStorage, openTestMob, testDefinition } from '../../test/open-test-mob.js';
import { readRoster } from '../ledger/read-roster.js';

const names = ['one', 'two', 'three'];
const name = fc.constantFrom(...names);
const command = fc.oneof(
  fc.record({ type: fc.constant('spawn'), who: name, profile: fc.constantFrom('worker', 'host') }),
  fc.record({ type: fc.constant('wire'), who: name, other: name }),
  fc.record({ type: fc.constant('retire'), who: name }),
  fc.record({ type: fc.constant('send'), who: name }),
  fc.record({ type: fc.constantFrom('crash', 'shutdown', 'idle') }),
) as fc.Arbitrary<Step>;

type Step =
  | { readonly type: 'spawn'; readonly who: string; readonly profile: string }
  | { readonly type: 'wire'; readonly who: string; readonly other: string }
  | { readonly type: 'retire' | 'send'; readonly who: string }
  | { readonly type: 'crash' | 'shutdown' | 'idle' };

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

it('[mob.history] has, whatever happens in whatever order, the roster its ledger adds up to, loses no message and ends no run twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(command, hops), { maxLength: 30 }),
      fc.array(hops, { minLength: 1, maxLength: 7 }),
      async (steps, delays) => {
        const [kept, runs] = [await memoryStorage(), new Map<string, string[]>()];
        let calls = 0;
        const open = async () => {
          const storage = new FaultyStorage(kept);
          storage.delay = () => pause(delays[(calls += 1) % delays.length] ?? 0);
          const { mob } = await openTestMob({ storage, definition, model: gossip, onEvent: note(runs) });
          return { mob, storage };
        };
        let current = await open();
        let under: Promise<unknown>[] = [];
        const [accepted, refused]: [string[], string[]] = [[], []];
        for (const [at, [step, after]] of steps.entries()) {
          if (step.type === 'crash' || step.type === 'shutdown') {
            if (step.type === 'crash') current.storage.sever();
            else await current.mob.shutdown({ deadlineMs: 0 });
            under = [];
            current = await open();
          } else if (step.type === 'idle') await current.mob.whenIdle();
          else {
            const message = `i-${at}`;
            const done = carryOut(current.mob, step, message);
            under.push(
              done.then(
                () => step.type === 'send' && accepted.push(`${step.who} ${message}`),
                (error: unknown) => refused.push(isMobError(error) ? error.code : String(error)),
              ),
            );
          }
          await pause(after);
        }
        await Promise.all(under);
        await current.mob.whenIdle();

        expect(await readRoster(kept)).toEqual(current.mob.members());
        // Between the commit that ends a run and its event there is room for a crash.
        const fewest = steps.some(([step]) => step.type === 'crash') ? 0 : 1;
        for (const told of runs.values()) {
          expect(told.filter((type) => type === 'run_started').length).toBeLessThanOrEqual(1);
          const ends = told.filter((type) => type !== 'run_started').length;
          expect([fewest, 1]).toContain(ends);
        }
        const retired = new Set(steps.flatMap(([step]) => (step.type === 'retire' ? [step.who] : [])));
        const due = accepted.filter((message) => !retired.has(message.split(' ')[0] ?? ''));
        expect([...runs.keys()]).toEqual(expect.arrayContaining(due));
        // What is not possible now is refused; it must not be anything else.
        expect(refused.filter((code) => !/^MOB_(MEMBER|WIRING|INVALID)_/.test(code))).toEqual([]);
      },
    ),
    { numRuns: 150, timeout: 5_000 },
  );
}, 60_000);

/** Keeps the beginning and the ends of every run, by member and interaction. */
function note(runs: Map<string, string[]>): AgentEventListener {
  return ({ source, interactionId, payload: { type } }) => {
    if (!['run_started', 'run_completed', 'run_failed'].includes(type)) return;
    const run = `${source.identity} ${interactionId}`;
    runs.set(run, [...(runs.get(run) ?? []), type]);
  };
}

async function carryOut(mob: MobHandle, step: Step, interactionId: string): Promise<void> {
  if (step.type === 'spawn') await mob.spawn({ identity: step.who, profile: step.profile });
  if (step.type === 'wire') await mob.wire(step.who, step.other);
  if (step.type === 'retire') await mob.retire(step.who);
  if (step.type === 'send') await mob.send(step.who, 'hello', { interactionId });
}

async function pause(microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left -= 1) await Promise.resolve();
}
