import { mallApi } from './api.ts';
import { rateAt } from './arrivals.ts';
import { createClaims } from './claims.ts';
import type { Stage, Trouble } from './client.ts';
import type { Door } from './door.ts';
import type { Ends } from './ends.ts';
import { type Generator, watchGenerator } from './generator.ts';
import { TROUBLES_KEPT } from './make-report.ts';
import { openReception, type Reception } from './open-model.ts';
import type { BusyworkOptions } from './options.ts';
import { createFollower } from './orders.ts';
import { createSender } from './sender.ts';
import { createSeries, type Series } from './series.ts';
import { createStatistics } from './statistics.ts';
import { createStoreList } from './store-list.ts';
import { newTrace } from './trace.ts';
import type { World } from './world.ts';

/** All that a run is made of. */
export interface Parts {
  readonly stage: Stage;
  readonly series: Series;
  readonly generator: Generator;
  /** Where shoppers arrive at a rate. */
  readonly reception: Reception | undefined;
  readonly troubles: Trouble[];
}

/** Closes a stretch of the series. */
export function closeMoment({ load, clients }: BusyworkOptions, parts: Parts, atMs: number): void {
  const { series, reception, generator } = parts;
  series.tick({
    atMs,
    wantedRate: load === null ? null : rateAt(load.stages, atMs),
    inside: reception?.inside() ?? clients,
    busy: generator.busyLately(),
  });
}

interface Setting {
  readonly options: BusyworkOptions;
  readonly world: World;
  readonly door: Door;
  readonly ends: Ends;
}

/** Puts a run together. */
export function setStage({ options, world, door, ends }: Setting): Parts {
  const { clock } = world;
  const troubles: Trouble[] = [];
  const [statistics, series, generator] = [createStatistics(), createSeries(), watchGenerator()];
  const send = createSender({
    door,
    clock,
    record: (call, outcome) => {
      statistics.called(call.name, outcome);
      if (call.name !== 'follow order') series.called(outcome);
    },
    authorization: world.authorization,
  });
  const status = (orderId: string) =>
    mallApi(send, { trace: newTrace({ sampled: false }), signal: ends.followStop }).orderStatus(orderId);
  const stage: Stage = {
    seed: options.seed,
    pace: options.pace,
    mix: options.mix,
    clock,
    send,
    stores: createStoreList(clock),
    claims: createClaims(),
    follower: createFollower({ status, clock, signal: ends.followStop, decided: series.decided }),
    statistics,
    say: options.load === null ? world.say : () => undefined,
    trouble: (trouble) => {
      if (troubles.length < TROUBLES_KEPT) troubles.push(trouble);
    },
    stop: ends.stop,
    clearUpStop: ends.clearUpStop,
    leftovers: new Set(),
  };
  const reception = options.load === null ? undefined : openReception(stage, options.load, generator);
  return { stage, series, generator, reception, troubles };
}
