import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[policies.found-mob] finds the mob in its directory, with the files beside it, and tells which nothing takes', async () => {
  const directory = temporaryDirectory();
  for (const name of ['config', 'deployment']) mkdirSync(join(directory, name));
  const write = (path: string, text: string) => writeFileSync(join(directory, path), text);
  write(
    'config/mob.toml',
    '[mob]\nid = "found"\n[profiles.lead]\nmodel = "scripted"\n[flows.f.steps.s]\nrole = "lead"\nmessage = "go"\n',
  );
  write('config/access.toml', '');
  write('deployment/routing.toml', '[[routes]]\nroute_key = "a"\nrecipient = "*"\nsink = 7\n');
  const here = { cwd: directory };
  const broken = await mobkit(['check', 'config/mob.toml'], here);
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('routing.toml') as string });
  write('deployment/routing.toml', '[[routes]]\nroute_key = "a"\nrecipient = "*"\nsink = "log"\n');
  const [flows, checked] = await Promise.all([
    mobkit(['flows'], here),
    mobkit(['check', 'config/mob.toml'], here),
  ]);
  expect(flows.stdout).toContain('f');
  expect(flows.stdout).not.toContain('publish');
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toMatch(/access\.toml: is not read, nothing here takes it\n.*nothing wrong\n$/);
});
