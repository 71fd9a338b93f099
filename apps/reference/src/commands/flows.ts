import { toWireFlow } from '@mobkit/rpc';

import type { Command } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectDefinition, findMobFile, loadMob } from '../config/load-mob.js';
import { findServer } from '../server/server-client.js';

type WireFlow = ReturnType<typeof toWireFlow>;

/** Prints the flows: of the mob file that is named, else of the running mob, else of the file that `up` would take. */
export async function flows({ state, json, mobFile }: Extract<Command, { name: 'flows' }>): Promise<number> {
  const server = mobFile === undefined ? await findServer(state) : undefined;
  const found = server
    ? (await server.call<{ readonly details: readonly WireFlow[] }>('mobkit/list_flows', {})).details
    : flowsOf(mobFile);
  for (const flow of found) console.log(json ? jsonLine(flow) : flowLine(flow));
  return 0;
}

function flowsOf(mobFile: string | undefined): readonly WireFlow[] {
  const definition = expectDefinition(loadMob(findMobFile(mobFile)));
  return Object.entries(definition.flows ?? {}).map(([id, flow]) => toWireFlow(id, flow));
}

function flowLine({ flow_id: id, description = '', steps }: WireFlow): string {
  const order = steps.map(({ step_id: step, role }) => `${step} (${role})`).join(', ');
  return `${terminalLine(id, 40).padEnd(20)} ${terminalLine(description || order)}`.trimEnd();
}
