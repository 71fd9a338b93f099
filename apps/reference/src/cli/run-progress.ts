import type { WriteStream } from 'node:tty';

import type { WireStep } from '../server/flow-host.js';
import { terminalLine } from './terminal-text.js';

/** Shows how a run goes. */
export interface RunProgress {
  /** Takes what the ledger says of the run. */
  show(event: WireStep): void;
}

interface Told {
  readonly target?: { readonly identity: string; readonly generation: number };
  readonly reason?: string;
  readonly escalated_to?: string;
}

/** A line for each event. */
export function plainProgress(): RunProgress {
  return { show: (event) => console.log(eventText(event)) };
}

/**
 * A line for each step that changes as the step goes on, on a terminal. Where the terminal has no room for all of them, the
 * lines follow each other as anywhere else.
 *
 * @param steps - Ids, in the order to show them.
 */
export function terminalProgress(terminal: WriteStream, steps: readonly string[]): RunProgress {
  if (steps.length === 0 || steps.length >= terminal.rows) return plainProgress();
  const states = new Map(steps.map((step) => [step, 'waits']));
  let drawn = 0;
  const draw = () => {
    // Up to the first line, then everything below is cleared.
    const back = drawn > 0 ? `\u001B[${drawn}A\u001B[0J` : '';
    const lines = [...states].map(([step, state]) => stepLine(step, state, terminal.columns));
    terminal.write(`${back}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  return {
    show(event) {
      const { step_id: step } = event;
      if (step !== undefined && states.has(step)) states.set(step, stateText(event));
      draw();
    },
  };
}

function stepLine(step: string, state: string, columns: number): string {
  const width = Math.max(40, Math.min(columns, 160)) - COLUMN - 2;
  return `${column(step)} ${terminalLine(state, width)}`;
}

function eventText(event: WireStep): string {
  const time = new Date(event.timestamp_ms).toISOString().slice(11, 19);
  return `${time} ${column(event.step_id ?? 'run')} ${terminalLine(stateText(event))}`;
}

const COLUMN = 20;

function column(step: string): string {
  return terminalLine(step, COLUMN).padEnd(COLUMN);
}

function stateText({ kind, data }: WireStep): string {
  const { target, reason = '', escalated_to: supervisor = '' } = data as Told;
  const who = target ? `${target.identity}:${target.generation}` : '';
  switch (kind) {
    case 'flow_started':
      return 'started';
    case 'step_dispatched':
      return `asks ${who}`;
    case 'step_target_completed':
      return `${who} answered`;
    case 'step_target_failed':
      return `${who} failed: ${reason}`;
    case 'supervisor_escalation':
      return `told ${supervisor}`;
    default:
      return `${kind.replace(/^(?:flow|step)_/, '')}${reason === '' ? '' : `: ${reason}`}`;
  }
}
