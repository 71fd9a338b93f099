import { errorText } from '../../error-text.js';
import { isPlainObject } from '../../copy-json.js';
import { policyInvalid } from './policy-invalid.js';

/** When a module that has ended is started again. */
export type ModuleRestartPolicy = (typeof restartPolicies)[number];

const restartPolicies = ['never', 'on_failure', 'always'] as const;

/** A program that may be started as a module. */
export interface TrustedModule {
  readonly id: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly restartPolicy: ModuleRestartPolicy;
}

/** Reads TOML; throws for what is none. A parameter, as core has no parser. */
export type ParseToml = (text: string) => unknown;

/**
 * Reads a manifest of modules: tables `[[modules]]` with `id`, `command`, `args` and `restart_policy`, which is
 * `on_failure` unless it says otherwise. Other keys, also beside the tables, are left to others.
 *
 * @throws MobError `MOB_POLICY_INVALID` for the first module that is wrong, also for the second of one id.
 */
export function parseTrustedModules(toml: string, parseToml: ParseToml): readonly TrustedModule[] {
  let parsed: unknown;
  try {
    parsed = parseToml(toml);
  } catch (cause) {
    throw policyInvalid('modules_toml_invalid', `The modules are not TOML: ${errorText(cause)}`, {}, cause);
  }
  const given = isPlainObject(parsed) ? (parsed['modules'] ?? []) : undefined;
  if (!Array.isArray(given)) throw shape('modules', 'is not a list of tables');
  const known = new Set<string>();
  return given.map((table: unknown, at) => {
    const module = moduleOf(table, `modules[${at}]`);
    if (known.has(module.id)) {
      throw policyInvalid('module_duplicate', `Two modules are called "${module.id}"`, {
        field: `modules[${at}].id`,
        module: module.id,
      });
    }
    known.add(module.id);
    return module;
  });
}

function moduleOf(given: unknown, at: string): TrustedModule {
  if (!isPlainObject(given)) throw shape(at, 'is not a table');
  const { id, command, args = [], restart_policy: restartPolicy = 'on_failure' } = given;
  if (isBlank(id)) throw policyInvalid('module_id_missing', `${at} has no id`, { field: `${at}.id` });
  if (typeof id !== 'string') throw shape(`${at}.id`, 'is not text');
  if (isBlank(command)) {
    const field = `${at}.command`;
    throw policyInvalid('module_command_missing', `The module "${id}" has no command`, { field, module: id });
  }
  if (typeof command !== 'string') throw shape(`${at}.command`, 'is not text');
  if (!isTexts(args)) throw shape(`${at}.args`, 'is not a list of texts');
  const policy = restartPolicies.find((one) => one === restartPolicy);
  if (policy === undefined) throw shape(`${at}.restart_policy`, `is none of ${restartPolicies.join(', ')}`);
  return { id: id.trim(), command: command.trim(), args, restartPolicy: policy };
}

function isBlank(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function shape(field: string, what: string) {
  return policyInvalid('modules_shape_invalid', `${field} ${what}`, { field });
}
