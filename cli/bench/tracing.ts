import type { Conditions } from './benchmark.ts';
import { cpuSeconds } from './cpu.ts';
import type { Values } from './figures.ts';
import { saturate } from './load.ts';
import type { MallUnderTest, OwnSettings } from './own-mall.ts';
import { median } from './repeats.ts';
import { Shop } from './shop.ts';

/** Of the malls whose costs are compared, in the order in which they take their turns. */
export const tracingSettings: readonly OwnSettings[] = [
  { MALL_TRACING: 'off' },
  { MALL_TRACING: '0.1' },
  { MALL_TRACING: 'all' },
];

const counts = {
  full: { warmUp: 600, orders: 250, rounds: 8 },
  quick: { warmUp: 0, orders: 4, rounds: 1 },
} as const;

interface Cost {
  readonly cpuMs: number;
  readonly perSecond: number;
}

/**
 * What tracing costs at saturation. Malls with and without it run side by side and take short turns, so that what else
 * the machine does meets all of them alike; told are ratios of the turns of one round.
 */
export async function tracing(
  malls: readonly MallUnderTest[],
  { scale, signal, step }: Conditions,
): Promise<Values> {
  const { warmUp, orders, rounds } = counts[scale.quick ? 'quick' : 'full'];
  if (warmUp > 0) for (const mall of malls) await costOf(mall, warmUp, signal);
  const found: { off: Cost; sampled: Cost; all: Cost }[] = [];
  for (let round = 1; round <= rounds; round++) {
    step(`measuring tracing: round ${round} of ${rounds}`);
    const costs: Cost[] = [];
    for (const mall of malls) costs.push(await costOf(mall, orders, signal));
    const [off, sampled, all] = costs;
    if (off && sampled && all) found.push({ off, sampled, all });
  }
  const ratio = (name: 'sampled' | 'all', figure: keyof Cost) =>
    median(found.map((round) => round[name][figure] / round.off[figure]));
  return {
    'tracing.off.cpu': median(found.map(({ off }) => off.cpuMs)),
    'tracing.sampled.cpu': ratio('sampled', 'cpuMs'),
    'tracing.sampled.rate': ratio('sampled', 'perSecond'),
    'tracing.all.cpu': ratio('all', 'cpuMs'),
    'tracing.all.rate': ratio('all', 'perSecond'),
  };
}

/** Orders to their approval, 64 in flight; their payments are made beforehand and not counted. */
async function costOf(mall: MallUnderTest, count: number, signal: AbortSignal): Promise<Cost> {
  const shop = await Shop.open(mall, signal);
  try {
    const prepared = await shop.payments(count);
    const before = await cpuSeconds(mall);
    const { perSecond } = await saturate({
      inFlight: 64,
      count,
      signal,
      work: async (index) => {
        const order = prepared[index];
        if (order) await shop.order(order);
      },
    });
    return { cpuMs: (((await cpuSeconds(mall)) - before) * 1_000) / count, perSecond };
  } finally {
    await shop.close();
  }
}
