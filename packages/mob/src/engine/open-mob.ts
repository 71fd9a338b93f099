import { MobError } from '@mobkit/core';
import type { Diagnostic, MobDefinition, OpenedMob, OpenMobOptions } from '@mobkit/core/mob';

import { checkDefinition } from '../definition/check-definition.js';
import { describeChanges } from '../definition/describe-changes.js';
import { isSchemaText } from '../flows/output-schema.js';
import { Ledger } from '../ledger/ledger.js';
import { Activity } from './activity.js';
import { AgentEventFeed } from './agent-event-feed.js';
import { CallbackGuard } from './callback-guard.js';
import type { MobEngineOptions } from './mob-engine-options.js';
import { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';
import { mobStorage } from './mob-storage.js';
import { offeredWarnings } from './offered-warnings.js';
import { reportLostTurns, restoreMembers } from './restore-members.js';

/** Creates a mob, or resumes it from its ledger. No member works before it is started, so nothing runs if this fails. */
export async function openMob(
  engine: Required<MobEngineOptions>,
  options: OpenMobOptions,
): Promise<OpenedMob> {
  const { storage, clock, newId, maxSessions } = engine;
  const { definition, onAgentEvent } = options;
  const diagnostics = expectValid(definition);
  const mobId = definition.id;
  await storage.prepare(mobStorage);

  const guard = new CallbackGuard();
  const feed = new AgentEventFeed({ mobId, clock, newId, guard });
  // The ledger may find a conflict before there is a mob to step down: then opening fails with it.
  const opened: { mob?: Mob } = {};
  const stepDown = (error: MobError) => opened.mob?.stepDown(error);
  const ledger = await Ledger.open({ storage, mobId, clock, newId, onConflict: stepDown });
  const context: MobContext = {
    mobId,
    definition,
    storage,
    ledger,
    clock,
    newId,
    engineId: newId(),
    providers: engine.providers(),
    hostTools: new Map(engine.tools().map((tool) => [tool.name, tool])),
    feed,
    guard,
    activity: new Activity(),
    customizeSpawn: engine.customizeSpawn,
    maxSessions,
    onError: (event) => guard.run(() => options.onError?.(event)),
    stepDown,
  };
  const resumed = !ledger.empty;
  if (resumed) expectUnchanged(ledger.roster.definition, definition);
  else await ledger.append({ items: [{ kind: { type: 'mob_created', definition } }] });

  if (onAgentEvent) feed.subscribe(onAgentEvent);
  const mob = new Mob(context);
  opened.mob = mob;
  const { lost, warnings } = await restoreMembers(context, mob);
  await spawnMissing(context, mob);
  // Last: once a lost turn was told, it is not told again.
  const lostTurns = await reportLostTurns(context, lost);
  const broken = mob
    .members()
    .flatMap(({ identity, error }) => (error === undefined ? [] : [{ identity, error }]));
  return {
    mob,
    report: {
      resumed,
      lostTurns,
      broken,
      warnings: [...diagnostics.map(warningText), ...offeredWarnings(context), ...warnings],
    },
  };
}

/** The first roster, but those that were spawned once: what was retired stays retired. */
async function spawnMissing({ definition, ledger: { roster } }: MobContext, mob: Mob): Promise<void> {
  if (roster.state !== 'Running') return;
  const missing = (definition.members ?? []).filter(({ identity }) => roster.nextGeneration(identity) === 0);
  const outcomes = await mob.spawnMany(
    missing.map(({ identity, profile, initial_message: initialMessage, labels }) => ({
      identity,
      profile,
      ...(initialMessage !== undefined && { initialMessage }),
      ...(labels && { labels }),
    })),
  );
  for (const outcome of outcomes) if ('error' in outcome) throw outcome.error;
}

/** Answers the warnings. @throws MobError `MOB_DEFINITION_INVALID`. */
function expectValid(definition: MobDefinition): readonly Diagnostic[] {
  const diagnostics = checkDefinition(definition);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) errors.push(...unreadSkills(definition), ...unreadSchemas(definition));
  if (errors.length === 0) return diagnostics;
  const message = `The definition cannot be used: ${errors.map(warningText).join('; ')}`;
  throw new MobError('MOB_DEFINITION_INVALID', message, {
    details: { diagnostics: [...errors, ...diagnostics.filter(({ severity }) => severity !== 'error')] },
  });
}

/** The engine reads no files. */
function unreadSkills({ skills = {} }: MobDefinition): readonly Diagnostic[] {
  return Object.entries(skills).flatMap(([name, { source }]): Diagnostic[] => {
    if (source === 'inline') return [];
    const message = `Skill "${name}" is a file: put its text in, \`resolveSkillPaths\` does`;
    return [{ code: 'unread_skill_file', message, location: `skills.${name}`, severity: 'error' }];
  });
}

function unreadSchemas({ flows = {} }: MobDefinition): readonly Diagnostic[] {
  return Object.entries(flows).flatMap(([flow, { steps }]) =>
    Object.entries(steps).flatMap(([step, { expected_schema_ref: schema }]): Diagnostic[] => {
      if (schema === undefined || isSchemaText(schema)) return [];
      const message = `The schema of step "${step}" is a file: put its text in, \`resolveSchemaPaths\` does`;
      const location = `flows.${flow}.steps.${step}.expected_schema_ref`;
      return [{ code: 'unread_schema_file', message, location, severity: 'error' }];
    }),
  );
}

function expectUnchanged(stored: MobDefinition | undefined, given: MobDefinition): void {
  const changes = stored ? describeChanges(stored, given) : [];
  if (changes.length === 0) return;
  const paths = changes.map(({ path }) => path).join(', ');
  const message = `Mob "${given.id}" was created from another definition; they differ at ${paths}`;
  throw new MobError('MOB_DEFINITION_CHANGED', message, { details: { mobId: given.id, changes } });
}

function warningText({ location, message }: Diagnostic): string {
  return location === undefined ? message : `${location}: ${message}`;
}
