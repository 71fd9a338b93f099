import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/**
 * Compiles every TypeScript block of the documents, each as a file beside its document, against the sources of packages
 * and plugins. Returns what the compiler says about each document that has a block; empty where it says nothing.
 *
 * @param documents - paths from the root of the repository.
 */
export function compileDocuments(
  root: string,
  documents: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map(documents.flatMap((document) => readBlocks(root, document)));
  const options = { ...readOptions(root), noEmit: true, composite: false, paths: sourcePaths(root) };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => blocks.get(path)?.code ?? readFile(path);
  host.fileExists = (path) => blocks.has(path) || fileExists(path);
  const program = ts.createProgram([...blocks.keys()], options, host);

  const said = new Map<string, string[]>();
  for (const [path, { document }] of blocks) {
    const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
    const texts = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    said.set(document, [...(said.get(document) ?? []), ...texts]);
  }
  return said;
}

/** The folders of packages and plugins, as paths from the root of the repository, sorted. */
export function publishedFolders(root: string): readonly string[] {
  return ['packages', 'plugins'].flatMap((group) =>
    readdirSync(join(root, group))
      .toSorted()
      .map((name) => join(group, name)),
  );
}

function readBlocks(root: string, document: string) {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code = ''], at) => [join(root, dirname(document), `example-${at}.ts`), { document, code }] as const,
  );
}

function readOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile) as {
    config: object;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** A document may use any package, also one that its own does not depend on. */
function sourcePaths(root: string): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const folder of publishedFolders(root).map((name) => join(root, name))) {
    const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      exports: Record<string, string | { readonly '@mobkit/source': string }>;
    };
    for (const [door, target] of Object.entries(exports)) {
      if (typeof target === 'object') paths[join(name, door)] = [join(folder, target['@mobkit/source'])];
    }
  }
  return paths;
}
