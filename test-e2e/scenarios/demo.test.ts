import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { type Frame, readFrames } from '../support/event-stream.js';
import { storeEnvironment, stores } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface KeptEvent {
  readonly seq: number;
  readonly member_id: string;
  readonly interaction_id?: string;
  readonly event: { readonly event_type: string };
}

const parseLines = <T>(text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** Whether the lead has ended the run that carries the scribe's summary, and the scribe its own, which may be later. */
function summarised(interaction: string): (frames: readonly Frame[]) => boolean {
  return (frames) => {
    const ended = frames.filter(
      ({ event, data }) => event === 'run_completed' && data['interaction_id'] === interaction,
    );
    const endedBy = (identity: string, result: RegExp) =>
      ended.some(({ data }) => {
        const { result: said } = data['payload'] as { result?: string };
        return String(data['member_id']).startsWith(identity) && result.test(said ?? '');
      });
    return endedBy('lead', /summary/i) && endedBy('scribe', /./);
  };
}

it.each(stores)(
  '[app.demo] leads one message through the team, its interaction id on every run, and keeps it in order, on %s',
  async (store) => {
    const env = storeEnvironment(store);
    const state = temporaryDirectory();
    const app = startServer(['--state', state], env);
    const url = await app.url();
    const sent = await mobkit(['send', 'lead', 'Checkout answers 500 since 10:02', '--state', state], {
      env,
    });
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const interaction = /interaction (\S+)/.exec(sent.stdout)?.[1] ?? '';
    const frames = await readFrames(`${url}/mob/events`, summarised(interaction), 'mob:0.0');

    const of = frames.filter(
      ({ event, data }) => event === 'run_completed' && data['interaction_id'] === interaction,
    );
    const members = new Set(of.map(({ data }) => String(data['member_id']).split(':')[0]));
    expect(members).toEqual(new Set(['database', 'lead', 'network', 'scribe']));

    const stopped = await app.stop();
    expect(stopped).toMatchObject({ code: 0, signal: null, stderr: '' });
    const kept = parseLines<KeptEvent>(
      (await mobkit(['events', '--json', '--state', state], { env })).stdout,
    );
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, at) => at + 1));
    const runs = kept.filter(
      ({ interaction_id: id, event }) => id === interaction && event.event_type === 'run_completed',
    );
    expect(new Set(runs.map(({ member_id: member }) => member)).size).toBe(4);
  },
);

it('[app.shutdown-report] ends on SIGTERM with exit code 0 and a report that accounts for every event', async () => {
  const app = startServer(['--state', temporaryDirectory()]);
  await app.url();
  expect(await app.stop('SIGTERM')).toMatchObject({ code: 0, signal: null });
  const report = app.lines.find(({ msg }) => msg.startsWith('Shut down'))?.['report'] as {
    readonly mobStop: string;
    readonly errors: readonly string[];
    readonly ingest: { readonly accepted: number; readonly persisted: number; readonly buffered: number };
  };
  expect(report).toMatchObject({ mobStop: 'ok', errors: [], ingest: { buffered: 0 } });
  expect(report.ingest.accepted).toBeGreaterThan(0);
  expect(report.ingest.persisted).toBe(report.ingest.accepted);
});

it('[app.once] answers one message without a server and says by its exit code how it went', async () => {
  const state = temporaryDirectory();
  const once = await mobkit(['up', '--state', state, '--once', 'Checkout answers 500 since 10:02']);
  expect(once.code).toBe(0);
  expect(once.stdout).toMatch(/summary/i);
  expect(once.stdout).toContain('Checkout answers 500');
  const again = await mobkit(['up', '--state', state, '--once', 'Search is slow']);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('Search is slow');
});
