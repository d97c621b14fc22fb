import type { Percentiles } from '../busywork/latency.ts';
import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import { atRate, saturate } from './load.ts';
import type { MallUnderTest } from './own-mall.ts';
import { Shop } from './shop.ts';

/** How many orders each part takes; a polled relay needs two seconds for one. */
const orders = {
  woken: { warmUp: 200, idle: 60, atRate: 300 },
  polled: { warmUp: 20, idle: 8, atRate: 60 },
  quick: { warmUp: 1, idle: 1, atRate: 2 },
} as const;

/** From a shopper's checkout over REST to the order's approval: one after the other, and ten a second. */
export async function checkout(mall: MallUnderTest, conditions: Conditions): Promise<Values> {
  const { idle, ten } = await checkouts(mall, conditions);
  return {
    'checkout.idle.p50': idle.p50,
    'checkout.idle.p99': idle.p99,
    'checkout.rate10.p50': ten.p50,
    'checkout.rate10.p99': ten.p99,
  };
}

/** The same in a mall of nine processes. */
export async function checkoutApart(
  [mall]: readonly MallUnderTest[],
  conditions: Conditions,
): Promise<Values> {
  if (mall === undefined) throw new TypeError('there is no mall to measure');
  const { idle, ten } = await checkouts(mall, conditions);
  return {
    'apart.idle.p50': idle.p50,
    'apart.idle.p99': idle.p99,
    'apart.rate10.p50': ten.p50,
    'apart.rate10.p99': ten.p99,
  };
}

async function checkouts(
  mall: MallUnderTest,
  conditions: Conditions,
): Promise<{ readonly idle: Percentiles; readonly ten: Percentiles }> {
  const { signal, scale, manner } = conditions;
  const counts = orders[scale.quick ? 'quick' : manner];
  const shop = await Shop.open(mall, signal);
  try {
    const spell = async (load: { count: number; inFlight: number } | { count: number; rate: number }) => {
      const baskets = await shop.filledBaskets(load.count);
      const work = async (index: number) => {
        const basket = baskets[index];
        if (basket) await shop.checkOut(basket);
      };
      return 'rate' in load
        ? atRate({ count: load.count, perSecond: load.rate, work, signal })
        : saturate({ ...load, work, signal });
    };
    await spell({ count: counts.warmUp, inFlight: 16 });
    const idle = await spell({ count: counts.idle, inFlight: 1 });
    const ten = await spell({ count: counts.atRate, rate: 10 });
    return { idle: idle.latency, ten: ten.latency };
  } finally {
    await shop.close();
  }
}
