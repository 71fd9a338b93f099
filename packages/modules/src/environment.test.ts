import { expect, it } from 'vitest';

import { readyLine, shell, startModules } from '../test/support/start-modules.js';

it('[modules.environment] gives a module its environment, the first of two values, and repeats none of it', async () => {
  const script = `echo "it is $TOKEN" >&2; echo '${readyLine('told')}'; exec sleep 30`;
  const env = [
    ['TOKEN', 'secret-0123'],
    ['TOKEN', 'other'],
  ] as const;
  const { host } = await startModules({
    modules: [shell('told', script)],
    preSpawn: [{ moduleId: 'told', env }],
  });
  await expect.poll(() => host.modules()[0]?.stderrTail.length).toBe(1);
  expect(host.modules()).toMatchObject([{ stderrTail: ['it is [secret]'] }]);
});

it('[modules.secret-lines] repeats no line of a secret that has several, and none that begins as another does', async () => {
  const script = `printf '%s\n' "$KEY" "$LONG" >&2; echo '${readyLine('told')}'; exec sleep 30`;
  const env = [
    ['SHORT', 'secret-0123'],
    ['LONG', 'secret-0123-and-more'],
    ['KEY', '-----BEGIN-----\nMIIEvQIBADANBg\n-----END-----\n'],
  ] as const;
  const { host } = await startModules({
    modules: [shell('told', script)],
    preSpawn: [{ moduleId: 'told', env }],
  });
  const tail = ['[secret]', '[secret]', '[secret]', '', '[secret]'];
  await expect.poll(() => host.modules()[0]?.stderrTail.length).toBe(tail.length);
  expect(host.modules()).toMatchObject([{ stderrTail: tail }]);
});

it('[modules.secret-cut] says what a module said that is not JSON, without its secrets and pieces of them', async () => {
  const env = [['TOKEN', 'secret-0123456789']] as const;
  const { eventsOf } = await startModules({
    modules: [{ ...shell('chatty', 'echo "$TOKEN is the key"; exec sleep 30'), restartPolicy: 'never' }],
    preSpawn: [{ moduleId: 'chatty', env }],
  });
  const [warning] = eventsOf('supervisor.warning');
  expect(warning?.payload).toMatchObject({
    error: expect.stringContaining('not JSON: "[secret] is the key"'),
  });
  expect(JSON.stringify(warning)).not.toContain('0123');
});
