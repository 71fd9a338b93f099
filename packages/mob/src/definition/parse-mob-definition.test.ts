import { expect, it } from 'vitest';

import { formatDiagnostic } from './format-diagnostic.js';
import { parseMobDefinition } from './parse-mob-definition.js';

const parseToml = (text: string) => parseMobDefinition(text, { format: 'toml' });
const parseJson = (text: string) => parseMobDefinition(text, { format: 'json' });

const minimal = `[mob]
id = "m"

[profiles.worker]
model = "scripted"
external_addressable = true
tools = { comms = true }
`;

it('[definition.formats] gives the same definition from TOML and JSON', () => {
  const toml = `
[mob]
id = "m"
orchestrator = "lead"
[profiles.lead]
model = "x"
tools.comms = true
[[members]]
identity = "l"
profile = "lead"
`;
  const json = {
    id: 'm',
    orchestrator: { profile: 'lead' },
    profiles: { lead: { model: 'x', tools: { comms: true } } },
    members: [{ identity: 'l', profile: 'lead' }],
  };
  expect(parseToml(toml)).toMatchObject({ definition: json, diagnostics: [] });
  expect(parseJson(JSON.stringify(json)).definition).toEqual(json);
  const asTable = toml.replace('"lead"\n[', '{ profile = "lead" }\n[');
  expect(parseToml(asTable).definition).toEqual(json);
  expect(parseToml(minimal).definition).toEqual({
    id: 'm',
    profiles: { worker: { model: 'scripted', external_addressable: true, tools: { comms: true } } },
  });
});

it('[definition.broken-text] tells where a text is no TOML', () => {
  const parsed = parseToml('[mob]\nid = \n');
  expect(parsed.definition).toBeUndefined();
  expect(parsed.diagnostics).toMatchObject([{ code: 'invalid_toml', severity: 'error', line: 2, column: 6 }]);
  expect(parsed.diagnostics[0]?.message).not.toContain('\n');
});

it('[definition.broken-text] tells where a text is no JSON', () => {
  for (const [text, line, column, said] of [
    ['', 1, 1, 'a value, found the end'],
    ['{\n "id": }', 2, 8, 'a value, found "}"'],
    ['{"id": "m",}', 1, 12, 'a key'],
    ['{"a" 1}', 1, 6, '":"'],
    ['[1 2]', 1, 4, '"," or "]"'],
    ['{"a": "x\n"}', 1, 7, 'a value'],
    ['{} {}', 1, 4, 'the end'],
    [`["${'x'.repeat(100)}`, 1, 2, 'a value'],
    [`${'['.repeat(200)}1${']'.repeat(200)}`, 1, 102, 'more than 100'],
  ] as const) {
    const { diagnostics } = parseJson(text);
    const message: unknown = expect.stringContaining(said);
    expect({ text, diagnostics }).toMatchObject({
      text,
      diagnostics: [{ code: 'invalid_json', severity: 'error', line, column, message }],
    });
  }
});

it('[definition.broken-text] reads every form of value that JSON has', () => {
  const json = '{"id":"m","profiles":{"a":{"model":"x"}},"x":[-0.5e+3,0,true,false,null,"\\u00e9\\n",{},[]]}';
  expect(parseJson(`\uFEFF${json}`).diagnostics).toEqual([]);
  expect(parseJson(json).definition?.['x']).toEqual([-500, 0, true, false, null, 'é\n', {}, []]);
});

it('[definition.shape] names the path, the place and the value of what has the wrong shape', () => {
  const { definition, diagnostics } = parseToml(`[mob]
id = "a b"
orchestrator = 3
[profiles.worker]
tools = { comms = "yes", host = [1] }
[profiles.other]
model = " "
runtime_mode = "manual"
[[members]]
identity = 7
[skills.s]
source = "web"
[backend]
default = 1
`);
  expect(definition).toBeUndefined();
  const said = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, 'mob.toml'));
  expect(said).toEqual([
    'mob.toml:2:1 error invalid_value mob.id: is "a b": give it 1 to 100 characters without spaces and "/"',
    'mob.toml:3:1 error invalid_value mob.orchestrator: is 3: give it a table',
    'mob.toml:4:11 error invalid_value profiles.worker.model: is missing: give it a text',
    'mob.toml:5:11 error invalid_value profiles.worker.tools.comms: is "yes": give it true or false',
    'mob.toml:5:34 error invalid_value profiles.worker.tools.host[0]: is 1: give it a text',
    'mob.toml:7:1 error invalid_value profiles.other.model: is " ": give it a text that is not blank',
    'mob.toml:8:1 error invalid_value profiles.other.runtime_mode: is "manual": give it "autonomous_host" or "turn_driven"',
    'mob.toml:9:3 error invalid_value members[0].profile: is missing: give it a text',
    'mob.toml:10:1 error invalid_value members[0].identity: is 7: give it a text',
    'mob.toml:12:1 error invalid_value skills.s.source: is "web": give it "inline" or "path"',
    'mob.toml:14:1 error invalid_value backend.default: is 1: give it "session" or "external"',
  ]);
});

it('[definition.shape] asks for what belongs on top', () => {
  expect(parseToml('').diagnostics).toMatchObject([{ code: 'invalid_value', location: 'mob' }]);
  expect(parseToml('mob = 3').diagnostics).toMatchObject([{ location: 'mob', line: 1, column: 1 }]);
  expect(parseToml('[mob]').diagnostics[0]).toMatchObject({ location: 'mob.id', line: 1, column: 2 });
  expect(parseJson('[]').diagnostics).toMatchObject([{ code: 'invalid_value', severity: 'error' }]);
  expect(parseJson('{"profiles": {}}').diagnostics[0]).toMatchObject({ location: 'id' });
});

it('[definition.json-lines] locates what is wrong in JSON by its own paths', () => {
  const { diagnostics } = parseJson('{\n  "id": "m",\n  "orchestrator": "boss",\n  "profiles": {}\n}');
  expect(diagnostics).toMatchObject([
    { code: 'missing_orchestrator_profile', location: 'orchestrator', line: 3, column: 3 },
    { code: 'empty_profiles', location: 'profiles', line: 4, column: 3 },
  ]);
});

it('[definition.unknown-keys] keeps keys for others and warns of those nobody reads', () => {
  const { definition, diagnostics } = parseToml(`${minimal}memory = "later"
[event_router]
buffer_size = 16
[wiring]
auto_wire_orchestratr = true
`);
  expect(definition).toMatchObject({
    event_router: { buffer_size: 16 },
    profiles: { worker: { memory: 'later' } },
    wiring: { auto_wire_orchestratr: true },
  });
  expect(diagnostics).toMatchObject([
    {
      code: 'unknown_key',
      severity: 'warning',
      location: 'wiring.auto_wire_orchestratr',
      line: 12,
      column: 1,
    },
  ]);
  expect(parseToml(minimal.replace('id =', 'name = "x"\nid =')).diagnostics).toMatchObject([
    { code: 'unknown_key', severity: 'warning', location: 'mob.name', line: 2 },
  ]);
});

it('[definition.stored-form] gives only what comes back from JSON as it was', () => {
  const kept = parseToml(`${minimal}since = 2024-05-01\nat = 2024-05-01T10:00:00Z\n`).definition;
  expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
  expect(kept?.profiles['worker']).toMatchObject({ since: '2024-05-01', at: '2024-05-01T10:00:00.000Z' });
  for (const line of ['x = inf', 'x = nan', '__proto__ = { x = 1 }', `x${'.x'.repeat(9000)} = 1`]) {
    const { definition, diagnostics } = parseToml(`${minimal}${line}\n`);
    expect({ line, definition, diagnostics }).toMatchObject({
      line,
      definition: undefined,
      diagnostics: [{ code: 'invalid_value', severity: 'error' }],
    });
  }
  expect(parseJson('{"id": "m", "profiles": {}, "limits": 1e999}').diagnostics).toMatchObject([
    { code: 'invalid_value', location: 'limits', line: 1 },
  ]);
});
