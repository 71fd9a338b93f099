import { expect, it } from 'vitest';

import { formatPath, type Path } from './path.js';
import { readToml } from './read-document.js';

/** The text that begins where the path is said to be, up to the end of its line. */
function textAt(text: string, path: Path): string {
  const read = readToml(text);
  if ('broken' in read) throw new Error(read.broken.message);
  const position = read.positionOf(path);
  if (!position) throw new Error(`${formatPath(path)} is nowhere`);
  return (text.split('\n')[position.line - 1] ?? '').slice(position.column - 1);
}

it('[definition.lines] finds keys, tables and list elements of every spelling', () => {
  const text = `
title.long.name = 1 # [not.a.table]
[profiles.worker.tools]
comms = true
[profiles.worker]   # after what is in it
  skills = [ # wrapped
    "one",
    'two', # ] = "
  ]
[[members]]
identity = "a"
[[members]]
labels = { area = "x", "odd key" = ["y", { z = 1 }] }
[members.more]
at = 2024-01-01 10:00:00
[skills."how to \\"x\\""]
source = 'inline'
`;
  expect(textAt(text, ['title', 'long', 'name'])).toBe('name = 1 # [not.a.table]');
  expect(textAt(text, ['profiles'])).toBe('profiles.worker.tools]');
  expect(textAt(text, ['profiles', 'worker'])).toBe('worker]   # after what is in it');
  expect(textAt(text, ['profiles', 'worker', 'skills', 1])).toBe("'two', # ] = \"");
  expect(textAt(text, ['members', 0, 'identity'])).toBe('identity = "a"');
  expect(textAt(text, ['members', 1])).toBe('members]]');
  expect(textAt(text, ['members', 1, 'labels', 'odd key', 1, 'z'])).toBe('z = 1 }] }');
  expect(textAt(text, ['members', 1, 'more', 'at'])).toBe('at = 2024-01-01 10:00:00');
  expect(textAt(text, ['skills', 'how to "x"', 'source'])).toBe("source = 'inline'");
});

it('[definition.lines] is not fooled by strings over several lines', () => {
  const text = `
a = """
[b]
c = 'x' \\""" not the end
d = 1"""""
e = '''
f = "x
[g]'''
b = 2
c = "" # empty
d = '''''''
g = """"quoted" """
f = [ """
]
""", 3 ]
h = 4
`;
  expect(['a', 'e', 'b', 'c', 'd', 'g', 'f', 'h'].map((key) => textAt(text, [key]).slice(0, 5))).toEqual([
    'a = "',
    "e = '",
    'b = 2',
    'c = "',
    "d = '",
    'g = "',
    'f = [',
    'h = 4',
  ]);
  expect(textAt(text, ['f', 1])).toBe('3 ]');
});

it('[definition.lines] says of a key that is missing where its table is', () => {
  const text = '[profiles.a]\nskills = []\n\n[profiles.b]\nskills = []\n';
  expect(textAt(text, ['profiles', 'b', 'model'])).toBe('b]');
});
