import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A module that speaks lines: `node lines-fixture.mjs <id> [fault…]`. It says that it is ready, then answers: `echo` with
 * its params, `pid`, `both` (with a field `error` that is null), `fail`, `hang`, `late` (answers when asked for `pid` next), `die`, `noise` (says what is no event),
 * `claim` (speaks for somebody else), `tell` (an event), `odd` (events that cannot be kept), `close_output`, `long_line`, `leave` (ends with code 0), `print`.
 *
 * Faults: `deaf` ignores SIGTERM and the end of its input, `parent` has a child that ignores them, too, `half` says half a line and ends, `silent`
 * says nothing, `mute` closes its output, `flood` says 10 MB without an end, `methods` names what it answers, `foreign` is
 * ready as somebody else.
 */
const [id = 'lines', ...faults] = process.argv.slice(2);
const has = (/** @type {string} */ fault) => faults.includes(fault);

if (has('deaf')) process.on('SIGTERM', () => {});
process.stderr.write(`${id} begins\n`);
if (has('parent')) {
  const stay = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)";
  const child = spawn(process.execPath, ['-e', stay], { stdio: 'inherit' });
  process.stderr.write(`child ${child.pid}\n`);
}
if (has('half')) {
  process.stdout.write('{"event_id": "evt-', () => process.exit(0));
} else if (has('flood')) {
  process.stdout.write('x'.repeat(10 * 2 ** 20));
} else if (has('mute')) {
  closeSync(1);
} else if (!has('silent')) {
  tell('ready', {
    pid: process.pid,
    ...(has('methods') && { contract_version: '0.4.0', methods: ['pid', 'echo'] }),
  });
}
if (has('deaf') || has('mute') || has('silent') || has('flood')) setInterval(() => {}, 1e6);

/** @type {number | undefined} */
let late;

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id: asked, method, params } = JSON.parse(line);
  const answer = (/** @type {unknown} */ result) => say({ id: asked, result });
  /** @type {Record<string, () => void>} */
  const methods = {
    echo: () => answer(params),
    pid: () => {
      if (late !== undefined) say({ id: late, result: 'late' });
      late = undefined;
      answer(process.pid);
    },
    both: () => say({ id: asked, result: params, error: null }),
    fail: () => say({ id: asked, error: { message: 'no such thing' } }),
    hang: () => {},
    late: () => {
      late = asked;
    },
    die: () => process.exit(3),
    leave: () => process.exit(0),
    noise: () => {
      process.stdout.write('neither\nthe one\nnor the other\n');
      answer('noisy');
    },
    claim: () => {
      tell('spoof', {}, 'somebody');
      answer('claimed');
    },
    tell: () => {
      tell('told', params);
      answer('told');
    },
    odd: () => {
      tell('x'.repeat(500), {});
      tell('half a pair: \ud800', {});
      answer('odd');
    },
    close_output: () => closeSync(1),
    long_line: () => process.stdout.write('x'.repeat(2 ** 20 + 1)),
  };
  methods[method]?.();
});

/**
 * @param {string} type
 * @param {unknown} payload
 * @param {string} module
 */
function tell(type, payload, module = has('foreign') ? 'somebody' : id) {
  const event = { kind: 'module', module, event_type: type, payload };
  say({ event_id: `evt-${id}-${type}`, source: 'module', timestamp_ms: 42, event });
}

/** @param {unknown} message */
function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
