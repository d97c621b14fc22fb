import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import type { MallUnderTest } from './own-mall.ts';
import { reads } from './reads.ts';
import { RestClient } from './rest-client.ts';

const counts = {
  full: { warmUp: 12_000, saturated: 12_000, settleSeconds: 1, seconds: 4 },
  quick: { warmUp: 50, saturated: 200, settleSeconds: 0.1, seconds: 0.2 },
} as const;

/** More stores than are read at once, so that no two reads of the same moment are of the same row. */
const STORES = 64;

/**
 * Reads of stores over both doors: as many as the mall takes, half as many a second, and 4,000 a second: that stays
 * the same load when the mall becomes faster.
 */
export async function requests(mall: MallUnderTest, { scale, signal }: Conditions): Promise<Values> {
  const { restUrl, grpcAddress } = mall;
  const ids = await openStores(restUrl);
  const task = { restUrl, grpcAddress, ids, count: counts[scale.quick ? 'quick' : 'full'] };
  const overRest = await reads({ ...task, door: 'rest' }, signal);
  const overGrpc = await reads({ ...task, door: 'grpc' }, signal);
  return {
    'rest.core.rate': overRest.perCore,
    'rest.half.p99': overRest.halfP99,
    'rest.4000.p99': overRest.steadyP99,
    'rest.rate': overRest.perSecond,
    'grpc.core.rate': overGrpc.perCore,
    'grpc.half.p99': overGrpc.halfP99,
    'grpc.4000.p99': overGrpc.steadyP99,
    'grpc.rate': overGrpc.perSecond,
  };
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
