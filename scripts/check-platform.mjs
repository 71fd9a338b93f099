// Imported first by every command, and run by npm before those that `exec`, which the shell of Windows does not know.
import { unsupported } from './supported-platform.mjs';

const reason = unsupported(process.version, process.platform);
if (reason) {
  console.error(reason);
  process.exit(1);
}
