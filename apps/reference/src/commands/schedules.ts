import { isMobError } from '@mobkit/core';
import type { WireOccurrence, WireSchedule } from '@mobkit/rpc';
import { nextFires } from '@mobkit/scheduler';

import type { SchedulesCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { usageError } from '../cli/usage.js';
import { expectServer, type ServerClient } from '../server/server-client.js';

/** Shows and changes what the running mob does when; `next` needs none. 1 when there is no such schedule. */
export async function schedules(command: SchedulesCommand): Promise<number> {
  if (command.action === 'next') return next(command);
  const server = await expectServer(command.state);
  const show = (schedule: WireSchedule) =>
    console.log(command.json ? jsonLine(schedule) : scheduleLine(schedule));
  switch (command.action) {
    case 'list':
      await list(server, command, show);
      return 0;
    case 'show':
      return showOne(server, command, show);
    case 'add':
      show(await server.call<WireSchedule>('mobkit/schedules/create', command.schedule));
      return 0;
    case 'pause':
    case 'resume':
    case 'delete': {
      const asked = { schedule_id: command.scheduleId };
      show(await server.call<WireSchedule>(`mobkit/schedules/${command.action}`, asked));
      return 0;
    }
  }
}

type Of<Action extends SchedulesCommand['action']> = Extract<SchedulesCommand, { readonly action: Action }>;

async function list(
  server: ServerClient,
  { phase }: Of<'list'>,
  show: (schedule: WireSchedule) => void,
): Promise<void> {
  for (let after: string | undefined, more = true; more;) {
    const page = await server.call<{
      readonly schedules: readonly WireSchedule[];
      readonly has_more: boolean;
    }>('mobkit/schedules/list', { phase, after_schedule_id: after });
    page.schedules.forEach(show);
    after = page.schedules.at(-1)?.schedule_id;
    more = page.has_more;
  }
}

async function showOne(
  server: ServerClient,
  { scheduleId, count, json }: Of<'show'>,
  show: (schedule: WireSchedule) => void,
): Promise<number> {
  const asked = { schedule_id: scheduleId };
  const schedule = await server.call<WireSchedule | null>('mobkit/schedules/get', asked);
  if (!schedule) {
    console.error(terminalLine(`There is no schedule "${scheduleId}"`));
    return 1;
  }
  show(schedule);
  if (schedule.phase === 'active' && schedule.trigger.type === 'cron' && !json) {
    const { expression, timezone, jitter_ms: jitterMs = 0 } = schedule.trigger;
    const afterMs = (schedule.next_due_at_ms ?? 0) - 1;
    const jitter = { scheduleId, jitterMs };
    const fires = nextFires(expression, { afterMs, count: Math.min(count, 5), timezone, jitter });
    for (const ms of fires) console.log(`  due ${iso(ms)}`);
  }
  const { occurrences } = await server.call<{ readonly occurrences: readonly WireOccurrence[] }>(
    'mobkit/schedules/occurrences',
    { ...asked, limit: Math.min(count, 64) },
  );
  for (const occurrence of occurrences) {
    console.log(json ? jsonLine(occurrence) : `  was ${occurrenceLine(occurrence)}`);
  }
  return 0;
}

function next({ expression, timezone, count, json }: Of<'next'>): number {
  let fires: readonly number[];
  try {
    fires = nextFires(expression, { afterMs: Date.now(), count, timezone });
  } catch (error) {
    if (!isMobError(error, 'MOB_SCHEDULE_INVALID')) throw error;
    const hint = error.details['field'] === 'interval' ? ': it is neither as */15m nor as "0 9 * * 1-5"' : '';
    throw usageError(`schedules next: ${error.message}${hint}`);
  }
  for (const ms of fires) console.log(json ? jsonLine({ due_at_ms: ms }) : iso(ms));
  return 0;
}

/** A schedule on one line: its id, how it is, when it is due next, what it does. */
function scheduleLine(schedule: WireSchedule): string {
  const { schedule_id: id, phase, next_due_at_ms: nextMs, trigger, target } = schedule;
  const due = nextMs === undefined ? '-'.padEnd(24) : iso(nextMs);
  return terminalLine(
    `${id.padEnd(20)} ${phase.padEnd(9)} ${due} ${triggerText(trigger)}: ${targetText(target)}`,
    400,
  );
}

function triggerText(trigger: WireSchedule['trigger']): string {
  if (trigger.type === 'once') return 'once';
  if (trigger.type === 'interval') return `every ${trigger.every_ms / 1000} s`;
  return `${trigger.expression} (${trigger.timezone})`;
}

function targetText(target: WireSchedule['target']): string {
  switch (target.kind) {
    case 'member':
      return `to ${target.member_id}: ${target.message}`;
    case 'flow':
      return `flow ${target.flow_id}`;
    case 'module':
      return `module ${target.module_id}, ${target.method}`;
    case 'function':
      return `function ${target.name}`;
  }
}

function occurrenceLine({ due_at_ms: dueMs, phase, attempts, failure }: WireOccurrence): string {
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  return terminalLine(`${iso(dueMs)} ${phase}${tries}${failure ? `: ${failure.error}` : ''}`, 400);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
