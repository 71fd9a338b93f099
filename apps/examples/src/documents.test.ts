import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { compileDocuments, publishedFolders } from '../test/compile-documents.js';

it(
  '[examples.documents] compiles what the documents of packages and plugins show',
  { timeout: 120_000 },
  () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const readmes = publishedFolders(root).map((folder) => join(folder, 'README.md'));
    const documents = [...readmes, 'docs/architecture.md'];
    const said = compileDocuments(root, documents);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(documents.map((document) => [document, []])));
  },
);
