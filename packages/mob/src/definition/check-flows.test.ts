import type { FlowDefinition, MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { checkDefinition } from './check-definition.js';
import { parseMobDefinition } from './parse-mob-definition.js';

const step = { role: 'worker', message: 'go' };
const node = (id: string, more: object = {}) => ({ kind: 'step', step_id: id, ...more });
const done = { op: 'eq', path: 'steps.a.ok', value: true };
const loop = (id: string, nodes: object, more: object = {}) => ({
  kind: 'repeat_until',
  loop_id: id,
  body: { nodes },
  until: done,
  max_iterations: 2,
  ...more,
});

function check(flow: object, more: Partial<MobDefinition> = {}) {
  return checkDefinition({
    id: 'crew',
    profiles: { worker: { model: 'm' } },
    flows: { f: flow as FlowDefinition },
    ...more,
  });
}

function found(flow: object, more: Partial<MobDefinition> = {}): string[] {
  return check(flow, more).map(({ code, location = '', severity }) =>
    [severity === 'warning' ? 'warning ' : '', code, ' @ ', location.replace('flows.f.', '')].join(''),
  );
}

it('[flow.check-frames] checks that the root of a flow names every step once, and only those there are', () => {
  const steps = { a: step, b: step };
  const root = (nodes: object) => ({ steps, root: { nodes } });
  expect(found(root({ a: node('a'), l: loop('l', { b: node('b') }, { depends_on: ['a'] }) }))).toEqual([]);
  expect(found(root({ a: node('a') }))).toEqual(['flow_unknown_step @ steps.b']);
  expect(found(root({ a: node('a'), b: node('b'), c: node('c') }))).toEqual([
    'flow_unknown_step @ root.nodes.c.step_id',
  ]);
  expect(found(root({ a: node('a'), b: node('b', { depends_on: ['x'] }) }))).toEqual([
    'flow_unknown_step @ root.nodes.b.depends_on[0]',
  ]);
  const twice = check(root({ a: node('a'), l: loop('l', { a: node('a'), b: node('b') }) }));
  expect(twice).toMatchObject([
    { code: 'flow_cycle_detected', location: 'flows.f.root.nodes.l.body.nodes.a.step_id' },
  ]);
  expect(twice[0]?.message).toContain('twice');
  expect(found(root({ one: loop('l', { a: node('a') }), two: loop('l', { b: node('b') }) }))).toEqual([
    'flow_cycle_detected @ root.nodes.two.loop_id',
  ]);
  expect(found(root({ a: node('a', { depends_on: ['b'] }), b: node('b', { depends_on: ['a'] }) }))).toEqual([
    'flow_cycle_detected @ root.nodes.a.depends_on',
  ]);
  expect(
    found({
      steps: { a: { ...step, depends_on: ['b'] }, b: step },
      root: { nodes: { a: node('a'), b: node('b') } },
    }),
  ).toEqual(['warning unknown_key @ steps.a.depends_on']);
  const branch = { branch: 'x' };
  expect(found(root({ a: node('a', branch), b: node('b', branch) }))).toEqual([
    'branch_step_missing_condition @ root.nodes.a',
    'branch_step_missing_condition @ root.nodes.b',
  ]);
});

it('[flow.check-loops] checks that loops do something, end, and stand inside each other only so far', () => {
  const looped = (more: object) => ({
    steps: { a: step },
    root: { nodes: { l: loop('l', { a: node('a') }, more) } },
  });
  expect(found(looped({}))).toEqual([]);
  const [endless] = check(looped({ max_iterations: 0 }));
  expect(endless).toMatchObject({ code: 'quorum_invalid', location: 'flows.f.root.nodes.l.max_iterations' });
  expect(endless?.message).toContain('iterations');
  expect(found({ steps: {}, root: { nodes: { l: loop('l', {}) } } })).toContain(
    'flow_frame_empty @ root.nodes.l.body.nodes',
  );
  const nested = (depth: number): object =>
    depth === 0 ? { a: node('a') } : { l: loop(`l${depth}`, nested(depth - 1)) };
  const deep = (depth: number) => ({ steps: { a: step }, root: { nodes: nested(depth) } });
  expect(found(deep(2), { limits: { max_frame_depth: 2 } })).toEqual([]);
  expect(found(deep(3), { limits: { max_frame_depth: 2 } })).toContain(
    'flow_depth_exceeded @ root.nodes.l.body.nodes.l.body.nodes.l.body',
  );
  expect(found(deep(3), { limits: { max_frame_depth: 0 } })).toEqual([]);
});

it('[flow.check-references] warns of templates and conditions that cannot work', () => {
  const flow = (a: object) => ({ steps: { a: { ...step, ...a } } });
  expect(found(flow({ message: '{{ params.x }} {{ steps.a }}' }))).toEqual([]);
  expect(found(flow({ message: 'a {{ params.x' }))).toEqual([
    'warning flow_invalid_template @ steps.a.message',
  ]);
  expect(found(flow({ message: [{ type: 'text', text: '{{ steps.b }}' }] }))).toEqual([
    'warning flow_invalid_reference @ steps.a.message',
  ]);
  expect(found(flow({ message: '{{ loops.l.iterations.0.steps.a }}' }))).toEqual([
    'warning flow_invalid_reference @ steps.a.message',
  ]);
  const not = {
    op: 'not',
    expr: { op: 'and', exprs: [done, { ...done, path: 'steps.b' }, { ...done, path: 'x' }] },
  };
  expect(found(flow({ condition: not }))).toEqual([
    'warning flow_invalid_reference @ steps.a.condition',
    'warning flow_invalid_reference @ steps.a.condition',
  ]);
  const until = { ...done, path: 'steps.nope' };
  expect(
    found({ steps: { a: step }, root: { nodes: { l: loop('l', { a: node('a') }, { until }) } } }),
  ).toEqual(['warning flow_invalid_reference @ root.nodes.l.until']);
});

it('[flow.check-schemas] refuses schemas that are none, and warns of JSON answers without one', () => {
  const flow = (a: object) => ({ steps: { a: { ...step, ...a } } });
  expect(found(flow({ expected_schema_ref: '{"type":"object"}' }))).toEqual([]);
  expect(found(flow({ expected_schema_ref: 'answer.json' }))).toEqual([]);
  const draft7 = '{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}]}';
  expect(found(flow({ expected_schema_ref: draft7 }))).toEqual([]);
  for (const schema of ['{"type"', '{"type":"text"}']) {
    expect(found(flow({ expected_schema_ref: schema }))).toEqual([
      'flow_invalid_schema @ steps.a.expected_schema_ref',
    ]);
  }
  expect(found(flow({ output_format: 'json' }))).toEqual([
    'warning json_output_without_schema @ steps.a.output_format',
  ]);
});

it('[flow.check-frames] points at the line of a node', () => {
  const { diagnostics } = parseMobDefinition(
    `[mob]
id = "crew"
[profiles.worker]
model = "m"
[flows.f.steps.a]
role = "worker"
message = "go"
[flows.f.root.nodes.a]
kind = "step"
step_id = "b"
`,
    { format: 'toml' },
  );
  expect(diagnostics.map(({ code, line, column }) => [code, line, column])).toContainEqual([
    'flow_unknown_step',
    10,
    1,
  ]);
});
