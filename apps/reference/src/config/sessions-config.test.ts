import { expect, it } from 'vitest';

import { parseArguments } from '../cli/parse-arguments.js';
import { parseAppConfig } from './app-config.js';

const sessionsOf = (sessions: object) => parseAppConfig({ sessions }, '/etc/mob/mobkit.config.toml').sessions;

it('[sessions.config] takes a file from where the config lies, the one in the state directory, or the storage', () => {
  expect(parseAppConfig({}, '/etc/mob/mobkit.config.toml').sessions).toBeUndefined();
  expect(sessionsOf({ store: 'file' })).toEqual({ store: 'file' });
  expect(sessionsOf({ store: 'file', path: 'a.json' })).toEqual({ store: 'file', path: '/etc/mob/a.json' });
  expect(sessionsOf({ store: 'storage' })).toEqual({ store: 'storage' });
});

it.each([
  [{}, 'sessions.store'],
  [{ store: 'nowhere' }, 'sessions.store'],
  [{ store: 'file', path: ' ' }, 'sessions.path'],
  [{ store: 'storage', path: 'a.json' }, 'path'],
])('[sessions.config] refuses %j', (sessions, message) => {
  expect(() => sessionsOf(sessions)).toThrow(message);
});

it('[sessions.arguments] reads which sessions are asked for', () => {
  const common = { name: 'sessions', state: '.mobkit', json: false };
  expect(parseArguments(['sessions'])).toEqual({ ...common, action: 'list', all: false });
  expect(parseArguments(['sessions', '--all', '--json'])).toEqual({
    ...common,
    json: true,
    action: 'list',
    all: true,
  });
  expect(parseArguments(['sessions', 'show', 's-1'])).toEqual({
    ...common,
    action: 'show',
    sessionId: 's-1',
  });
  for (const wrong of [['show'], ['hide', 's-1'], ['show', 's-1', '--all']]) {
    expect(() => parseArguments(['sessions', ...wrong])).toThrow('sessions takes');
  }
});
