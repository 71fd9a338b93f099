import { expect, it } from 'vitest';

import { thisUser } from './this-user.js';

it('[app.no-user-name] asks who decides where the user has no name, as in many containers', () => {
  const nameless = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  expect(() => thisUser(nameless)).toThrow('--by NAME');
  expect(thisUser(() => ({ username: 'ann' }))).toBe('ann');
});
