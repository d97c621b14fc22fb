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
import { nameOf } from './outages.ts';
import type { ChaosRows } from './report.ts';
import { type Earlier, noneEarlier, readEarlier } from './resume.ts';
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
  readonly mode?: string;
  readonly save?: string;
  readonly resume?: string;
}

export interface Telling {
  readonly signal: AbortSignal;
  /** Told what is tried next. */
  readonly begin: (what: string) => void;
  /** Told all rows whenever there is one more. */
  readonly told: (rows: ChaosRows) => void;
}

export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  /** How much is to be tried, with what an earlier run has. */
  readonly planned: number;
  /** What an earlier run has found, and the time it took. */
  readonly before: ChaosRows;
  readonly tookMs: number;
  /** The file that the report is kept in. */
  readonly save: string;
  run(ground: ChaosGround, telling: Telling): Promise<void>;
}

/** What a run of any kind is made with. */
interface Shared {
  readonly seed: number;
  readonly clients: number;
  readonly mode: Mode;
  readonly save: string;
  readonly tookMs: number;
}

/** Seeds are drawn short enough to be read out and typed again. */
const SEEDS = 1_000_000;

/** What the flags ask for, checked before anything is started. @throws CliError (2) */
export function planOf(flags: ChaosFlags): Plan {
  const kind = kindOf(flags);
  judgeOthers(flags, kind);
  const mode = modeOf(flags.mode ?? 'monolith');
  const earlier = flags.resume === undefined ? noneEarlier : readEarlier(flags.resume, { kind, mode });
  const seed =
    flags.seed === undefined
      ? (earlier.seed ?? randomInt(SEEDS))
      : numberOf('--seed', flags.seed, [0, Number.MAX_SAFE_INTEGER]);
  const shared = {
    seed,
    mode,
    clients: numberOf('--clients', flags.clients, [1, 25]),
    save: flags.save ?? flags.resume ?? `reports/chaos/${kind}-${mode}.json`,
    tookMs: earlier.tookMs,
  };
  if (kind === 'faults') return faultsPlan(flags, shared, earlier);
  return kind === 'soak' ? soakPlan(flags, shared) : pointsPlan(flags, shared, earlier);
}

/** Values of flags that this kind of run has no use for: a mistake in them is told all the same. */
function judgeOthers(flags: ChaosFlags, kind: ChaosRows['kind']): void {
  outagesOf({ names: 'all', lengths: flags.for });
  durationOf('--duration', flags.duration);
  victimsOf(flags.kill);
  if (flags.contexts === undefined || kind === 'points') return;
  throw new CliError('--contexts goes with --points.', {
    exitCode: exitCodes.usage,
    next: '`mall chaos --points all --contexts ordering`',
  });
}

function pointsPlan(flags: ChaosFlags, shared: Shared, { points }: Earlier): Plan {
  const rows = [...points];
  const all = cellsOf({ points: flags.points ?? 'all', contexts: flags.contexts });
  const cells = all.filter(
    (cell) => !points.some(({ point, context }) => point === cell.point && context === cell.context),
  );
  return {
    ...shared,
    planned: rows.length + cells.length,
    before: { kind: 'points', rows },
    run: (ground, { told, ...telling }) =>
      runCrashes(ground, {
        ...shared,
        ...telling,
        cells,
        row: (row) => {
          rows.push(row);
          told({ kind: 'points', rows });
        },
      }),
  };
}

function faultsPlan(flags: ChaosFlags, shared: Shared, { faults }: Earlier): Plan {
  const rows = [...faults];
  const all = outagesOf({ names: flags.faults === true ? 'all' : (flags.faults ?? ''), lengths: flags.for });
  const outages = all.filter((each) => {
    const seconds = each.kind === 'away' ? each.seconds : undefined;
    return !faults.some((row) => row.outage === nameOf(each) && row.seconds === seconds);
  });
  const { next: random } = randomOf([shared.seed]);
  return {
    ...shared,
    planned: rows.length + outages.length,
    before: { kind: 'faults', rows },
    run: (ground, { told, ...telling }) =>
      runOutages(ground, {
        ...shared,
        ...telling,
        random,
        outages,
        row: (row) => {
          rows.push(row);
          told({ kind: 'faults', rows });
        },
      }),
  };
}

function soakPlan(flags: ChaosFlags, shared: Shared): Plan {
  const soak = {
    everyMs: durationOf('--kill-every', flags.killEvery ?? ''),
    durationMs: durationOf('--duration', flags.duration),
    victims: victimsOf(flags.kill),
    random: randomOf([shared.seed]).next,
  };
  return {
    ...shared,
    planned: 1,
    before: { kind: 'soak', rows: [] },
    run: (ground, { told, ...telling }) =>
      runSoak(ground, {
        ...shared,
        ...telling,
        ...soak,
        row: (row) => told({ kind: 'soak', rows: [row] }),
      }),
  };
}

/** What is wanted, one of the three. @throws CliError (2) for none, or several */
function kindOf({ points, faults, killEvery }: ChaosFlags): ChaosRows['kind'] {
  const given = [
    ...(points === undefined ? [] : (['points'] as const)),
    ...(faults === undefined ? [] : (['faults'] as const)),
    ...(killEvery === undefined ? [] : (['soak'] as const)),
  ];
  const [kind, another] = given;
  if (kind !== undefined && another === undefined) return kind;
  const problem =
    kind === undefined ? 'Nothing is named that should break.' : 'Only one of these can be done at once.';
  throw new CliError(problem, {
    exitCode: exitCodes.usage,
    next: '`mall chaos --points all`, `mall chaos --faults` or `mall chaos --kill-every 20s`',
  });
}
