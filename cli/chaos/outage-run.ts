import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosGround } from './ground.ts';
import { startLoad } from './load.ts';
import { nameOf, type Outage } from './outages.ts';
import { Repeats } from './repeats.ts';
import { judge, type Verdict } from './verdict.ts';
import { type Testimony, Witness } from './witness.ts';

/** So many orders are made before something goes; others are on their way then, and new ones come when it is back. */
const ordersBefore = 5;
const ordersWithinMs = 30_000;
const afterMs = 3_000;
const repeatsMs = 10_000;

export interface OutageRow extends Verdict {
  readonly outage: string;
  readonly seconds?: number | undefined;
  readonly told: Testimony;
}

export interface OutageRun {
  readonly outages: readonly Outage[];
  readonly clients: number;
  readonly seed: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told what is tried next. */
  readonly begin: (what: string) => void;
  /** Told what has come of it. */
  readonly row: (row: OutageRow) => void;
}

/** Tries each outage in turn on a mall that keeps running: load, outage, load, quiet, audit. */
export async function runOutages(ground: ChaosGround, run: OutageRun): Promise<void> {
  if (run.outages.length === 0) return;
  await ground.mall.start();
  for (const outage of run.outages) {
    run.signal.throwIfAborted();
    run.begin(outage.kind === 'away' ? `${nameOf(outage)} for ${outage.seconds} s` : nameOf(outage));
    const row = await suffer(ground, outage, run);
    run.row(row);
    if (row.violations === 0 && row.quiet) continue;
    await ground.mall.kill();
    await ground.renew();
    await ground.mall.start();
  }
  await ground.mall.stop();
}

async function suffer(ground: ChaosGround, outage: Outage, run: OutageRun): Promise<OutageRow> {
  const started = performance.now();
  const before = await ground.ordersSoFar();
  if (outage.kind === 'lost tail') await ground.servers.keepCopy();
  const load = startLoad({
    host: ground.mall.host,
    clients: run.clients,
    seed: run.seed + ground.nextNumber(),
  });
  const witness = new Witness(ground.mall.host);
  await untilBusy(ground, before.orders + ordersBefore);
  await happen(ground, outage, run);
  await pause(afterMs);
  await Promise.all([load.stop(), witness.stop()]);
  const verdict = await judge(ground.place, started);
  return {
    outage: nameOf(outage),
    ...(outage.kind === 'away' && { seconds: outage.seconds }),
    ...verdict,
    orders: verdict.orders - before.orders,
    ended: verdict.ended - before.ended,
    told: await witness.testify(),
  };
}

async function untilBusy(ground: ChaosGround, orders: number): Promise<void> {
  const deadline = performance.now() + ordersWithinMs;
  while ((await ground.ordersSoFar()).orders < orders && performance.now() < deadline) await pause(100);
}

async function happen({ servers, place }: ChaosGround, outage: Outage, run: OutageRun): Promise<void> {
  if (outage.kind === 'lost tail') await servers.loseTail();
  else if (outage.kind === 'repeats') {
    const repeats = new Repeats(place, run.random);
    await pause(repeatsMs);
    await repeats.stop();
  } else {
    await servers.takeAway(outage.server, outage.manner);
    await pause(outage.seconds * 1_000);
    await servers.giveBack(outage.server, outage.manner);
  }
}
