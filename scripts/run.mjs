import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end with our input and errors, and hands on the signals we get meanwhile.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'inherit' | 'stderr' }} [options] `stdout: 'stderr'` keeps
 *   our own output free for what was asked for
 * @returns {Promise<number>} its exit code; 128 and the number of the signal when a signal ended it, or was sent to us
 */
export function run(command, args, { cwd, env = process.env, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const out = stdout === 'stderr' ? 2 : 'inherit';
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', out, 'inherit'] });
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      interrupted ??= signal;
      child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    const ended = () => {
      for (const signal of forwarded) process.off(signal, forward);
    };
    child.on('error', (error) => {
      ended();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      ended();
      // A program that was told to stop may well answer 0; whoever started it must not go on.
      const cause = interrupted ?? signal;
      resolve(cause ? 128 + constants.signals[cause] : (code ?? 1));
    });
  });
}
