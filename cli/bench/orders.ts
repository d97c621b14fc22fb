import type { Conditions } from './benchmark.ts';
import { cpuSeconds } from './cpu.ts';
import type { Values } from './figures.ts';
import { saturate } from './load.ts';
import type { MallUnderTest } from './own-mall.ts';
import { Shop } from './shop.ts';

const orders = {
  woken: { warmUp: 300, saga64: 2_000, saga256: 2_500, journeys: 1_000 },
  polled: { warmUp: 64, saga64: 256, saga256: 256, journeys: 128 },
  quick: { warmUp: 0, saga64: 4, saga256: 4, journeys: 2 },
} as const;

/** How many orders a second become approved when the next one always waits. */
export async function saturatedOrders(mall: MallUnderTest, conditions: Conditions): Promise<Values> {
  const { signal, scale, manner } = conditions;
  const counts = orders[scale.quick ? 'quick' : manner];
  const shop = await Shop.open(mall, signal);
  try {
    const sagas = async (count: number, inFlight: number) => {
      const prepared = await shop.payments(count);
      return saturate({
        inFlight,
        count,
        signal,
        work: async (index) => {
          const order = prepared[index];
          if (order) await shop.order(order);
        },
      });
    };
    if (counts.warmUp > 0) await sagas(counts.warmUp, 64);
    const cpuBefore = await cpuSeconds(mall);
    const few = await sagas(counts.saga64, 64);
    const cpu = (await cpuSeconds(mall)) - cpuBefore;
    const many = manner === 'woken' ? await sagas(counts.saga256, 256) : undefined;
    const customerId = await shop.customer();
    const journeys = await saturate({
      inFlight: 64,
      count: counts.journeys,
      signal,
      work: () => shop.journey(customerId),
    });
    return {
      'orders.saga64.rate': few.perSecond,
      'orders.saga64.p50': few.latency.p50,
      'orders.saga64.cpu': (cpu * 1_000) / counts.saga64,
      ...(many && { 'orders.saga256.rate': many.perSecond }),
      'orders.journey64.rate': journeys.perSecond,
    };
  } finally {
    await shop.close();
  }
}
