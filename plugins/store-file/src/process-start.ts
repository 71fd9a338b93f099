import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** The fields of /proc/<pid>/stat behind the name of the program, which may hold blanks and brackets. */
const STATE = 0;
const START_TIME = 19;

/**
 * When a process began, in a spelling that no other process of its pid has; `gone` when it has ended, a zombie included;
 * undefined when that cannot be told.
 *
 * Source: proc_pid_stat(5); elsewhere what `ps` says.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return startByPs(pid);
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return fields[STATE] === 'Z' || fields[STATE] === 'X' ? 'gone' : `${boot.trim()} ${fields[START_TIME]}`;
  } catch {
    // Hidden from other users, or gone just now.
    return undefined;
  }
}

function startByPs(pid: number): Promise<string | undefined> {
  const environment = { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], environment, (error, stdout) => {
      resolve(error ? undefined : stdout.trim());
    });
  });
}
