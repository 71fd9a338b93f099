import { styleText } from 'node:util';

import { terminalLine } from './terminal-text.js';

/** What `mobkit/plan` answers. */
export interface WirePlan {
  readonly plan_id: string;
  readonly mob_id: string;
  readonly empty: boolean;
  readonly members: Readonly<Record<'spawn' | 'retain' | 'retire', readonly WireMember[]>>;
  readonly edges: Readonly<Record<'wire' | 'unwire' | 'skip' | 'forget', readonly WireEdge[]>>;
  readonly routes: Readonly<Record<'add' | 'remove', readonly WireRoute[]>>;
}

interface WireMember {
  readonly agent_identity: string;
  readonly role: string;
  readonly reason: string;
  readonly differs?: readonly string[];
}

interface WireEdge {
  readonly a: string;
  readonly b: string;
  readonly reason: string;
}

interface WireRoute {
  readonly route_key: string;
  readonly reason: string;
}

/** What is added, taken away, and left as it is although it differs. */
type Sign = '+' | '-' | '~';

const COLOURS = { '+': 'green', '-': 'red', '~': 'yellow' } as const;

/** A plan as a diff, a line for each change with its reason, and a sum. */
export function describePlan(plan: WirePlan, coloured: boolean): readonly string[] {
  const { members, edges, routes } = plan;
  const line = (sign: Sign, what: string, reason: string) => {
    const text = terminalLine(`${sign} ${what} (${reason})`);
    return coloured ? styleText(COLOURS[sign], text) : text;
  };
  const member = (sign: Sign) => (one: WireMember) =>
    line(sign, `member ${one.agent_identity}, ${one.role}`, one.reason);
  const edge = (sign: Sign) => (one: WireEdge) => line(sign, `wire ${one.a} - ${one.b}`, one.reason);
  const route = (sign: Sign) => (one: WireRoute) => line(sign, `route ${one.route_key}`, one.reason);
  const differing = members.retain.filter(({ differs }) => differs);
  const lines = [
    ...members.retire.map(member('-')),
    ...members.spawn.map(member('+')),
    ...differing.map((one) =>
      line(
        '~',
        `member ${one.agent_identity}, ${one.role}`,
        `differs in ${one.differs?.join(' and ')}: only a respawn changes it`,
      ),
    ),
    ...edges.unwire.map(edge('-')),
    ...edges.wire.map(edge('+')),
    ...edges.skip.map(edge('~')),
    ...routes.remove.map(route('-')),
    ...routes.add.map(route('+')),
  ];
  if (plan.empty) return [...lines, `Nothing to change in ${plan.mob_id}`];
  const sum = `${plan.mob_id}: ${members.spawn.length} to spawn, ${members.retire.length} to retire, `;
  return [...lines, `${sum}${edges.wire.length} to wire, ${edges.unwire.length} to unwire`];
}
