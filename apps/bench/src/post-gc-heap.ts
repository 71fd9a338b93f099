import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of heap in use after a collection. */
export function postGcHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
