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

const STEADY_PER_SECOND = 4_000;

/** As many reads as the mall takes, then at even intervals. */
async function read(task: ReadsTask, { work, close }: Door): Promise<void> {
  const { count, restUrl } = task;
  // Whoever started this process ends it when the run is called off.
  const { signal } = new AbortController();
  try {
    await saturate({ inFlight: 32, count: count.warmUp, work, signal });
    const cpuBefore = await cpuSeconds({ restUrl });
    const { perSecond, done } = await saturate({ inFlight: 32, count: count.saturated, work, signal });
    const cpu = (await cpuSeconds({ restUrl })) - cpuBefore;
    const p99At = async (rate: number) => {
      const spell = (seconds: number) =>
        atRate({ perSecond: rate, count: Math.max(20, Math.round(rate * seconds)), work, signal });
      await spell(count.settleSeconds);
      return (await spell(count.seconds)).latency.p99;
    };
    const halfP99 = await p99At(perSecond / 2);
    const steadyP99 = await p99At(STEADY_PER_SECOND);
    const result: ReadsResult = { perSecond, perCore: done / cpu, halfP99, steadyP99 };
    process.stdout.write(JSON.stringify(result));
  } finally {
    await close();
  }
}

const task = readsTask.parse(JSON.parse(process.argv[2] ?? ''));
await read(task, doors[task.door](task));
