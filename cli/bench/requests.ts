import { credentials } from '@grpc/grpc-js';
import { StoresServiceClient } from '../../proto/gen/stores/api.ts';
import type { Conditions } from './benchmark.ts';
import { cpuSeconds } from './cpu.ts';
import type { Values } from './figures.ts';
import { atRate, saturate, type Work } from './load.ts';
import type { MallUnderTest } from './own-mall.ts';
import { RestClient } from './rest-client.ts';

const counts = {
  full: { warmUp: 3_000, saturated: 12_000, halfSeconds: 4 },
  quick: { warmUp: 50, saturated: 200, halfSeconds: 0.2 },
} as const;

/** Reads of one store over both doors: as many as the mall takes, then half as many a second. */
export async function requests(mall: MallUnderTest, conditions: Conditions): Promise<Values> {
  const rest = new RestClient(mall.restUrl, { connections: 32 });
  const grpc = new StoresServiceClient(mall.grpcAddress, credentials.createInsecure());
  try {
    const id = await rest.created('/api/stores', { name: 'Waldorf Books', location: 'the mall' });
    const overRest = await reads(
      mall,
      conditions,
      async () => void (await rest.send('GET', `/api/stores/${id}`)),
    );
    const overGrpc = await reads(
      mall,
      conditions,
      () =>
        new Promise((resolve, reject) => {
          grpc.getStore({ id }, (error) => (error === null ? resolve() : reject(error)));
        }),
    );
    return {
      'rest.core.rate': overRest.perCore,
      'rest.half.p99': overRest.halfP99,
      'rest.rate': overRest.perSecond,
      'grpc.core.rate': overGrpc.perCore,
      'grpc.half.p99': overGrpc.halfP99,
      'grpc.rate': overGrpc.perSecond,
    };
  } finally {
    grpc.close();
    await rest.close();
  }
}

async function reads(mall: MallUnderTest, { scale, signal }: Conditions, work: Work) {
  const count = counts[scale.quick ? 'quick' : 'full'];
  await saturate({ inFlight: 32, count: count.warmUp, work, signal });
  const cpuBefore = await cpuSeconds(mall);
  const { perSecond, done } = await saturate({ inFlight: 32, count: count.saturated, work, signal });
  const cpu = (await cpuSeconds(mall)) - cpuBefore;
  const half = perSecond / 2;
  const halfCount = Math.max(20, Math.round(half * count.halfSeconds));
  const { latency } = await atRate({ perSecond: half, count: halfCount, work, signal });
  return { perSecond, perCore: done / cpu, halfP99: latency.p99 };
}
