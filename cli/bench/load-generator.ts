import { systemClock } from '../busywork/clock.ts';
import { type BusyworkFlags, readFlags } from '../busywork/options.ts';
import { type Report, totals } from '../busywork/report.ts';
import { runBusywork } from '../busywork/run.ts';
import type { Conditions } from './benchmark.ts';
import { ownCpuSeconds } from './cpu.ts';
import type { Values } from './figures.ts';
import type { MallUnderTest } from './own-mall.ts';

const durations = { full: '6s', quick: '300ms' } as const;

/** The same decisions in every run; only where they meet the mall does one differ from another. */
const seed = '7';

/**
 * What busywork costs: as many requests as the mall takes from 25 users without pauses, by the processor time they
 * took this process, which does nothing else meanwhile. Above 500 a second of a core it is no bottleneck at that rate.
 */
export async function loadGenerator(mall: MallUnderTest, conditions: Conditions): Promise<Values> {
  const duration = durations[conditions.scale.quick ? 'quick' : 'full'];
  // There must be something to buy, and the code must be warm.
  await play(mall, conditions, { clients: '2', mix: 'set-up-a-store', duration: '1s' });
  await play(mall, conditions, { clients: '25', duration: '1s' });
  const cpuBefore = ownCpuSeconds();
  const report = await play(mall, conditions, { clients: '25', duration });
  const cpu = ownCpuSeconds() - cpuBefore;
  const { calls, failed } = totals([...report.calls, report.follow]);
  if (failed > 0)
    throw new Error(`${failed} of ${calls} requests of busywork failed: they cost less than others`);
  return { 'busywork.core.rate': calls / cpu };
}

function play(mall: MallUnderTest, { signal }: Conditions, flags: BusyworkFlags): Promise<Report> {
  const options = readFlags({ ...flags, pace: 'none', seed }, () => Number(seed));
  const unheard = () => undefined;
  return runBusywork(
    { ...options, host: new URL(mall.restUrl).host },
    {
      clock: systemClock(),
      ...{ say: unheard, tell: unheard, draw: unheard, progress: 'none' },
      ...{ stop: signal, abandon: signal },
    },
  );
}
