import { checkText } from './check-arguments.js';
import { copyJson, isPlainObject } from './copy-json.js';
import type { AgentDiscoverySpec } from './discovery.js';
import { errorText } from './error-text.js';
import { MobError } from './errors.js';
import type { JsonObject } from './json-value.js';
import { identityProblem } from './mob/member-identity.js';

/** How each field may be spelled; the first is the one to use. */
type Spellings = Readonly<Record<keyof AgentDiscoverySpec, readonly string[]>>;

const OURS: Spellings = {
  identity: ['identity'],
  profile: ['profile'],
  labels: ['labels'],
  context: ['context'],
  additionalInstructions: ['additionalInstructions'],
  resumeSessionId: ['resumeSessionId'],
};

const WIRE: Spellings = {
  identity: ['agent_identity', 'meerkat_id', 'identity'],
  profile: ['role', 'profile'],
  labels: ['labels'],
  context: ['context'],
  additionalInstructions: ['additional_instructions'],
  resumeSessionId: ['resume_session_id'],
};

/**
 * Checks what somebody answered as the desired roster, and copies it: identities that `identityProblem` lets pass, each
 * once, profiles that are not blank, labels of text, instructions of text, a context of plain JSON, and no other field.
 *
 * @param at - What the list is called in errors. @defaultValue `specs`
 * @throws MobError `MOB_DISCOVERY_INVALID` at the first problem; `details.field` says where, e.g. `specs[3].identity`, and
 * `details.index` in which spec.
 */
export function checkAgentDiscoverySpecs(specs: unknown, at = 'specs'): AgentDiscoverySpec[] {
  return readSpecs(specs, OURS, at);
}

/**
 * As `checkAgentDiscoverySpecs`, of the JSON form: `agent_identity` (or `meerkat_id`, or `identity`), `role` (or `profile`),
 * `labels`, `context`, `additional_instructions`, `resume_session_id`. What is null counts as absent.
 */
export function agentDiscoverySpecsFromJson(specs: unknown, at = 'specs'): AgentDiscoverySpec[] {
  return readSpecs(specs, WIRE, at, (value) => value ?? undefined);
}

/** The JSON form of a spec, which `agentDiscoverySpecsFromJson` reads as it was. What is absent or empty is left out. */
export function agentDiscoverySpecToJson(spec: AgentDiscoverySpec): JsonObject {
  const { labels = {}, context, additionalInstructions = [], resumeSessionId } = spec;
  return {
    agent_identity: spec.identity,
    role: spec.profile,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(context !== undefined && { context }),
    ...(additionalInstructions.length > 0 && { additional_instructions: additionalInstructions }),
    ...(resumeSessionId !== undefined && { resume_session_id: resumeSessionId }),
  };
}

function readSpecs(
  specs: unknown,
  spellings: Spellings,
  at: string,
  present = (value: unknown) => value,
): AgentDiscoverySpec[] {
  if (!Array.isArray(specs)) throw invalid(at, 'is not a list of agents');
  const seen = new Map<string, string>();
  return specs.map((given: unknown, index) => {
    try {
      const spec = readSpec(given, spellings, `${at}[${index}]`, present);
      const earlier = seen.get(spec.identity);
      const field = `${at}[${index}].${nameGiven(given, spellings.identity)}`;
      if (earlier !== undefined) {
        throw invalid(field, `is "${spec.identity}", as ${earlier}: give each agent a name of its own`);
      }
      seen.set(spec.identity, field);
      return spec;
    } catch (error) {
      if (!(error instanceof MobError)) throw error;
      throw new MobError(error.code, error.message, { details: { ...error.details, index } });
    }
  });
}

function readSpec(
  given: unknown,
  spellings: Spellings,
  at: string,
  present: (value: unknown) => unknown,
): AgentDiscoverySpec {
  if (!isPlainObject(given)) throw invalid(at, 'is not an object');
  const known = Object.values(spellings).flat();
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      `${at}.${unknown}`,
      `is unknown: ${Object.values(spellings).map(first).join(', ')} are known`,
    );
  }
  const field = <T>(key: keyof AgentDiscoverySpec, read: (value: unknown, name: string) => T) => {
    const names = spellings[key].filter((name) => present(given[name]) !== undefined);
    const name = `${at}.${names[0] ?? spellings[key][0]}`;
    if (names.length > 1) throw invalid(`${at}.${names[1]}`, `says the same as ${names[0]}: leave one out`);
    return read(names[0] === undefined ? undefined : given[names[0]], name);
  };
  const identity = field('identity', readIdentity);
  const profile = field('profile', (value, name) => readText(value, name, 'the name of a profile'));
  const labels = field('labels', optional(readLabels));
  const context = field(
    'context',
    optional((value, name) => copyJson(value, name, refuse)),
  );
  const additionalInstructions = field('additionalInstructions', optional(readInstructions));
  const resumeSessionId = field(
    'resumeSessionId',
    optional((value, name) => readText(value, name, 'the id of a session')),
  );
  return {
    identity,
    profile,
    ...(labels && { labels }),
    ...(context !== undefined && { context }),
    ...(additionalInstructions && { additionalInstructions }),
    ...(resumeSessionId !== undefined && { resumeSessionId }),
  };
}

function optional<T>(read: (value: unknown, name: string) => T) {
  return (value: unknown, name: string) => (value === undefined ? undefined : read(value, name));
}

function readIdentity(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw invalid(name, 'is missing or no text: give the agent a name of its own');
  }
  const problem = identityProblem(value);
  if (problem !== undefined) throw invalid(name, `cannot be used: ${problem}`);
  return value;
}

function readText(value: unknown, name: string, what: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid(name, `is missing or blank: it is ${what}`);
  }
  storable(name, value);
  return value;
}

function readLabels(value: unknown, name: string): Record<string, string> {
  if (!isPlainObject(value)) throw invalid(name, 'is not an object of texts');
  const labels = Object.entries(value).map(([key, text]): [string, string] => {
    const label = `${name}.${key}`;
    if (typeof text !== 'string') throw invalid(label, 'is no text: put it in quotes, or in context');
    storable(label, key);
    storable(label, text);
    return [key, text];
  });
  return Object.fromEntries(labels);
}

function readInstructions(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw invalid(name, 'is not a list of texts');
  return value.map((text: unknown, index) => {
    if (typeof text !== 'string') throw invalid(`${name}[${index}]`, 'is no text');
    return text;
  });
}

/** What is kept in a text field of a store must fit there. */
function storable(name: string, text: string): void {
  try {
    checkText('It', text);
  } catch (error) {
    throw invalid(name, `cannot be kept: ${errorText(error)}`);
  }
}

function nameGiven(given: unknown, names: readonly string[]): string | undefined {
  return names.find((name) => (given as Readonly<Record<string, unknown>>)[name] !== undefined) ?? names[0];
}

function first(names: readonly string[]): string | undefined {
  return names[0];
}

function refuse(field: string, problem: string): never {
  throw invalid(field, problem);
}

function invalid(field: string, problem: string): MobError {
  return new MobError('MOB_DISCOVERY_INVALID', `${field} ${problem}`, { details: { field } });
}
