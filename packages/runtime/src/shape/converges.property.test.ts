import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { keepShape, names, wires, workers } from '../../test/support/keep-shape.js';
import { smallRouter } from '../../test/support/small-router.js';

const people = ['a', 'b', 'c', 'd', 'e'];
const some = fc.uniqueArray(fc.constantFrom(...people));
const pairs = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { maxLength: 8 })
  .map((drawn) =>
    drawn.flatMap(([one, other]) => {
      const [a, b] = [people[one] as string, people[other] as string];
      return a < b ? [{ a, b }] : [];
    }),
  );
/** What others do beside us. */
const meddling = fc.array(
  fc.record({ what: fc.constantFrom('spawn', 'retire', 'wire', 'unwire'), one: fc.nat(), other: fc.nat() }),
  { maxLength: 8 },
);

it("[shape.converges] needs one reconcile from any state, after which the plan is empty and nobody else's wire is gone", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ members: some, edges: pairs, meddling }), { minLength: 1, maxLength: 4 }),
      async (rounds) => {
        const router = smallRouter();
        const here = await keepShape({ router });
        const theirs = new Set<string>();
        for (const { members, edges, meddling: steps } of rounds) {
          for (const { what, one, other } of steps) {
            const [a, b] = [people[one % 5] as string, people[other % 5] as string].toSorted() as [
              string,
              string,
            ];
            if (what === 'spawn') await here.mob.ensure({ identity: a, profile: 'worker' });
            if (what === 'retire') await here.mob.retire(a);
            if (a === b || !here.mob.member(a) || !here.mob.member(b)) continue;
            const managed = await here.metadata.managedEdges('crew');
            const ours = managed.some((edge) => edge.a === a && edge.b === b);
            if (what === 'wire' && !ours) {
              await here.mob.wire(a, b);
              theirs.add(`${a}-${b}`);
            }
            if (what === 'unwire') {
              await here.mob.unwire(a, b);
              theirs.delete(`${a}-${b}`);
            }
          }
          for (const wire of theirs) if (!wires(here).includes(wire)) theirs.delete(wire);

          const shape = { members: workers(...members), edges };
          const report = await here.runtime.shape.reconcile(shape);
          expect(report.mob.failures).toEqual([]);
          expect(report.edges.failures).toEqual([]);
          const second = await here.runtime.shape.plan(shape);
          expect(second).toMatchObject({ empty: true });

          expect(names(here)).toEqual(members.toSorted());
          const possible = ({ a, b }: { a: string; b: string }) => members.includes(a) && members.includes(b);
          const kept = [...theirs].filter((wire) => {
            const [a = '', b = ''] = wire.split('-');
            return possible({ a, b });
          });
          const wanted = edges.filter(possible).map(({ a, b }) => `${a}-${b}`);
          expect(wires(here)).toEqual([...new Set([...wanted, ...kept])].toSorted());
          const routes = (await router.routes()).map(({ recipient }) => recipient);
          expect(routes.toSorted()).toEqual(members.toSorted());
        }
        await here.runtime.shutdown();
      },
    ),
    { numRuns: 60 },
  );
});
