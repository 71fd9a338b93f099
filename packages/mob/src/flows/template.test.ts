import { isMobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { holds } from './condition.js';
import { type FlowValues, PathFault, readPath } from './flow-values.js';
import { MalformedReference } from './reference.js';
import { LONGEST_MESSAGE, renderMessage, renderTemplate } from './template.js';

const values: FlowValues = {
  params: { topic: 'tides', list: [{ a: 1 }, 'two'], nothing: null, 'my.key': 3 },
  steps: new Map([
    ['draft', { value: { 'writer-1': { text: 'Hi', output: 9 } }, single: { value: { text: 'Hi' } } }],
    ['review', { value: { a: true, 'b.c': false } }],
  ]),
  loops: new Map([['revise', [new Map([['review', { value: { a: 7 } }]])]]]),
};

const render = (text: string) => renderTemplate(text, values);

it('[flow.templates] puts text in as it is and anything else as JSON, wherever in the values it stands', () => {
  expect(render('On {{ params.topic }}: {{params.list}}, {{ params.nothing }}.')).toBe(
    'On tides: [{"a":1},"two"], null.',
  );
  expect(render('{{ params.list[0].a }}{{ params.list.1 }}{{ params["my.key"] }}')).toBe('1two3');
  expect(render('{{ steps.draft.writer-1.text }} {{ steps.draft.output.writer-1.text }}')).toBe('Hi Hi');
  expect(render('{{ steps.draft.output.writer-1.output }} {{ steps.review["b.c"] }}')).toBe('9 false');
  expect(render('{{ loops.revise.iterations.0.steps.review.a }}')).toBe('7');
  expect(render('no { braces } at "all": {"a": 1}')).toBe('no { braces } at "all": {"a": 1}');
  expect(
    renderMessage(
      [
        { type: 'text', text: '{{ params.topic }}' },
        { type: 'image', media_type: 'image/png', url: '{{ params.topic }}' },
      ],
      values,
    ),
  ).toEqual([
    { type: 'text', text: 'tides' },
    { type: 'image', media_type: 'image/png', url: '{{ params.topic }}' },
  ]);
});

it('[flow.single-output] lets the answer of one member be read without its name, and only of one', () => {
  expect(render('{{ steps.draft.output_of_single.text }}')).toBe('Hi');
  expect(() => render('{{ steps.review.output_of_single }}')).toThrow(PathFault);
});

it.each([
  ['a\nbé {{ params.topic', 2, 4, 6, 'not closed'],
  ['{{ params.{{ topic }} }}', 1, 11, 10, 'inside of another'],
  ['x {{  }}', 1, 3, 2, 'names no value'],
  ['ok\n\n }} no', 3, 2, 5, 'closes nothing'],
  ['{{ params.topic }} }}', 1, 20, 19, 'closes nothing'],
  ['{{ params..a }}', 1, 10, 9, 'cannot be read'],
  ['{{ stepz.a }}', 1, 4, 3, 'begin it with'],
  ['{{ loops.a.steps.b }}', 1, 11, 10, 'is not of the form'],
  ['{{ steps }}', 1, 9, 8, 'names no step'],
])(
  '[flow.template-errors] says where in %j the braces or the path are wrong',
  (text, line, column, offset, why) => {
    let thrown: unknown;
    try {
      render(text);
    } catch (error) {
      thrown = error;
    }
    if (!isMobError(thrown, 'MOB_TEMPLATE_INVALID')) throw new Error(`It threw ${String(thrown)}`);
    expect(thrown.details).toEqual({ line, column, offset });
    expect(thrown.message).toContain(why);
  },
);

it('[flow.absent-roots] takes what is not there yet for null in a template and for false in a comparison', () => {
  const before: FlowValues = { params: undefined, steps: new Map(), loops: new Map() };
  const paths = [
    'params.a',
    'steps.draft.x',
    'steps.draft.output_of_single',
    'loops.revise.iterations.3.steps.a',
  ];
  for (const path of paths) {
    expect(renderTemplate(`{{ ${path} }}`, before)).toBe('null');
    expect(holds({ op: 'eq', path, value: null }, before)).toBe(false);
    expect(holds({ op: 'not', expr: { op: 'gt', path, value: 1 } }, before)).toBe(true);
  }
});

it('[flow.path-faults] refuses a key that a value does not have, in templates and in conditions alike', () => {
  const paths = [
    'params.nope',
    'params.topic.x',
    'params.topic.length',
    'params.list.2',
    'params.list.length',
    'params.nothing.x',
    'params.toString',
    'steps.draft.nobody',
    'loops.revise.iterations.0.steps.review.b',
  ];
  for (const path of paths) {
    expect(() => render(`{{ ${path} }}`)).toThrow(PathFault);
    expect(() => holds({ op: 'eq', path, value: 1 }, values)).toThrow(PathFault);
  }
  expect(() => readPath('steps', values)).toThrow(MalformedReference);
});

it('[flow.conditions] compares, orders and joins, and asks no more than it needs', () => {
  const topic = { op: 'eq', path: 'params.topic', value: 'tides' } as const;
  const fault = { op: 'eq', path: 'params.nope', value: 1 } as const;
  expect(holds(topic, values)).toBe(true);
  expect(holds({ op: 'eq', path: 'params.list', value: [{ a: 1 }, 'two'] }, values)).toBe(true);
  expect(holds({ op: 'in', path: 'params.list[0]', values: [1, { a: 1 }] }, values)).toBe(true);
  expect(holds({ op: 'in', path: 'params.topic', values: [] }, values)).toBe(false);
  expect(holds({ op: 'eq', path: 'params.list', value: { 0: { a: 1 }, 1: 'two' } }, values)).toBe(false);
  expect(holds({ op: 'eq', path: 'params.list[0]', value: { a: 1, b: 2 } }, values)).toBe(false);
  expect(holds({ op: 'gt', path: 'params.list.0.a', value: 0.5 }, values)).toBe(true);
  expect(holds({ op: 'lt', path: 'params.list.0.a', value: 1 }, values)).toBe(false);
  expect(holds({ op: 'gt', path: 'params.topic', value: 'a' }, values)).toBe(true);
  expect(() => holds({ op: 'gt', path: 'params.topic', value: 1 }, values)).toThrow(PathFault);
  expect(() => holds({ op: 'lt', path: 'params.nothing', value: 1 }, values)).toThrow(PathFault);
  expect(holds({ op: 'or', exprs: [topic, fault] }, values)).toBe(true);
  expect(holds({ op: 'and', exprs: [{ op: 'not', expr: topic }, fault] }, values)).toBe(false);
  expect(() => holds({ op: 'and', exprs: [topic, fault] }, values)).toThrow(PathFault);
});

it('[flow.message-limit] refuses a message that its values make too long', () => {
  const params = 'x'.repeat(LONGEST_MESSAGE / 2);
  const long: FlowValues = { params, steps: new Map(), loops: new Map() };
  expect(renderTemplate('{{ params }}{{ params }}', long)).toHaveLength(LONGEST_MESSAGE);
  expect(() => renderTemplate('{{ params }}{{ params }}!', long)).toThrow(/longer than/);
});
