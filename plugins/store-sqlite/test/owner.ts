// A process that owns the directory it is given, appends to its event log, says `open` and stays.

import { event } from './event.js';
import { openSqliteStores } from '@mobkit/store-sqlite';

const [directory = '', ...ids] = process.argv.slice(2);
const { eventLog } = await openSqliteStores({ directory });
await eventLog.appendBatch(ids.map((id) => event(id)));
process.on('message', (id) => void eventLog.appendBatch([event(String(id))]));
process.send?.('open');
