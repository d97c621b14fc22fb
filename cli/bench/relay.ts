import { workbench } from '../../services/mall.ts';
import { createLatency } from '../busywork/latency.ts';
import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import { kernelGround, smallEvent } from './kernel-ground.ts';
import { atRate } from './load.ts';
import type { OwnServers } from './own-servers.ts';

const { inUnitOfWork, newId } = workbench;
const counts = { full: { warmUp: 200, measured: 1_000 }, quick: { warmUp: 5, measured: 20 } } as const;

/** How long a committed message waits until the broker has it: a hundred of them a second. */
export async function relay(servers: OwnServers, { manner, scale, signal }: Conditions): Promise<Values> {
  const ground = await kernelGround(servers, manner);
  // Each message has a name of its own: the relay tells by name what was acknowledged.
  const waiting = new Map<string, { committedAt: number; acknowledged: (ms: number) => void }>();
  ground.startRelay((name) => {
    const message = waiting.get(name);
    if (message) message.acknowledged(performance.now() - message.committedAt);
  });
  const spell = async (count: number) => {
    const latency = createLatency();
    const send = async () => {
      const id = newId();
      const { promise, resolve } = Promise.withResolvers<number>();
      await inUnitOfWork(ground.database, { causationId: id, correlationId: id }, async (unit) => {
        unit.afterCommit(() => waiting.set(id, { committedAt: performance.now(), acknowledged: resolve }));
        const subject = { name: 'stores.Store', id, version: 1 };
        ground.outbox.event(unit, smallEvent(id, id), { id, subject, occurredAt: new Date() });
      });
      latency.record(await promise);
      waiting.delete(id);
    };
    await atRate({ perSecond: 100, count, work: send, signal });
    return latency.percentiles();
  };
  try {
    const count = counts[scale.quick ? 'quick' : 'full'];
    await spell(count.warmUp);
    const found = await spell(count.measured);
    return found === null ? {} : { 'relay.rate100.p50': found.p50, 'relay.rate100.p99': found.p99 };
  } finally {
    await ground.close();
  }
}
