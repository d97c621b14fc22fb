import { rateAt } from './arrivals.ts';
import { unlessStopped } from './clock.ts';
import { liveTable } from './live-table.ts';
import type { BusyworkOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { totals } from './report.ts';
import type { World } from './world.ts';

const PROGRESS_MS = 10_000;
const TABLE_MS = 500;

interface Showing {
  readonly options: BusyworkOptions;
  readonly world: World;
  readonly parts: Parts;
  readonly soFar: () => number;
}

/** Shows how a run is doing for as long as it goes on. */
export async function showProgress({ options, world, parts, soFar }: Showing): Promise<void> {
  const { stop, statistics, follower } = parts.stage;
  const { progress } = world;
  if (progress === 'none') return;
  while (!stop.aborted) {
    await unlessStopped(world.clock.pause(progress === 'table' ? TABLE_MS : PROGRESS_MS, stop));
    if (stop.aborted) return;
    if (progress === 'lines') world.tell(progressText(parts));
    else {
      const facts = {
        forMs: soFar(),
        durationMs: options.durationMs,
        wantedRate: options.load === null ? null : rateAt(options.load.stages, soFar()),
        inside: parts.reception?.inside() ?? options.clients,
        last: parts.series.last(),
        statistics,
        orders: follower.report(),
      };
      world.draw((width) => liveTable(facts, width));
    }
  }
}

function progressText({ stage: { statistics, follower }, reception, series }: Parts): string {
  const { calls, failed } = totals(statistics.calls());
  const { placed, approved, rejected } = follower.report();
  const orders = `${placed} placed, ${approved} approved, ${rejected} rejected`;
  const last = series.last();
  const who = reception === undefined ? '' : `${reception.inside()} shoppers inside, `;
  const rate = last === undefined || reception === undefined ? '' : ` (${perSecond(last)} a second)`;
  return `so far ${who}${calls} calls${rate}, ${failed} failed; orders: ${orders}`;
}

function perSecond({ calls, forMs }: { calls: number; forMs: number }): number {
  return forMs === 0 ? 0 : Math.round(calls / (forMs / 1_000));
}
