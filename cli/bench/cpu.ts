import type { MallUnderTest } from './own-mall.ts';

/** Seconds of a core that the mall's process has used so far, as it counts them itself. */
export async function cpuSeconds(mall: Pick<MallUnderTest, 'restUrl'>): Promise<number> {
  const text = await (await fetch(`${mall.restUrl}/metrics`)).text();
  const seconds = text.match(/^process_cpu_seconds_total (\S+)/m)?.[1];
  if (seconds === undefined) throw new Error('/metrics does not tell process_cpu_seconds_total');
  return Number(seconds);
}

/** Seconds of a core that this process has used so far, which puts the load on. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
