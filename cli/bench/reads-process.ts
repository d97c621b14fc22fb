import { credentials } from '@grpc/grpc-js';
import { StoresServiceClient } from '../../proto/gen/stores/api.ts';
import { cpuSeconds } from './cpu.ts';
import { atRate, saturate, type Work } from './load.ts';
import { type ReadsResult, type ReadsTask, readsTask } from './reads.ts';
import { RestClient } from './rest-client.ts';

/** A door as the load generator sees it. */
interface Door {
  readonly work: Work;
  close(): Promise<void> | void;
}

const doors = {
  rest({ restUrl, ids }: ReadsTask): Door {
    const rest = new RestClient(restUrl, { connections: 32 });
    const work = async (index: number) => void (await rest.send('GET', `/api/stores/${idOf(ids, index)}`));
    return { work, close: () => rest.close() };
  },
  grpc({ grpcAddress, ids }: ReadsTask): Door {
    const grpc = new StoresServiceClient(grpcAddress, credentials.createInsecure());
    const work = (index: number) =>
      new Promise<void>((resolve, reject) => {
        grpc.getStore({ id: idOf(ids, index) }, (error) => (error === null ? resolve() : reject(error)));
      });
    return { work, close: () => grpc.close() };
  },
} as const;

function idOf(ids: readonly string[], index: number): string {
  return ids[index % ids.length] ?? '';
}

/** Warms up, then reads; what the mall's process spends is counted for the reads alone. */
async function read({ load, restUrl }: ReadsTask, { work, close }: Door): Promise<ReadsResult> {
  // Whoever started this process ends it when the run is called off.
  const { signal } = new AbortController();
  const saturated = (count: number) => saturate({ inFlight: 32, count, work, signal });
  const steady = (perSecond: number, seconds: number) =>
    atRate({ perSecond, count: Math.max(20, Math.round(perSecond * seconds)), work, signal });
  try {
    if (load.kind === 'saturated') await saturated(load.warmUp);
    else await steady(load.perSecond, load.settleSeconds);
    const cpuBefore = await cpuSeconds({ restUrl });
    const { perSecond, done, latency } = await (load.kind === 'saturated'
      ? saturated(load.count)
      : steady(load.perSecond, load.seconds));
    const cpu = (await cpuSeconds({ restUrl })) - cpuBefore;
    return { perSecond, perCore: done / cpu, p99: latency.p99 };
  } finally {
    await close();
  }
}

const task = readsTask.parse(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(JSON.stringify(await read(task, doors[task.door](task))));
