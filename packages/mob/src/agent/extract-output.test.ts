import { expect, it } from 'vitest';

import { memberOf, withWorker } from '../../test/ask-one.js';
import { fakeModel } from '../../test/fake-model.js';
import { testDefinition } from '../../test/open-test-mob.js';

const schema = { type: 'object', properties: { grade: { type: 'integer' } }, required: ['grade'] };

const graded = {
  ...testDefinition,
  profiles: { worker: { ...testDefinition.profiles['worker']!, output_schema: schema } },
  orchestrator: { profile: 'worker' },
};

/** Says what it is told to, one after the other; the first is the answer of the run. */
function saying(...texts: readonly string[]) {
  let asked = 0;
  return fakeModel(() => texts[asked++] ?? 'nothing more');
}

it('[mob.output-schema] draws the answer of a run into its schema, without tools, and says where it was wrong', async () => {
  const model = saying('a five', 'five!', '```json\n{"grade": "5"}\n```', '{"grade": 5}');
  const { mob, events } = await withWorker({ model, definition: graded });
  await mob.send('one', 'go');
  await mob.whenIdle();
  expect(events.slice(-2).map(({ payload }) => payload)).toMatchObject([
    { type: 'run_completed', result: 'a five', extraction_required: true },
    { type: 'extraction_succeeded', structured_output: { grade: 5 } },
  ]);
  const [main, ...extractions] = model.requests;
  expect(main?.tools).not.toEqual([]);
  expect(main?.outputSchema).toBeUndefined();
  for (const { tools, temperature, outputSchema } of extractions) {
    expect([tools, temperature, outputSchema]).toEqual([[], 0, schema]);
  }
  expect(extractions[1]?.messages.at(-1)?.content).toContain('it is not JSON');
  expect(extractions[2]?.messages.at(-1)?.content).toContain('must be integer');
  expect(events.filter(({ payload }) => payload.type === 'text_complete')).toHaveLength(1);
});

it('[mob.output-schema-failed] says so once when an answer fits its schema in none of three tries, and the run stays completed', async () => {
  const model = saying('a five', '5', '6', '7', 'fine');
  const { mob, events } = await withWorker({ model, definition: graded });
  const turn = await memberOf(mob).requestTurn({ content: 'go', interactionId: 'i-1' });
  expect(await turn.ended).toMatchObject({ type: 'run_completed', extractionError: 'it must be object' });
  expect(events.slice(-2).map(({ payload }) => payload)).toMatchObject([
    { type: 'run_completed' },
    { type: 'extraction_failed', last_output: '7', attempts: 3, reason: 'it must be object' },
  ]);
  expect(model.requests).toHaveLength(4);
});

it('[mob.output-schema] takes the schema of a requested turn for that turn only, and gives what fits to whoever waits', async () => {
  const model = saying('yes', '{"ok":true}', 'done');
  const { mob, events } = await withWorker({ model });
  const member = memberOf(mob);
  const outputSchema = { type: 'object', properties: { ok: { type: 'boolean' } } };
  const turn = await member.requestTurn({ content: 'go', interactionId: 'i-1', outputSchema });
  expect(await turn.ended).toMatchObject({ result: 'yes', structured_output: { ok: true } });
  const next = await member.requestTurn({ content: 'go', interactionId: 'i-2' });
  expect(await next.ended).not.toHaveProperty('structured_output');
  const types = events.map(({ payload }) => payload.type);
  expect(types.filter((type) => type.startsWith('extraction_'))).toHaveLength(1);
});
