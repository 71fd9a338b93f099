import { expression } from './read-query.js';
import type { Reader } from './reader.js';
import type { Assignment } from './tree.js';

export function readAssignments(reader: Reader): Assignment[] {
  return reader.list(() => {
    const parts = [reader.name()];
    while (reader.accept('.')) parts.push(reader.name());
    reader.expect('=');
    const value = reader.accept('DEFAULT') ? 'DEFAULT' : expression(reader);
    return { column: parts.at(-1) ?? '', value };
  });
}
