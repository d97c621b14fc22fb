import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cell } from './cells.ts';
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
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

/** Takes every cell in turn: load, crash, restart, quiet, audit. Servers stay, only the mall is started anew. */
export async function runCrashes(ground: ChaosGround, run: CrashRun): Promise<readonly CrashRow[]> {
  const rows: CrashRow[] = [];
  for (const [index, cell] of run.cells.entries()) {
    run.signal.throwIfAborted();
    run.step(`${index + 1} of ${run.cells.length}: ${cell.point} in ${cell.context}`);
    const row = await crash(ground, cell, run);
    rows.push(row);
    // What is broken once would be told again by every audit after.
    if (row.violations > 0) await ground.renew();
  }
  return rows;
}

async function crash(ground: ChaosGround, cell: Cell, run: CrashRun): Promise<CrashRow> {
  const { mall } = ground;
  const inStop = cell.context === 'process';
  const hitNumber = inStop ? 1 : 1 + Math.floor(run.random() * hitsDrawn);
  const mark = join(ground.place.home, `${ground.nextNumber()}.crashed`);
  const before = await ground.ordersSoFar();
  await mall.start({ at: `${cell.point}@${cell.context}#${hitNumber}`, mark });
  const load = startLoad({ host: mall.host, clients: run.clients, seed: run.seed + ground.number });
  let hit: boolean;
  try {
    if (inStop) {
      await pause(loadBeforeStopMs);
      await mall.stop();
    } else await untilCrashed(mark, run.signal);
    hit = existsSync(mark);
    if (inStop) await mall.start();
    else if (hit) await mall.recover();
    await pause(loadAfterMs);
  } finally {
    await load.stop();
  }
  const verdict = await judge(ground.place);
  await mall.kill();
  return { ...cell, hit, hitNumber, ...verdict, ...difference(verdict, before) };
}

function difference({ orders, ended }: Verdict, before: { orders: number; ended: number }) {
  return { orders: orders - before.orders, ended: ended - before.ended };
}

async function untilCrashed(mark: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + hitWithinMs;
  while (!existsSync(mark) && performance.now() < deadline && !signal.aborted) await pause(pollMs);
}
