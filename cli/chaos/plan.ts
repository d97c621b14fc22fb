import { randomInt } from 'node:crypto';
import { randomOf } from '../busywork/random.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { cellsOf } from './cells.ts';
import { runCrashes } from './crash-run.ts';
import type { ChaosGround } from './ground.ts';
import type { Mode } from './mall-process.ts';
import { durationOf, modeOf, numberOf, outagesOf, victimsOf } from './options.ts';
import { runOutages } from './outage-run.ts';
import type { ChaosRows } from './report.ts';
import { runSoak } from './soak.ts';

/** The flags as typed. */
export interface ChaosFlags {
  readonly points?: string;
  readonly contexts?: string;
  readonly faults?: string | true;
  readonly for: string;
  readonly killEvery?: string;
  readonly kill: string;
  readonly duration: string;
  readonly clients: string;
  readonly seed?: string;
  readonly mode: string;
}

export interface Telling {
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  run(ground: ChaosGround, telling: Telling): Promise<ChaosRows>;
}

/** Seeds are drawn short enough to be read out and typed again. */
const SEEDS = 1_000_000;

/** What the flags ask for, checked before anything is started. @throws CliError (2) */
export function planOf(flags: ChaosFlags): Plan {
  const seed =
    flags.seed === undefined
      ? randomInt(SEEDS)
      : numberOf('--seed', flags.seed, [0, Number.MAX_SAFE_INTEGER]);
  const { next: random } = randomOf([seed]);
  const shared = { seed, clients: numberOf('--clients', flags.clients, [1, 25]), random };
  const mode = modeOf(flags.mode);
  onlyOne(flags);
  if (flags.faults !== undefined) {
    const outages = outagesOf({ names: flags.faults === true ? 'all' : flags.faults, lengths: flags.for });
    const run = async (ground: ChaosGround, telling: Telling): Promise<ChaosRows> => ({
      kind: 'faults',
      rows: await runOutages(ground, { ...shared, ...telling, outages }),
    });
    return { seed, mode, run };
  }
  if (flags.killEvery !== undefined) {
    const soak = {
      everyMs: durationOf('--kill-every', flags.killEvery),
      durationMs: durationOf('--duration', flags.duration),
      victims: victimsOf(flags.kill),
    };
    const run = async (ground: ChaosGround, telling: Telling): Promise<ChaosRows> => ({
      kind: 'soak',
      rows: [await runSoak(ground, { ...shared, ...telling, ...soak })],
    });
    return { seed, mode, run };
  }
  const cells = cellsOf({ points: flags.points ?? 'all', contexts: flags.contexts });
  const run = async (ground: ChaosGround, telling: Telling): Promise<ChaosRows> => ({
    kind: 'points',
    rows: await runCrashes(ground, { ...shared, ...telling, cells }),
  });
  return { seed, mode, run };
}

function onlyOne({ points, faults, killEvery }: ChaosFlags): void {
  const given = [points, faults, killEvery].filter((flag) => flag !== undefined).length;
  if (given === 1) return;
  const problem =
    given === 0 ? 'Nothing is named that should break.' : 'Only one of these can be done at once.';
  throw new CliError(problem, {
    exitCode: exitCodes.usage,
    next: '`mall chaos --points all`, `mall chaos --faults` or `mall chaos --kill-every 20s`',
  });
}
