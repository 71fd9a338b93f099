import { resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import type { WireRun } from '@mobkit/rpc';

import { openAppLog } from '../app-log.js';
import type { RunFlowCommand } from '../cli/command.js';
import { plainProgress, type RunProgress, terminalProgress } from '../cli/run-progress.js';
import { jsonLine, terminalText } from '../cli/terminal-text.js';
import { expectDefinition, findMobFile, loadMob } from '../config/load-mob.js';
import { loadApp } from '../load-app.js';
import { runtimeToken } from '../parts/unified-runtime.js';
import { type FlowHost, runtimeHost, serverHost } from '../server/flow-host.js';
import { findServer } from '../server/server-client.js';
import { prepareStateDirectory } from '../state-directory.js';
import { startApp } from '../start-app.js';
import { tellLog } from '../tell-log.js';

/** Runs a flow to its end, on the running server or in this process. 0 when it completed. */
export async function runFlow(command: RunFlowCommand): Promise<number> {
  const server = command.mobFile === undefined ? await findServer(command.state) : undefined;
  if (server) return follow(serverHost(server), command);
  return runHere(command);
}

async function runHere(command: RunFlowCommand): Promise<number> {
  const mob = loadMob(findMobFile(command.mobFile));
  // Before a mob is made and its members begin to work.
  expectFlow(expectDefinition(mob), command.flow);
  const state = resolve(command.state);
  const log = await openAppLog(process.stderr);
  // How it goes is shown as the flow goes on; of the rest only what is wrong.
  log.level = 'warn';
  const { assembly, store } = await loadApp(mob, { state, store: command.store, tell: tellLog(log) });
  const warning = prepareStateDirectory(state);
  if (warning !== undefined) log.warn(warning);
  await startApp(assembly, { mobFile: mob.file, state, store });
  try {
    const runtime = assembly.container.resolve(runtimeToken);
    for (const text of runtime.openReport.warnings) log.warn(terminalText(text));
    return await follow(runtimeHost(runtime), command);
  } finally {
    await assembly.stop();
  }
}

function expectFlow({ flows: known = {} }: MobDefinition, flow: string): void {
  if (Object.hasOwn(known, flow)) return;
  const there = Object.keys(known).join(', ') || 'none';
  throw new MobError('MOB_FLOW_NOT_FOUND', `There is no flow "${flow}"; there are: ${there}`, {
    details: { flowId: flow },
  });
}

async function follow(host: FlowHost, command: RunFlowCommand): Promise<number> {
  const { flow, params, provision, json } = command;
  const { next_after_seq: cursor } = await host.call<{ readonly next_after_seq: number }>(
    'mobkit/mob_events/query',
    { limit: 1 },
  );
  const { run_id: runId } = await host.call<{ readonly run_id: string }>('mobkit/run_flow', {
    flow_id: flow,
    provision,
    ...(params !== undefined && { params }),
  });
  const stop = onInterrupt(() => {
    console.error('Cancelling the run; once more leaves it alone');
    // What comes of it is told by the run itself.
    host.call('mobkit/cancel_flow', { run_id: runId }).catch(() => {});
  });
  try {
    await watch(host, { runId, cursor, progress: await progressOf(host, flow, json) });
  } finally {
    stop();
  }
  const run = await host.call<WireRun | null>('mobkit/flow_status', { run_id: runId });
  if (json) console.log(jsonLine(run));
  else tellEnd(run);
  return run?.status === 'completed' ? 0 : 1;
}

interface Watched {
  readonly runId: string;
  readonly cursor: number;
  readonly progress: RunProgress;
}

async function watch(host: FlowHost, { runId, cursor, progress }: Watched): Promise<void> {
  for await (const event of host.events(runId, cursor)) {
    progress.show(event);
    if (['flow_completed', 'flow_failed', 'flow_canceled'].includes(event.kind)) return;
  }
  throw new MobError(
    'mobkit/unreachable',
    `The server went away while run ${runId} went on; what became of it is said when it is back`,
  );
}

async function progressOf(host: FlowHost, flow: string, json: boolean): Promise<RunProgress> {
  if (json) return { show: (event) => console.log(jsonLine(event)) };
  if (!process.stdout.isTTY) return plainProgress();
  const { details } = await host.call<{
    readonly details: readonly { readonly flow_id: string; readonly steps: readonly { step_id: string }[] }[];
  }>('mobkit/list_flows', {});
  const steps = details.find(({ flow_id: id }) => id === flow)?.steps ?? [];
  return terminalProgress(
    process.stdout,
    steps.map(({ step_id: step }) => step),
  );
}

function tellEnd(run: WireRun | null): void {
  for (const [step, output] of Object.entries(run?.root_step_outputs ?? {})) {
    console.log(`\n${terminalText(step)}:\n${terminalText(outputText(output))}`);
  }
  const reason = run?.reason === undefined ? '' : `: ${terminalText(run.reason)}`;
  console.log(`\nRun ${run?.run_id ?? ''} ${run?.status ?? 'is gone'}${reason}`);
}

/** The answer of one member as it is, anything else as JSON. */
function outputText(output: unknown): string {
  const answers = typeof output === 'object' && output !== null ? Object.values(output) : [output];
  const [only, ...more] = answers as readonly unknown[];
  if (more.length === 0 && typeof only === 'string') return only;
  return JSON.stringify(more.length === 0 ? only : output, undefined, 2);
}

/** The first Ctrl-C calls `cancel`; the second ends the process at once. Returns what ends the watching. */
function onInterrupt(cancel: () => void): () => void {
  let asked = false;
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const handler = () => {
      if (asked) process.exit(name === 'SIGINT' ? 130 : 143);
      asked = true;
      cancel();
    };
    process.on(name, handler);
    return () => void process.off(name, handler);
  });
  return () => handlers.forEach((off) => off());
}
