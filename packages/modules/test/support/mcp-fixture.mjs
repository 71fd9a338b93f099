import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * An MCP server to try modules with: `node mcp-fixture.mjs --module <id>`. It has the one tool of the module it plays:
 * `routing.resolve` (router), `delivery.send` (delivery), `memory.conflict_read` (memory), `scheduling.dispatch`
 * (scheduling). Without the SDK, so that it starts quickly. By its environment, `MOBKIT_PHASE_C_…`:
 *
 * - `ROUTER_SINK`, `ROUTER_TARGET`, `DELIVERY_ADAPTER`, `DELIVERY_FORCE_FAIL=1`, `MEMORY_CONFLICT_KEY=<entity>:<topic>`,
 *   `MEMORY_CONFLICT_REASON`, `SCHEDULING_MEMBER`, `SCHEDULING_MESSAGE_PREFIX`, `SCHEDULING_DISABLE_INJECTION=1`: what it
 *   answers;
 * - `FAIL_TOOL`: the tool that fails;
 * - `LOG_PATH`: a file that gets a line of what it is asked for;
 * - `HANG_ON`, or the text of the file `HANG_ON_FILE`: what it never answers: `all`, `initialize`, `list_tools`,
 *   `call_tool`, `call_tool:<tool>`, `call:<tool>`, or `close`, which makes it end `CLOSE_DELAY_MS` (2000) after its input.
 *
 * @typedef {Readonly<Record<string, any>>} Args
 */
const at = process.argv.indexOf('--module');
const moduleId = (at === -1 ? undefined : process.argv[at + 1]) ?? 'router';

/** @type {Readonly<Record<string, { readonly tool: string; answer(args: Args): unknown }>>} */
const plays = {
  router: {
    tool: 'routing.resolve',
    answer: () => ({
      sink: given('ROUTER_SINK', 'email'),
      target_module: given('ROUTER_TARGET', 'delivery'),
    }),
  },
  delivery: {
    tool: 'delivery.send',
    answer: ({ payload }) => ({
      adapter: given('DELIVERY_ADAPTER', 'smtp-mock'),
      force_fail: given('DELIVERY_FORCE_FAIL', '') === '1' || payload?.force_adapter_fail === true,
    }),
  },
  memory: { tool: 'memory.conflict_read', answer: (args) => ({ conflict: conflictFor(args) }) },
  scheduling: {
    tool: 'scheduling.dispatch',
    answer: ({ schedule_id: id }) =>
      given('SCHEDULING_DISABLE_INJECTION', '') === '1'
        ? {}
        : {
            runtime_injection: {
              member_id: given('SCHEDULING_MEMBER', 'runtime'),
              message: `${given('SCHEDULING_MESSAGE_PREFIX', 'dispatch')}:${id}`,
            },
          },
  },
};
const play = plays[moduleId];

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line.trim() !== '') take(line);
});
lines.once('close', () => {
  if (!hangsOn('close')) process.exit(0);
  log('hang:close');
  setTimeout(() => process.exit(0), Number(given('CLOSE_DELAY_MS', '2000')));
});

/** @param {string} line */
function take(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    say({ id: null, error: { code: -32700, message: 'parse error' } });
    return;
  }
  const { id, method, params = {} } = message;
  if (id === undefined) return;
  const answer = answerTo(method, params);
  if (answer) say({ id, ...answer });
}

/**
 * @param {string} method
 * @param {Args} params
 */
function answerTo(method, params) {
  switch (method) {
    case 'initialize':
      if (hangsOn('initialize')) return log('hang:initialize');
      return {
        result: {
          protocolVersion: '2024-11-05',
          capabilities: { tools: {} },
          serverInfo: { name: `phase-c-mcp-fixture-${moduleId}`, version: '0.1.0' },
        },
      };
    case 'ping':
      return { result: {} };
    case 'tools/list':
      if (hangsOn('list_tools')) return log('hang:list_tools');
      log('list_tools');
      return { result: { tools: play ? [{ name: play.tool, inputSchema: { type: 'object' } }] : [] } };
    case 'tools/call':
      return call(params['name'], params['arguments'] ?? {});
    default:
      return { error: { code: -32601, message: `method not found: ${method}` } };
  }
}

/**
 * @param {string} tool
 * @param {Args} args
 */
function call(tool, args) {
  log(`call:${tool}:${JSON.stringify(args)}`);
  if (hangsOn('call_tool') || hangsOn(`call_tool:${tool}`) || hangsOn(`call:${tool}`)) {
    return log(`hang:call_tool:${tool}`);
  }
  if (given('FAIL_TOOL', '') === tool) return text(`forced failure for ${tool}`, true);
  if (play?.tool !== tool) return { error: { code: -32602, message: `unknown tool: ${tool}` } };
  return text(JSON.stringify(play.answer(args)));
}

/** @param {Args} args */
function conflictFor({ entity, topic }) {
  const key = given('MEMORY_CONFLICT_KEY', '');
  if (key === '' || key.toLowerCase() !== `${entity}:${topic}`.toLowerCase()) return null;
  const reason = given('MEMORY_CONFLICT_REASON', 'fixture_memory_conflict');
  return { entity, topic, store: 'knowledge_graph', reason, updated_at_ms: 42 };
}

/**
 * @param {string} said
 * @param {boolean} [isError]
 */
function text(said, isError = false) {
  return { result: { content: [{ type: 'text', text: said }], isError } };
}

/** @param {string} what */
function hangsOn(what) {
  const named = hangs().map((one) => one.trim().toLowerCase());
  return named.includes('all') || named.includes(what.toLowerCase());
}

function hangs() {
  const inline = given('HANG_ON', '');
  if (inline !== '') return inline.split(',');
  const file = given('HANG_ON_FILE', '');
  if (file === '') return [];
  try {
    return readFileSync(file, 'utf8').split(',');
  } catch {
    return [];
  }
}

/** @param {string} what */
function log(what) {
  const file = given('LOG_PATH', '');
  if (file !== '') appendFileSync(file, `${moduleId}:${what}\n`);
}

/** @param {Args} message */
function say(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/**
 * @param {string} name
 * @param {string} otherwise
 */
function given(name, otherwise) {
  const value = process.env[`MOBKIT_PHASE_C_${name}`]?.trim() ?? '';
  return value === '' ? otherwise : value;
}
