import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readManifest } from './read-manifest.mjs';
import { workspaceRoot } from './workspace-root.mjs';

/** @typedef {import('./pack-packages.mjs').PackedPackage} PackedPackage */

/** The oldest and the newest Node that packages are promised to run on, by their major version. */
const NODES = [20, 24];

/** How consumers' compilers find modules. */
const RESOLUTIONS = /** @type {const} */ (['nodenext', 'bundler']);

const exec = promisify(execFile);
const bin = (/** @type {string} */ name) => join(workspaceRoot, 'node_modules', '.bin', name);

/**
 * What a consumer would run into who installs packages as they would be published, in a project of their own, compiles
 * what imports every door of them, and runs it.
 *
 * @param {readonly Pick<PackedPackage, 'name' | 'tarball'>[]} packed
 * @param {readonly string[]} doors what is imported
 * @param {string} root an empty directory outside of any workspace
 * @returns {Promise<string[]>}
 */
export async function outsideProblems(packed, doors, root) {
  // With pnpm, because it lets nobody import what they have not asked for.
  await installOutside(packed, root);
  const compiled = RESOLUTIONS.map((resolution) => compileProblems(doors, resolution, root));
  return (await Promise.all([...compiled, runOnEach(doors, root)])).flat();
}

/**
 * @param {readonly Pick<PackedPackage, 'name' | 'tarball'>[]} packed
 * @param {string} root
 */
async function installOutside(packed, root) {
  const ours = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const others = Object.fromEntries(['@types/node', 'vitest'].map((name) => [name, installedVersion(name)]));
  const manifest = {
    name: 'outside',
    private: true,
    type: 'module',
    dependencies: { ...ours, ...others },
    // They need one another in versions that no registry has yet.
    pnpm: { overrides: ours },
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--prefer-offline', '--ignore-workspace', '--ignore-scripts'];
  await exec(bin('pnpm'), args, { cwd: root });
}

/** @param {string} name */
function installedVersion(name) {
  return readManifest(join(workspaceRoot, 'node_modules', name)).version;
}

/** @param {readonly string[]} doors */
function program(doors) {
  return [
    ...doors.map((door, at) => `import * as door${at} from '${door}';`),
    `export const doors = { ${doors.map((door, at) => `'${door}': door${at}`).join(', ')} };`,
    'doors satisfies Readonly<Record<string, object>>;',
    '',
  ].join('\n');
}

/**
 * What a compiler says to a program that imports every door. Declarations are checked, too: what they name has to be found.
 *
 * @param {readonly string[]} doors
 * @param {(typeof RESOLUTIONS)[number]} moduleResolution
 * @param {string} root a project in which their packages are installed
 * @returns {Promise<string[]>}
 */
export async function compileProblems(doors, moduleResolution, root) {
  const file = `doors-${moduleResolution}.ts`;
  writeFileSync(join(root, file), program(doors));
  const compilerOptions = {
    module: moduleResolution === 'bundler' ? 'preserve' : moduleResolution,
    moduleResolution,
    target: 'es2022',
    lib: ['es2023'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  };
  const config = join(root, `tsconfig.${moduleResolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
  const args = ['-p', config, '--pretty', 'false'];
  const problems = await problemsOf(`with ${moduleResolution} resolution`, bin('tsc'), args, root);
  // What is wrong in the declarations of others is theirs.
  return problems.filter((line) => !line.includes('node_modules/') || line.includes('/@mobkit/'));
}

/**
 * @param {readonly string[]} doors
 * @param {string} root
 */
async function runOnEach(doors, root) {
  /** @type {string[]} */
  const problems = [];
  for (const major of NODES) problems.push(...(await runProblems(doors, major, root)));
  return problems;
}

/**
 * What Node says to a program that imports every door.
 *
 * @param {readonly string[]} doors
 * @param {number} major of the Node to run it on; another than ours comes from npm
 * @param {string} root a project in which their packages are installed
 * @returns {Promise<string[]>}
 */
export async function runProblems(doors, major, root) {
  writeFileSync(join(root, 'doors.mjs'), doors.map((door) => `await import('${door}');\n`).join(''));
  const ours = process.versions.node.startsWith(`${major}.`);
  const [command = '', ...args] = ours ? [process.execPath] : ['npx', '--yes', `node@${major}`];
  return problemsOf(`on Node ${major}`, command, [...args, 'doors.mjs'], root);
}

/**
 * @param {string} when
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string[]>} what it printed, when it failed
 */
async function problemsOf(when, command, args, cwd) {
  try {
    await exec(command, args, { cwd, maxBuffer: 64 * 1024 ** 2 });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    // What is indented explains the line before.
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => /^\S/.test(line));
    return (lines.length > 0 ? lines : [String(error)]).map((line) => `${when}: ${line}`);
  }
}
