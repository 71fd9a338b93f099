// An ordered log: what is kept, then what is appended, each entry once and in order.
import { type LogDefinition, tail } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';

const orders: LogDefinition = { kind: 'log', name: 'orders', fields: { city: 'text' } };
const { storage, close } = await openMemoryStores();
await storage.prepare([orders]);
const log = storage.log(orders);
const append = (id: string, city: string) =>
  log.append([{ id, timestampMs: Date.now(), fields: { city }, data: JSON.stringify({ id, city }) }]);

await append('o-1', 'Bern');
for await (const { seq, id } of tail(log, { afterSeq: 0, where: { city: 'Bern' } })) {
  console.log(`${seq} ${id}`);
  if (id === 'o-3') break;
  await append('o-2', 'Basel');
  await append('o-3', 'Bern');
}
await close();
