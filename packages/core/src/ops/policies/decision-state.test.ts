import { expect, it } from 'vitest';

import { buildRuntimeDecisionState, type RuntimeDecisionInputs } from './decision-state.js';

/** Stands for a parser of TOML: JSON is enough to say what a manifest says. */
const parseToml = (text: string): unknown => JSON.parse(text);
const build = (given: Partial<RuntimeDecisionInputs>, processes?: 'one' | 'many') =>
  buildRuntimeDecisionState({ ...valid, ...given }, { parseToml, ...(processes && { processes }) });

const modules = (...tables: readonly unknown[]) => JSON.stringify({ modules: tables });
const release = (given: object) =>
  JSON.stringify({
    targets: ['crates.io', 'npm', 'pypi', 'github-releases', 'homebrew'],
    support_matrix: 'same-as-meerkat',
    ...given,
  });
const discoveryJson = JSON.stringify({
  issuer: 'https://issuer.example',
  jwks_uri: 'https://issuer.example/keys',
});
const oidc = { discoveryJson, jwksJson: '{"keys":[{}]}', audience: 'mobkit' };

const valid: RuntimeDecisionInputs = {
  warehouse: { dataset: 'mob_1', table: 'events-eu' },
  trustedModulesToml: modules(
    { id: ' router ', command: 'router', args: ['-v'], restart_policy: 'always' },
    {
      id: 'delivery',
      command: './delivery',
      other: true,
    },
  ),
  auth: { emailAllowlist: ['not looked at'] },
  console: { requireAppAuth: false },
  trustedOidc: oidc,
  ops: {},
  releaseMetadataJson: release({}),
};

it('[policies.decision-state] is what was given, with modules and release read', () => {
  expect(build({})).toEqual({
    warehouse: valid.warehouse,
    auth: valid.auth,
    console: valid.console,
    trustedOidc: oidc,
    ops: {},
    modules: [
      { id: 'router', command: 'router', args: ['-v'], restartPolicy: 'always' },
      { id: 'delivery', command: './delivery', args: [], restartPolicy: 'on_failure' },
    ],
    releaseMetadata: {
      targets: ['crates.io', 'npm', 'pypi', 'github-releases', 'homebrew'],
      supportMatrix: 'same-as-meerkat',
    },
  });
});

/** Each violation, in the order in which they are looked for. */
const violations: readonly (readonly [reason: string, given: Partial<RuntimeDecisionInputs>])[] = [
  ['warehouse_dataset_empty', { warehouse: { dataset: ' ', table: '' } }],
  ['warehouse_table_empty', { warehouse: { dataset: 'a.b', table: ' ' } }],
  ['warehouse_name_invalid', { warehouse: { dataset: 'a-b', table: 't' } }],
  ['warehouse_name_invalid', { warehouse: { dataset: 'd', table: 't`; drop' } }],
  ['modules_toml_invalid', { trustedModulesToml: '[[modules' }],
  ['modules_shape_invalid', { trustedModulesToml: '{"modules":{}}' }],
  ['modules_shape_invalid', { trustedModulesToml: modules(7) }],
  ['modules_shape_invalid', { trustedModulesToml: modules({ id: 'a', command: 'b', args: [1] }) }],
  [
    'modules_shape_invalid',
    { trustedModulesToml: modules({ id: 'a', command: 'b', restart_policy: 'often' }) },
  ],
  ['module_id_missing', { trustedModulesToml: modules({ id: ' ', command: '' }) }],
  ['module_command_missing', { trustedModulesToml: modules({ id: 'a', command: ' ' }) }],
  [
    'module_duplicate',
    { trustedModulesToml: modules({ id: 'a', command: 'b' }, { id: ' a', command: 'c' }) },
  ],
  ['replica_count_unsupported', { ops: { replicaCount: 2 } }],
  ['replica_count_unsupported', { ops: { replicaCount: 0 } }],
  ['slo_targets_unsupported', { ops: { enforceSloTargets: true } }],
  ['release_json_invalid', { releaseMetadataJson: '{' }],
  ['release_shape_invalid', { releaseMetadataJson: '[]' }],
  ['release_shape_invalid', { releaseMetadataJson: release({ targets: ['npm', 1] }) }],
  ['release_shape_invalid', { releaseMetadataJson: release({ support_matrix: undefined }) }],
  ['release_target_duplicate', { releaseMetadataJson: release({ targets: ['npm', 'npm'] }) }],
  ['release_target_missing', { releaseMetadataJson: release({ targets: ['crates.io', 'npm', 'pypi'] }) }],
  ['support_matrix_invalid', { releaseMetadataJson: release({ support_matrix: 'none' }) }],
  ['audience_empty', { trustedOidc: { ...oidc, audience: ' ' } }],
  ['oidc_discovery_invalid', { trustedOidc: { ...oidc, discoveryJson: '{' } }],
  ['oidc_discovery_invalid', { trustedOidc: { ...oidc, discoveryJson: '{"issuer":" ","jwks_uri":"u"}' } }],
  ['oidc_discovery_invalid', { trustedOidc: { ...oidc, discoveryJson: '{"issuer":"i"}' } }],
  ['jwks_invalid', { trustedOidc: { ...oidc, jwksJson: 'none' } }],
  ['jwks_invalid', { trustedOidc: { ...oidc, jwksJson: '{"keys":[]}' } }],
];

it.each(violations)('[policies.violations] refuses %s for what it is', (reason, given) => {
  expect(() => build(given)).toThrow(
    expect.objectContaining({
      code: 'MOB_POLICY_INVALID',
      details: expect.objectContaining({ reason }) as object,
    }) as Error,
  );
});

it('[policies.order] tells of the first of all violations, whatever follows', () => {
  // Of each field the first row: later rows of it are looked at only when it is sound.
  const firsts = violations.filter(([, given], at) => {
    const [field] = Object.keys(given);
    return violations.findIndex(([, other]) => Object.keys(other)[0] === field) === at;
  });
  expect(firsts.map(([reason]) => reason)).toEqual([
    'warehouse_dataset_empty',
    'modules_toml_invalid',
    'replica_count_unsupported',
    'release_json_invalid',
    'audience_empty',
  ]);
  for (const [at, [reason]] of firsts.entries()) {
    const rest = Object.assign(
      {},
      ...firsts.slice(at).map(([, given]) => given),
    ) as Partial<RuntimeDecisionInputs>;
    expect(() => build(rest)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason }) as object }) as Error,
    );
  }
  const bothOidc = { discoveryJson: '{}', jwksJson: '{}' };
  const reasonOf = (trustedOidc: Partial<typeof oidc>) => {
    try {
      build({ trustedOidc: { ...oidc, ...trustedOidc } });
    } catch (error) {
      return (error as { details: { reason: string } }).details.reason;
    }
    return undefined;
  };
  expect(reasonOf({ ...bothOidc, audience: '' })).toBe('audience_empty');
  expect(reasonOf(bothOidc)).toBe('oidc_discovery_invalid');
});

it('[policies.replicas] lets stand-bys in where the storage is for several processes', () => {
  expect(build({ ops: { replicaCount: 3 } }, 'many').ops).toEqual({ replicaCount: 3 });
  expect(() => build({ ops: { replicaCount: 1.5 } }, 'many')).toThrow('1.5 replicas');
});
