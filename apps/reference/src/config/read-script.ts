import { readFileSync } from 'node:fs';

import { isMobError, MobError } from '@mobkit/core';
import { parseScript, type Script } from '@mobkit/mob';

/** @throws MobError `MOB_CONFIG_INVALID`, naming the file and what is wrong in it. */
export function readScript(file: string): Script {
  const text = readText(file);
  try {
    return parseScript(text);
  } catch (cause) {
    if (!isMobError(cause)) throw cause;
    throw new MobError(cause.code, `${file}: ${cause.message}`, {
      cause,
      details: { ...cause.details, file },
    });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MobError('MOB_CONFIG_INVALID', `Cannot read the script ${file}`, { cause, details: { file } });
  }
}
