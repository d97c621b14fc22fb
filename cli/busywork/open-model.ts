import { arrivalTimes } from './arrivals.ts';
import { act, type Stage } from './client.ts';
import { Stopped, unlessStopped } from './clock.ts';
import type { Generator } from './generator.ts';
import type { OpenLoad } from './load-options.ts';
import { randomOf } from './random.ts';

/** After so many arrivals in a row without a wait, everything else has its turn. */
const ARRIVALS_IN_A_ROW = 64;

export interface Reception {
  /** How many shoppers are inside now. */
  inside(): number;
  /** Lets shoppers in as they arrive, each for one activity, until the load or the run ends; and waits for them. */
  run(): Promise<void>;
}

/** Shoppers are numbered by their arrival; number 0 of the seed draws when they come. */
export function openReception(stage: Stage, load: OpenLoad, generator: Generator): Reception {
  const inside = new Set<Promise<void>>();
  const { clock, stop } = stage;
  const letIn = (client: number, lateMs: number) => {
    const visit: Promise<void> = unlessStopped(act(stage, { client, turn: 1, lateMs })).finally(() =>
      inside.delete(visit),
    );
    inside.add(visit);
  };
  const receive = async () => {
    const startedAt = clock.elapsed();
    let client = 0;
    for (const dueMs of arrivalTimes(load.stages, randomOf([stage.seed, 0]))) {
      client += 1;
      const wait = startedAt + dueMs - clock.elapsed();
      if (wait > 0 || client % ARRIVALS_IN_A_ROW === 0) await clock.pause(Math.max(0, wait), stop);
      if (stop.aborted) throw new Stopped();
      const lateMs = Math.max(0, clock.elapsed() - startedAt - dueMs);
      generator.arrived(lateMs);
      if (inside.size < load.maxShoppers) letIn(client, lateMs);
      else generator.turnedAway();
    }
  };
  return {
    inside: () => inside.size,
    run: async () => {
      try {
        await unlessStopped(receive());
      } finally {
        await Promise.all(inside);
      }
    },
  };
}
