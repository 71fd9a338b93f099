import { expect, it } from 'vitest';

import { allowedSources } from './allowed-sources.js';

it.each([
  [['files'], ['files']],
  [['search', 'nobody'], ['search']],
  [[], ['files', 'search']],
  [undefined, []],
])('[mcp.allowed] of a profile with %j are the servers %j', (mcp, names) => {
  const sources = ['files', 'search'].map((name) => ({ name, tools: () => [] }));
  expect(allowedSources(sources, mcp).map(({ name }) => name)).toEqual(names);
});
