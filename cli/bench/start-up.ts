import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import { BenchHome } from './own-mall.ts';
import { median } from './repeats.ts';

/** Short commands vary: several of each are run. */
const commandRuns = { full: 7, quick: 1 } as const;

/** How long people wait: for a mall in an empty home, for the same once more, for the shortest commands. */
export async function startUp({ home: parent, manner, scale, signal }: Conditions): Promise<Values> {
  const home = new BenchHome(parent);
  const seconds = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1_000;
  };
  const command = async (...args: readonly string[]) => {
    const times: number[] = [];
    for (let run = 0; run < commandRuns[scale.quick ? 'quick' : 'full']; run++) {
      times.push((await seconds(() => home.run(args, signal))) * 1_000);
    }
    return median(times);
  };
  try {
    const cold = await seconds(() => home.up({ manner, signal }));
    await home.down();
    const warm = await seconds(() => home.up({ manner, signal }));
    return {
      'up.cold': cold,
      'up.warm': warm,
      'cli.help': await command('--help'),
      'cli.ps': await command('ps'),
    };
  } finally {
    await home.remove();
  }
}
