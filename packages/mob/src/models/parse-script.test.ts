import { isMobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { parseScript } from './parse-script.js';
import { scriptedProvider } from './scripted-provider.js';

function refusal(text: string) {
  try {
    parseScript(text);
  } catch (error) {
    if (isMobError(error, 'MOB_CONFIG_INVALID')) return { message: error.message, ...error.details };
    throw error;
  }
  throw new Error('The script was taken');
}

it('reads rules as they are written', () => {
  expect(parseScript('')).toEqual({ rules: [] });
  const text = `
[[rules]]
input = '(?<what>\\w+)'
[[rules.steps]]
text = "{{what}}"
calls = [{ tool = "t", args = { at = 2024-01-01 } }]
`;
  const steps = [{ text: '{{what}}', calls: [{ tool: 't', args: { at: '2024-01-01' } }] }];
  expect(parseScript(text)).toEqual({ rules: [{ input: '(?<what>\\w+)', steps }] });
});

it('[model.script-errors] names the place where a script is no TOML', () => {
  expect(refusal('[[rules]]\nsteps = [\n')).toMatchObject({
    message: expect.stringMatching(/line \d+, column \d+/),
    line: expect.any(Number),
    column: expect.any(Number),
  });
});

it('[model.script-errors] names the rule and the field that is wrong', () => {
  const rule = '[[rules]]\nsteps = []\n';
  for (const [text, field] of [
    [`${rule}[[rules]]\nrole = "a"`, 'rules[1].steps'],
    [`${rule}inputs = "x"`, 'rules[0].inputs'],
    ['[[rules]]\nsteps = [{ text = 3 }]', 'rules[0].steps[0].text'],
    ['[[rules]]\nsteps = [{ calls = [{ args = {} }] }]', 'rules[0].steps[0].calls[0].tool'],
    [`${rule}input = "("`, 'rules[0].input'],
    [`${rule}seen = ["a", "["]`, 'rules[0].seen[1]'],
    [`${rule}since = "*"`, 'rules[0].since'],
    [`${rule}input = "{{input}}"`, 'rules[0].input'],
    [`${rule}input = "a"\nseen = ["{{1}}"]`, 'rules[0].seen[0]'],
    ['[[rules]]\ninput = "(a)"\nsteps = [{ text = "{{1}}" }, { text = "{{2}}" }]', 'rules[0].steps[1]'],
    ['[[rules]]\nsteps = [{ calls = [{ tool = "t", args = { a = ["{{who}}"] } }] }]', 'rules[0].steps[0]'],
    ['[[rules]]\nseen = ["(a)"]\nsteps = [{ text = "{{seen.1}}" }]', 'rules[0].steps[0]'],
    ['[[rules]]\nseen = ["(a)"]\nsteps = [{ text = "{{seen.0.2}}" }]', 'rules[0].steps[0]'],
    [
      '[[rules]]\nsteps = [{ calls = [{ tool = "t", args = { n = nan } }] }]',
      'rules[0].steps[0].calls[0].args.n',
    ],
    ['rule = []', 'rule'],
  ] as const) {
    expect({ text, ...refusal(text) }).toMatchObject({
      text,
      field,
      message: expect.stringContaining(field),
    });
  }
  expect(refusal(`${rule}${rule}input = "("`)).toMatchObject({ rule: 1 });
});

it('[model.script-errors] holds a script that was not parsed to the same rules', () => {
  expect(() => scriptedProvider({ rules: [{ input: '(', steps: [] }] })).toThrow('rules[0].input');
});
