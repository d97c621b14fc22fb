import { messages } from '../../proto/catalogue.ts';
import { eventSourced, workbench } from '../../services/mall.ts';
import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import { kernelGround, smallEvent } from './kernel-ground.ts';
import { saturate } from './load.ts';
import type { OwnServers } from './own-servers.ts';

const { EventSourced, inUnitOfWork, newId } = workbench;
const counts = { full: { warmUp: 3_000, measured: 15_000 }, quick: { warmUp: 10, measured: 64 } } as const;

/** Use cases that append one event and leave one message, each in a commit of its own. */
export async function append(servers: OwnServers, { scale, signal }: Conditions): Promise<Values> {
  const ground = await kernelGround(servers, 'woken');
  const { database, outbox } = ground;
  const stores = new EventSourced({
    database,
    ...eventSourced.store,
    notFound: 'there is no such store',
    react: ({ aggregateId, id, version, occurredAt }, unit) => {
      const subject = { name: 'stores.Store', id: aggregateId, version };
      const event = smallEvent(aggregateId, messages.stores.storeCreated.name);
      outbox.event(unit, event, { id, subject, occurredAt });
    },
  });
  const work = async () => {
    const id = newId();
    await inUnitOfWork(database, { causationId: id, correlationId: id }, (unit) =>
      stores.create(unit, id, { type: 'CreateStore', name: 'Waldorf Books', location: 'the mall' }),
    );
  };
  try {
    const count = counts[scale.quick ? 'quick' : 'full'];
    await saturate({ inFlight: 32, count: count.warmUp, work, signal });
    const { perSecond } = await saturate({ inFlight: 32, count: count.measured, work, signal });
    return { 'append.rate': perSecond };
  } finally {
    await ground.close();
  }
}
