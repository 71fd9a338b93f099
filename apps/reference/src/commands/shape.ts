import { agreed } from '../cli/agreed.js';
import type { ShapeCommand } from '../cli/command.js';
import { describePlan, type WirePlan } from '../cli/plan-lines.js';
import { terminalLine } from '../cli/terminal-text.js';
import { expectServer, type ServerClient } from '../server/server-client.js';

interface Report {
  readonly complete: boolean;
  readonly mob: { readonly failures: readonly MemberFailure[] };
  readonly edges: {
    readonly skipped_missing_members: readonly Edge[];
    readonly failures: readonly { readonly edge: Edge; readonly operation: string; readonly error: string }[];
  };
  readonly routing: { readonly failures: readonly { readonly route_key: string; readonly error: string }[] };
}

interface MemberFailure {
  readonly agent_identity: string;
  readonly stage: string;
  readonly error: { readonly message: string };
}

interface Edge {
  readonly a: string;
  readonly b: string;
}

/** Shows what stands between the mob and its desired shape, and does it when that was asked for. */
export async function shape(command: ShapeCommand): Promise<number> {
  const { name, state, json } = command;
  const server = await expectServer(state);
  const plan = await server.call<WirePlan>('mobkit/plan', {});
  if (name === 'plan' && json) return say(JSON.stringify(plan));
  if (!json)
    for (const line of describePlan(plan, process.stdout.isTTY && !process.env['NO_COLOR'])) say(line);
  if (name === 'plan') return 0;
  const { retire } = plan.members;
  const names = retire.map(({ agent_identity: identity }) => identity).join(', ');
  const what = terminalLine(`${retire.length} will be retired, with what waits for them: ${names}.`);
  if (retire.length > 0 && !command.yes && !(await agreed('apply', what, 'Apply it?'))) return 1;
  return applyPlan(server, plan, json);
}

/** What was shown is done, or nothing: a plan that is another one by now is refused. */
async function applyPlan(server: ServerClient, plan: WirePlan, json: boolean): Promise<number> {
  if (plan.empty && !json) return 0;
  const report = await server.call<Report>('mobkit/reconcile', { expect_plan: plan.plan_id });
  if (json) say(JSON.stringify(report));
  else for (const line of describeReport(report)) say(line);
  return report.complete ? 0 : 1;
}

function describeReport({ complete, mob, edges, routing }: Report): readonly string[] {
  if (complete) return ['Done'];
  return [
    ...mob.failures.map(
      (one) =>
        `${one.agent_identity} could not be ${one.stage === 'spawn' ? 'spawned' : 'retired'}: ${one.error.message}`,
    ),
    ...edges.failures.map(
      ({ edge, operation, error }) => `${operation} ${edge.a} - ${edge.b} failed: ${error}`,
    ),
    ...edges.skipped_missing_members.map(({ a, b }) => `${a} - ${b} waits for a member that is not there`),
    ...routing.failures.map(({ route_key: key, error }) => `route ${key} failed: ${error}`),
    'Not all is done; run it again when that is mended',
  ].map((line) => terminalLine(line));
}

function say(line: string): number {
  console.log(line);
  return 0;
}
