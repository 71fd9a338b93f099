import { expect, it } from 'vitest';

import { parseArguments } from './parse-arguments.js';

it.each(['up', 'takeover'])('[door.require-durable-asked] takes --require-durable: %s', (name) => {
  expect(parseArguments([name, 'mob.toml', '--require-durable', '--port', '0'])).toMatchObject({
    name,
    mobFile: 'mob.toml',
    port: 0,
    requireDurable: true,
  });
  expect(parseArguments([name])).toMatchObject({ state: '.mobkit', port: 7420, requireDurable: false });
  expect(() => parseArguments([name, '--port', '65536'])).toThrow('--port is not a port');
});
