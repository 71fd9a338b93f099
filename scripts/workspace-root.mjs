import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory these scripts belong to, wherever they are called from. */
export const workspaceRoot = dirname(dirname(fileURLToPath(import.meta.url)));
