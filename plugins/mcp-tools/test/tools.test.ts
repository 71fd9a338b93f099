import { assemble, tokens } from '@mobkit/di';
import { type McpServer, openMcpTools } from '@mobkit/mcp-tools';
import { mcpTools } from '@mobkit/mcp-tools/plugin';
import { expect, it } from 'vitest';

import { startHttpServer } from './support/http-server.js';
import { isAlive, openTools, stdioServer, toolContext } from './support/open-tools.js';

/** What does not need a process of its own is quicker without. */
const served = async (): Promise<McpServer> => ({ url: (await startHttpServer()).url });

const transports = [
  ['a program', async () => stdioServer()],
  ['an address', served],
] as const;

it.each(transports)('[mcp.tools] offers every tool of %s, and runs what agents call', async (_, server) => {
  const { source, call, errors } = await openTools({ tries: await server() });
  expect(source.tools()).toHaveLength(14);
  expect(source.tools()[0]).toMatchObject({
    name: 'tries__echo',
    description: 'echo of tries',
    inputSchema: { type: 'object' },
    timeoutMs: 60_000,
  });
  const said = await Promise.all(['one', 'two', 'three'].map((text) => call('echo', { said: text })));
  expect(said).toEqual(['one', 'two', 'three']);
  expect(errors).toEqual([]);
});

it.each(transports)(
  '[mcp.changed] offers what %s has learnt, and what there was under the same name',
  async (_, server) => {
    const { source, call } = await openTools({ tries: await server() });
    const before = source.tools().map(({ name }) => name);
    expect(await call('learn')).toBe('learnt it');
    await expect.poll(() => source.tools().map(({ name }) => name)).toEqual([...before, 'tries__learnt']);
    expect(await call('learnt')).toBe('new');
  },
);

it('[mcp.results] gives texts as they are, all else as JSON, and no more than a model can read', async () => {
  const { call } = await openTools({ tries: await served() });
  expect(await call('picture')).toBe('{"type":"image","data":"aGk=","mimeType":"image/png"}');
  expect(await call('figures')).toBe('{"of":3}');
  expect(await call('mixed')).toMatch(/^see\n\{.*"uri":"a:b"/);
  const long = await call('long');
  expect(long.length).toBeLessThan(201_000);
  expect(long).toMatch(/100000 more characters are left out\]$/);
});

it('[mcp.failed] fails a call with what the tool or the server says, and goes on', async () => {
  const { call, errors } = await openTools({ tries: await served() });
  await expect(call('fail')).rejects.toThrow('no such file');
  await expect(call('refuse')).rejects.toThrow('refused by the server');
  await expect(call('echo', 'no object')).rejects.toThrow(TypeError);
  expect(await call('echo', { said: 'still' })).toBe('still');
  expect(errors).toEqual([]);
});

it('[mcp.names] gives odd and long names one that every model takes, the same each time', async () => {
  const names = async (server: string) => {
    const { source } = await openTools({ [server]: await served() });
    return source.tools().map(({ name }) => name);
  };
  const long = 'long-'.repeat(6) + 'er';
  const [once, again] = [await names(long), await names(long)];
  expect(once).toEqual(again);
  expect(new Set(once).size).toBe(once.length);
  for (const name of once) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(once.find((name) => name.includes('read'))).toMatch(/__read_file_v2_[0-9a-f]{8}$/);
  expect(once[0]).toBe(`${long}__echo`);
});

it('[mcp.abort] ends a call with the reason when the turn is ended', async () => {
  const { call, source, errors } = await openTools({ tries: await served() });
  const abort = new AbortController();
  const hanging = call('hang', {}, abort.signal);
  abort.abort(new Error('turn over'));
  await expect(hanging).rejects.toThrow('turn over');
  expect(await source.tools()[0]?.run({ said: 'here' }, toolContext())).toBe('here');
  expect(errors).toEqual([]);
});

it('[mcp.environment] gives a program what it is given and little else, and an address its headers', async () => {
  process.env['SECRET_OF_THE_HOST'] = 'hidden';
  const { call } = await openTools({ tries: stdioServer({ GIVEN: 'yes' }) });
  const environment = JSON.parse(await call('environment')) as NodeJS.ProcessEnv;
  delete process.env['SECRET_OF_THE_HOST'];
  expect(environment).toMatchObject({ GIVEN: 'yes', PATH: process.env['PATH'] });
  expect(environment).not.toHaveProperty('SECRET_OF_THE_HOST');

  const { url, headers } = await startHttpServer();
  await openTools({ tries: { url, headers: { authorization: 'Bearer given' } } });
  expect(new Set(headers.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer given']));
});

it('[mcp.noise] reads over what a program prints that is no message', async () => {
  const { call, errors } = await openTools({ tries: stdioServer({ NOISE: '1' }) });
  expect(await call('echo', { said: 'heard' })).toBe('heard');
  expect(errors).toEqual([]);
});

it.each<[string, string, McpServer]>([
  ['with two underscores in its name', 'a__b', { command: 'x' }],
  ['with an odd name', 'a b', { command: 'x' }],
  ['with neither a command nor a url', 'a', {}],
  ['with both', 'a', { command: 'x', url: 'http://localhost' }],
  ['at no address', 'a', { url: 'nowhere' }],
  ['with a password in its address', 'a', { url: 'http://me:hidden@localhost' }],
  ['that is given no time', 'a', { command: 'x', callTimeoutMs: 0 }],
])('[mcp.config] refuses a server %s, by its name, before any is started', async (_, name, server) => {
  const servers = { first: stdioServer(), [name]: server };
  const refused = expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { server: name } }) as Error;
  await expect(openMcpTools({ servers })).rejects.toEqual(refused);
  expect(() => mcpTools({ servers })).toThrow(refused);
});

it('[mcp.plugin] opens the servers on start, offers each as a source, and ends them on stop', async () => {
  let names: readonly string[] = [];
  let pid = 0;
  const { start, stop } = assemble([
    mcpTools({ servers: { one: stdioServer(), two: stdioServer() } }),
    {
      name: 'reader',
      register: (context) =>
        context.lifecycle.add({
          name: 'reader',
          async start() {
            const sources = context.collect(tokens.toolSources);
            names = sources.map(({ name }) => name);
            const tool = sources[0]?.tools().find(({ name }) => name === 'one__pid');
            pid = Number(await tool?.run({}, toolContext()));
          },
        }),
    },
  ]);
  await start();
  expect(names).toEqual(['one', 'two']);
  expect(isAlive(pid)).toBe(true);
  await stop();
  expect(isAlive(pid)).toBe(false);
});
