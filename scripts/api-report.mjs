import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor';

/** @typedef {import('./public-doors.mjs').Door} Door */

const NONE = { default: { logLevel: ExtractorLogLevel.None } };

/** As our own `tsconfig.base.json` reads them, except that what is built is read in place of the sources. */
const compilerOptions = {
  target: 'es2022',
  lib: ['es2023'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
};

/**
 * What can be imported from each door, as one text a door: the same text for the same declarations.
 *
 * @param {readonly Door[]} doors whose packages are built
 * @param {string} scratch a directory that may be written to
 * @returns {Map<string, string>} by file name, `core-mob.api.md`
 */
export function apiReports(doors, scratch) {
  const configs = doors.map((door) => configOf(door, scratch));
  const [first] = configs;
  if (first === undefined) return new Map();
  // One program for all doors: what they share is read once.
  const additionalEntryPoints = doors.map(({ types }) => types);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  for (const config of configs) {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        if (message.category === ExtractorMessageCategory.Console) message.handled = true;
      },
    });
  }
  return new Map(
    doors.map(reportName).map((name) => [name, inOneOrder(readFileSync(join(scratch, name), 'utf8'))]),
  );
}

/**
 * The compiler writes the parts of a union that nobody wrote down in the order in which it came across them, another one in
 * another build.
 *
 * @param {string} report
 */
function inOneOrder(report) {
  return report.replaceAll(/"[^"\n]*"(?: \| "[^"\n]*")+/g, (union) =>
    union.split(' | ').toSorted().join(' | '),
  );
}

/**
 * @param {Door} door
 */
function reportName({ specifier }) {
  return `${specifier.replace('@mobkit/', '').replaceAll('/', '-')}.api.md`;
}

/**
 * @param {Door} door
 * @param {string} scratch
 */
function configOf(door, scratch) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: door.directory,
      mainEntryPointFilePath: door.types,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions, files: [door.types] }, skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFileName: reportName(door),
        reportFolder: scratch,
        reportTempFolder: join(scratch, 'temp'),
        // What a signature names is part of it, exported or not.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: NONE,
        extractorMessageReporting: NONE,
        tsdocMessageReporting: NONE,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(door.directory, 'package.json'),
  });
}
