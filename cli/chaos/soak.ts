import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosGround } from './ground.ts';
import { startLoad } from './load.ts';
import type { ServerName } from './servers.ts';
import { judge, type Verdict } from './verdict.ts';

/** What may be killed. */
export type Victim = 'mall' | ServerName;

export interface SoakRow extends Verdict {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly calls: number;
  readonly failed: number;
}

export interface Soak {
  readonly durationMs: number;
  readonly everyMs: number;
  readonly victims: readonly Victim[];
  readonly clients: number;
  readonly seed: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told what is done next. */
  readonly begin: (what: string) => void;
  /** Told what has come of it all. */
  readonly row: (row: SoakRow) => void;
}

/** Busywork for a long time while every now and then one of the processes, drawn by lot, is killed. */
export async function runSoak(ground: ChaosGround, soak: Soak): Promise<void> {
  const started = performance.now();
  const kills = { mall: 0, postgres: 0, nats: 0 };
  await ground.mall.start();
  const load = startLoad({ host: ground.mall.host, clients: soak.clients, seed: soak.seed });
  const until = performance.now() + soak.durationMs;
  while (performance.now() + soak.everyMs < until && !soak.signal.aborted) {
    await pause(soak.everyMs, undefined, { signal: soak.signal }).catch(() => undefined);
    const victim = soak.victims[Math.floor(soak.random() * soak.victims.length)];
    if (victim === undefined || soak.signal.aborted) break;
    const left = Math.round((until - performance.now()) / 1_000);
    soak.begin(`killing ${victim}; ${left} s to go`);
    kills[victim]++;
    await kill(ground, victim, soak.random);
  }
  await pause(Math.max(0, until - performance.now()), undefined, { signal: soak.signal }).catch(
    () => undefined,
  );
  const report = await load.stop();
  soak.begin('waiting until nothing moves, then auditing');
  const verdict = await judge(ground.place, started);
  await ground.mall.stop();
  const count = (pick: (row: { calls: number; failed: number }) => number) =>
    report.calls.reduce((sum, row) => sum + pick(row), 0);
  soak.row({ kills, ...verdict, calls: count((row) => row.calls), failed: count((row) => row.failed) });
}

async function kill({ mall, servers }: ChaosGround, victim: Victim, random: () => number): Promise<void> {
  if (victim === 'mall') {
    await mall.killOne(random);
    await mall.recover();
  } else {
    await servers.takeAway(victim, 'killed');
    await servers.giveBack(victim);
  }
}
