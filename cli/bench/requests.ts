import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import type { MallUnderTest } from './own-mall.ts';
import { reads } from './reads.ts';
import { RestClient } from './rest-client.ts';

const counts = {
  // Long enough for some of the pauses in which the mall looks for garbage: one of them alone would be the p99.
  full: { saturated: { warmUp: 12_000, count: 12_000 }, steady: { settleSeconds: 3, seconds: 10 } },
  quick: { saturated: { warmUp: 50, count: 200 }, steady: { settleSeconds: 0.1, seconds: 0.2 } },
} as const;

/** More stores than are read at once, so that no two reads of the same moment are of the same row. */
const STORES = 64;

const STEADY_PER_SECOND = 4_000;

/**
 * Reads of stores over both doors: as many as the mall takes, half as many a second, and 4,000 a second: that stays
 * the same load when the mall becomes faster.
 */
export async function requests(mall: MallUnderTest, conditions: Conditions): Promise<Values> {
  const ids = await openStores(mall.restUrl);
  const rest = await readThrough('rest', { mall, ids, conditions });
  const grpc = await readThrough('grpc', { mall, ids, conditions });
  return {
    'rest.core.rate': rest.saturated.perCore,
    'rest.half.p99': rest.half.p99,
    'rest.4000.p99': rest.fixed.p99,
    'rest.rate': rest.saturated.perSecond,
    'grpc.core.rate': grpc.saturated.perCore,
    'grpc.half.p99': grpc.half.p99,
    'grpc.4000.p99': grpc.fixed.p99,
    'grpc.rate': grpc.saturated.perSecond,
  };
}

interface Reading {
  readonly mall: MallUnderTest;
  readonly ids: string[];
  readonly conditions: Conditions;
}

async function readThrough(door: 'rest' | 'grpc', { mall, ids, conditions }: Reading) {
  const { restUrl, grpcAddress } = mall;
  const { scale, signal } = conditions;
  const count = counts[scale.quick ? 'quick' : 'full'];
  const to = { door, restUrl, grpcAddress, ids };
  const steady = (perSecond: number) =>
    reads({ ...to, load: { kind: 'steady', perSecond, ...count.steady } }, signal);
  const saturated = await reads({ ...to, load: { kind: 'saturated', ...count.saturated } }, signal);
  const half = await steady(saturated.perSecond / 2);
  return { saturated, half, fixed: await steady(STEADY_PER_SECOND) };
}

async function openStores(restUrl: string): Promise<string[]> {
  const rest = new RestClient(restUrl, { connections: 1 });
  try {
    const ids: string[] = [];
    for (let store = 1; store <= STORES; store++) {
      ids.push(await rest.created('/api/stores', { name: `Waldorf Books ${store}`, location: 'the mall' }));
    }
    return ids;
  } finally {
    await rest.close();
  }
}
