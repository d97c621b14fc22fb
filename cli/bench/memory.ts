import { existsSync, readFileSync } from 'node:fs';
import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import { saturate } from './load.ts';
import type { MallUnderTest } from './own-mall.ts';
import { Shop } from './shop.ts';

/** Payments are made ahead of their orders in portions, so that this process stays small as well. */
const portion = 500;

/** What a new mall and its servers hold once many orders have gone through. Linux only: elsewhere nothing is told. */
export async function memory(
  [mall]: readonly MallUnderTest[],
  { scale, signal, step }: Conditions,
): Promise<Values> {
  if (mall === undefined) throw new TypeError('there is no mall to measure');
  const { servers, pid } = mall.state;
  if (!existsSync(`/proc/${pid}/smaps_rollup`) || servers === undefined) return {};
  const shop = await Shop.open(mall, signal);
  try {
    for (let done = 0; done < scale.memoryOrders; done += portion) {
      const count = Math.min(portion, scale.memoryOrders - done);
      step(`measuring memory: ${done} of ${scale.memoryOrders} orders`);
      const orders = await shop.payments(count);
      await saturate({
        inFlight: 64,
        count,
        signal,
        work: async (index) => {
          const order = orders[index];
          if (order) await shop.order(order);
        },
      });
    }
  } finally {
    await shop.close();
  }
  const own = megabytes(pid);
  const others = Object.values(servers)
    .flatMap((server) => (server.pid === undefined ? [] : withChildren(server.pid)))
    .map(megabytes);
  return { 'memory.mall': own, 'memory.total': others.reduce((sum, each) => sum + each, own) };
}

/** A process' share of physical memory: what several map, as Postgres' processes do, counts once among them. */
function megabytes(pid: number): number {
  const kilobytes = readQuietly(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+) kB/m)?.[1] ?? '0';
  return Number(kilobytes) / 1024;
}

function withChildren(pid: number): readonly number[] {
  const children = readQuietly(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(withChildren)];
}

/** A process may end between being listed and being read. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
