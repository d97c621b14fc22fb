import { setTimeout as pause } from 'node:timers/promises';
import { contextNames } from '../../proto/catalogue.ts';
import { randomOf } from '../busywork/random.ts';
import { type Cell, pointNames } from './cells.ts';
import type { ChaosGround } from './ground.ts';
import { startLoad } from './load.ts';
import { judge, type Verdict } from './verdict.ts';

/** Busywork has come to every context by then; a point that was not hit is not on the way of orders. */
const hitWithinMs = 20_000;
/** A stop comes into the middle of the load. */
const loadBeforeStopMs = 1_500;
/** What was begun before the crash is gone on with after it. */
const loadAfterMs = 1_500;
/** Of which hit it dies: small numbers, so that rarely visited contexts reach them. */
const hitsDrawn = 6;
/** A service that ends eight times in a row is given up: the mall is started anew before. */
const crashesOfOne = 4;
const pollMs = 25;

export interface CrashRow extends Cell, Verdict {
  /** Whether the process has died at the point. */
  readonly hit: boolean;
  readonly hitNumber: number;
}

export interface CrashRun {
  readonly cells: readonly Cell[];
  readonly clients: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told what is tried next. */
  readonly begin: (what: string) => void;
  /** Told what has come of it. */
  readonly row: (row: CrashRow) => void;
}

/**
 * Takes every cell in turn: load, crash, restart, quiet, audit. Servers stay, and so does the mall: only what has died
 * is started anew.
 */
export async function runCrashes(ground: ChaosGround, run: CrashRun): Promise<void> {
  let crashes = new Map<string, number>();
  for (const cell of run.cells) {
    run.signal.throwIfAborted();
    run.begin(`${cell.point} in ${cell.context}`);
    if ((crashes.get(cell.context) ?? 0) >= crashesOfOne) {
      await ground.mall.stop();
      crashes = new Map();
    }
    if (!ground.mall.running) await ground.mall.start();
    const row = await crash(ground, cell, run);
    run.signal.throwIfAborted();
    crashes.set(cell.context, (crashes.get(cell.context) ?? 0) + 1);
    run.row(row);
    // What is broken once would be told again by every audit after.
    if (row.violations > 0) {
      await ground.mall.kill();
      await ground.renew();
    }
  }
  if (ground.mall.running) await ground.mall.stop();
}

async function crash(ground: ChaosGround, cell: Cell, run: CrashRun): Promise<CrashRow> {
  const { mall } = ground;
  const started = performance.now();
  const hitNumber = hitOf(cell, run.seed);
  const before = await ground.ordersSoFar();
  const load = startLoad({ host: mall.host, clients: run.clients, seed: run.seed + ground.nextNumber() });
  let hit: boolean;
  try {
    mall.arm(`${cell.point}@${cell.context}#${hitNumber}`);
    if (cell.context === 'process') {
      // All have seen by then what they are armed for.
      await pause(loadBeforeStopMs);
      await mall.stop();
    } else await untilCrashed(ground, run.signal);
    hit = !mall.armed;
    mall.disarm();
    if (!mall.running) await mall.start();
    else if (hit) await mall.recover();
    await pause(loadAfterMs);
  } finally {
    await load.stop();
  }
  const verdict = await judge(ground.place, started);
  return { ...cell, hit, hitNumber, ...verdict, ...difference(verdict, before) };
}

/** Drawn for each cell by itself: a cell that is tried alone dies at the same hit. */
function hitOf({ point, context }: Cell, seed: number): number {
  if (context === 'process') return 1;
  return randomOf([seed, pointNames.indexOf(point), contextNames.indexOf(context)]).between(1, hitsDrawn);
}

function difference({ orders, ended }: Verdict, before: { orders: number; ended: number }) {
  return { orders: orders - before.orders, ended: ended - before.ended };
}

async function untilCrashed({ mall }: ChaosGround, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + hitWithinMs;
  while (mall.armed && performance.now() < deadline && !signal.aborted) await pause(pollMs);
}
