import type { Diagnostic } from '@mobkit/core/mob';

import { formatPath, type Path } from './path.js';
import type { Position } from './position.js';

/** A diagnostic before it is known where in a text it belongs. Paths are those of the TOML form. */
export interface Finding {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly severity: Diagnostic['severity'];
}

export function error(code: string, path: Path, message: string): Finding {
  return { code, path, message, severity: 'error' };
}

export function warning(code: string, path: Path, message: string): Finding {
  return { code, path, message, severity: 'warning' };
}

/** Puts it the way people get it. A path of no segments means the whole document and leaves `location` out. */
export function toDiagnostic({ code, path, message, severity }: Finding, position?: Position): Diagnostic {
  return { code, message, ...(path.length > 0 && { location: formatPath(path) }), ...position, severity };
}
