import { expect, it } from 'vitest';

import { parseCapabilityLine } from './capability-line.js';

it('[modules.capability-line] reads the version of the contract, and keeps what else was said', () => {
  expect(parseCapabilityLine('{"contract_version":"0.1","tools":["a"]}')).toEqual({
    contractVersion: '0.1',
    said: { contract_version: '0.1', tools: ['a'] },
  });
});

it.each([
  ['{', 'invalid_json'],
  ['["0.1"]', 'invalid_schema'],
  ['null', 'invalid_schema'],
  ['{}', 'missing_contract_version'],
  ['{"contract_version":" "}', 'invalid_contract_version'],
  ['{"contract_version":1}', 'invalid_contract_version'],
])('[modules.capability-line] refuses %s as %s', (line, reason) => {
  expect(() => parseCapabilityLine(line)).toThrow(
    expect.objectContaining({ code: 'MOB_EVENT_INVALID', details: { reason } }) as Error,
  );
});
