import packageJson from '../../package.json' with { type: 'json' };
import type { Benchmark, Conditions, Scale } from './benchmark.ts';
import { type FigureId, isFigureId, type Values } from './figures.ts';
import { type Durability, thisMachine } from './machine.ts';
import type { Manner } from './manner.ts';
import { BenchHome, type MallUnderTest } from './own-mall.ts';
import { ownServers } from './own-servers.ts';
import { overRuns } from './repeats.ts';
import { type BenchReport, figureReports, schemaName } from './report.ts';

export interface BenchRun {
  readonly benchmarks: readonly Benchmark[];
  readonly scale: Scale;
  /** How often each benchmark runs; those in the original's manner run once. */
  readonly repeats: number;
  /** The project's mall home. */
  readonly home: string;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

type ByManner = Record<Manner, Map<string, Values[]>>;

/** Runs benchmarks one after the other, each on what it needs to stand on, and leaves nothing behind. */
export async function runBenchmarks(run: BenchRun): Promise<BenchReport> {
  const startedAt = new Date();
  const machine = thisMachine(run.home);
  const found: ByManner = { woken: new Map(), polled: new Map() };
  const onMalls = await inMalls(run, found);
  const onOwnMalls = await inOwnMalls(run, found);
  const onServers = await onOwnServers(run, found);
  await alone(run, found);
  const woken = [...found.woken.values()];
  return {
    schema: schemaName,
    version: packageJson.version,
    startedAt: startedAt.toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt.getTime()) / 1_000),
    quick: run.scale.quick,
    flatPercent: run.scale.flatPercent,
    machine,
    durability: onMalls ?? onOwnMalls ?? onServers ?? { postgres: 'not used', nats: 'not used' },
    figures: figureReports({
      woken: new Map(woken.flatMap((runs) => [...overRuns(runs)])),
      polled: new Map([...found.polled.values()].flatMap((runs) => [...overRuns(runs)])),
      runs: new Map(woken.flatMap(countRuns)),
    }),
  };
}

function countRuns(runs: readonly Values[]): [FigureId, number][] {
  return Object.keys(runs[0] ?? {})
    .filter(isFigureId)
    .map((id) => [id, runs.length]);
}

/** One mall for all benchmarks in one manner: started anew for the other. */
async function inMalls(run: BenchRun, found: ByManner): Promise<Durability | undefined> {
  let durability: Durability | undefined;
  for (const manner of ['woken', 'polled'] as const) {
    const wanted = run.benchmarks.flatMap((each) =>
      each.ground === 'mall' && (manner === 'woken' || each.compared) ? [each] : [],
    );
    if (wanted.length === 0) continue;
    const home = new BenchHome(run.home);
    try {
      run.step(`starting a mall${manner === 'polled' ? " whose relay works in the original's manner" : ''}`);
      const mall: MallUnderTest = await home.up({ manner, signal: run.signal });
      durability ??= mall.state.durability;
      for (const each of wanted) {
        await repeated(run, { each, manner, found }, (conditions) => each.run(mall, conditions));
      }
    } finally {
      await home.remove();
    }
  }
  return durability;
}

/** Malls for one benchmark alone, at the same time. */
async function inOwnMalls(run: BenchRun, found: ByManner): Promise<Durability | undefined> {
  let durability: Durability | undefined;
  for (const each of run.benchmarks) {
    if (each.ground !== 'malls') continue;
    const homes = each.settings.map((settings) => ({ settings, home: new BenchHome(run.home) }));
    try {
      const malls: MallUnderTest[] = [];
      for (const { settings, home } of homes) {
        const told = Object.entries(settings).map((pair) => pair.join('='));
        run.step(['starting a mall', ...told].join(' '));
        malls.push(await home.up({ manner: 'woken', settings, signal: run.signal }));
      }
      durability ??= malls[0]?.state.durability;
      await repeated(run, { each, manner: 'woken', found }, (conditions) => each.run(malls, conditions));
    } finally {
      for (const { home } of homes) await home.remove();
    }
  }
  return durability;
}

async function onOwnServers(run: BenchRun, found: ByManner): Promise<Durability | undefined> {
  const wanted = run.benchmarks.flatMap((each) => (each.ground === 'servers' ? [each] : []));
  if (wanted.length === 0) return undefined;
  run.step('starting Postgres and NATS');
  const servers = await ownServers(run.home, { fast: false, signal: run.signal });
  try {
    for (const each of wanted) {
      for (const manner of each.compared ? (['woken', 'polled'] as const) : (['woken'] as const)) {
        await repeated(run, { each, manner, found }, (conditions) => each.run(servers, conditions));
      }
    }
    return servers.durability;
  } finally {
    await servers.remove();
  }
}

async function alone(run: BenchRun, found: ByManner): Promise<void> {
  for (const each of run.benchmarks) {
    if (each.ground !== 'none') continue;
    await repeated(run, { each, manner: 'woken', found }, (conditions) => each.run(conditions));
  }
}

async function repeated(
  run: BenchRun,
  { each, manner, found }: { each: Benchmark; manner: Manner; found: ByManner },
  measure: (conditions: Conditions) => Promise<Values>,
): Promise<void> {
  const times = manner === 'polled' || each.once ? 1 : run.repeats;
  const runs: Values[] = [];
  for (let time = 1; time <= times; time++) {
    run.signal.throwIfAborted();
    const count = times === 1 ? '' : `, ${time} of ${times}`;
    run.step(`measuring ${each.name}${manner === 'polled' ? ', polled' : ''}${count}`);
    const { scale, home, signal, step } = run;
    runs.push(await measure({ manner, scale, home, signal, step }));
  }
  found[manner].set(each.name, runs);
}
