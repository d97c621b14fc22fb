import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { AuditTarget } from '../../audit/target.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { findMall, listMalls } from '../../malls/directory.ts';
import { currentHome } from '../../settings/index.ts';
import type { Interruption } from '../../terminal/interruption.ts';
import { Narrator } from '../../terminal/narrator.ts';
import type { Output } from '../../terminal/output.ts';
import { entrustMalls, isOfRun } from '../abandoned-malls.ts';
import { ownMall, stopOwnMall } from '../own-mall.ts';
import { type AuditedMall, auditMalls } from './audits.ts';
import type { FeatureJob, ScenarioOutcome } from './job.ts';
import type { FeatureOptions } from './options.ts';
import { expectScenarios, plannedScenarios } from './planned.ts';
import { countsOf, type FeatureRun, reportRun } from './report.ts';
import { ReportFolder } from './report-folder.ts';
import { type RunOutcome, runProcess } from './run-process.ts';
import { featurePaths, needsOf, outOfReach, stepPaths, tagExpression } from './selection.ts';
import { type TestedMall, testedMall } from './tested-mall.ts';

/** How long a step waits for what must come about; far beyond what it takes on a busy machine. */
const patienceMs = 10_000;

export interface FeatureSurroundings {
  readonly output: Output;
  readonly interruption: Interruption;
}

/** What a run needs that is found out before it starts anything. */
interface PreparedRun {
  readonly options: FeatureOptions;
  readonly run: string;
  readonly folder: ReportFolder;
  readonly paths: string[];
  readonly steps: string[];
  readonly reports: Record<string, string>;
}

/**
 * Judges what was asked for: there may be nothing to run, or no place for the reports.
 * @returns what runs the features. It answers 0, 1 when a scenario failed or the run came to no end, 7 when the
 *   audit found a violation, 130
 * @throws CliError (2, 4)
 */
export async function prepareFeatures(
  options: FeatureOptions,
  surroundings: FeatureSurroundings,
): Promise<() => Promise<ExitCode>> {
  const run = `features-${randomBytes(3).toString('hex')}`;
  const folder = new ReportFolder(options.reports, run);
  const paths = featurePaths(options.rerun ? folder.lastFailures() : options.features);
  const steps = stepPaths(options.steps);
  await expectScenarios(options, paths);
  const reports = folder.prepare();
  return () => runFeatures({ options, run, folder, paths, steps, reports }, surroundings);
}

/**
 * Runs features against a mall that is named, or against one of the run's own, audits it and tells how it went.
 * What the run has started is stopped and removed again, however it ends.
 */
async function runFeatures(
  { folder, ...prepared }: PreparedRun,
  { output, interruption }: FeatureSurroundings,
): Promise<ExitCode> {
  const began = performance.now();
  const { options, run } = prepared;
  const narrator = new Narrator(output);
  const entrusted = entrustMalls({ home: currentHome(), run });
  try {
    const own = options.name === undefined && options.against === undefined;
    narrator.step(own ? 'starting a mall' : 'looking for the mall');
    const tested = await testedMall(options, run);
    if (interruption.asked.aborted) return exitCodes.interrupted;
    const { outcome, leftOut } = await scenarios({ ...prepared, tested, narrator, interruption });
    const audits = await auditAfter({ tested, run, narrator, interruption });
    narrator.done();
    const result: FeatureRun = {
      ...outcome,
      mall: tested.mall.name,
      infra: tested.infra,
      mode: tested.mode,
      leftOut,
      audits,
      folder: folder.path,
      tookMs: performance.now() - began,
    };
    folder.rememberFailures(outcome.outcomes.filter(isFailure).map(({ place }) => place));
    reportRun(result, output);
    return interruption.asked.aborted ? exitCodes.interrupted : exitCodeOf(result);
  } finally {
    await stopMallsOf(run, narrator);
    entrusted.release();
  }
}

interface ScenarioRun extends Omit<PreparedRun, 'folder'> {
  readonly tested: TestedMall;
  readonly narrator: Narrator;
  readonly interruption: Interruption;
}

async function scenarios({ options, tested, narrator, interruption, ...at }: ScenarioRun): Promise<{
  outcome: RunOutcome;
  leftOut: { scenarios: number; need: string };
}> {
  const left = outOfReach(tested.reach);
  const job: FeatureJob = {
    cwd: process.cwd(),
    paths: at.paths,
    steps: at.steps,
    tagExpression: tagExpression(options.tags, left),
    names: options.nameFilter === undefined ? [] : [options.nameFilter],
    parallel: options.parallel ?? availableParallelism(),
    retry: options.retry,
    failFast: options.failFast,
    reports: at.reports,
    parameters: { mall: tested.mall, run: at.run, infra: tested.infra, mode: tested.mode, patienceMs },
  };
  narrator.step('running the scenarios');
  const outcome = await runProcess(job, {
    signal: interruption.asked,
    deadlineMs: options.deadlineMs,
    onScenario: (each, done, planned) => {
      if (isFailure(each)) narrator.note(`✖ ${each.place} ${each.scenario} (${done} of ${planned})`);
    },
  });
  const leftOut = left.length === 0 ? 0 : (await wantedOf(job, options)) - outcome.planned;
  return { outcome, leftOut: { scenarios: leftOut, need: needsOf(left) } };
}

/** How many scenarios there would be if everything could be had. */
async function wantedOf(job: FeatureJob, { tags }: FeatureOptions): Promise<number> {
  return (await plannedScenarios({ ...job, tagExpression: tagExpression(tags, []) })).scenarios;
}

/** The mall of the run and those its scenarios have started, all of which must have kept their promises. */
async function auditAfter({
  tested,
  run,
  narrator,
  interruption,
}: Pick<ScenarioRun, 'tested' | 'run' | 'narrator' | 'interruption'>) {
  const started = mallsOf(run).filter((name) => name !== tested.audited?.name);
  if (interruption.asked.aborted || (tested.audited === undefined && started.length === 0)) return [];
  narrator.step('auditing');
  const { malls, missing } = targets(started);
  return [
    ...missing,
    ...(await auditMalls([...(tested.audited === undefined ? [] : [tested.audited]), ...malls])),
  ];
}

/** Where the malls are; one that does not run any more has failed in its own way. */
function targets(names: readonly string[]): { malls: AuditTarget[]; missing: AuditedMall[] } {
  const malls: AuditTarget[] = [];
  const missing: AuditedMall[] = [];
  for (const name of names) {
    const { phase } = findMall(currentHome(), name);
    if (phase === 'ready') malls.push(ownMall(name));
    else missing.push({ name, violations: 1, quiet: true, says: [`it is ${phase}`] });
  }
  return { malls, missing };
}

/** Malls that this run has started: their names begin with its own. */
function mallsOf(run: string): string[] {
  return listMalls(currentHome())
    .map(({ name }) => name)
    .filter((name) => isOfRun(name, run));
}

async function stopMallsOf(run: string, narrator: Narrator): Promise<void> {
  const malls = mallsOf(run);
  if (malls.length === 0) return;
  narrator.step('stopping what was started');
  await Promise.all(malls.map((name) => stopOwnMall(name, { purge: true })));
  narrator.done();
}

function isFailure({ status }: ScenarioOutcome): boolean {
  return status === 'failed';
}

function exitCodeOf(run: FeatureRun): ExitCode {
  const { failed, violations } = countsOf(run);
  const unrest = run.audits.some(({ quiet }) => !quiet);
  if (failed > 0 || run.broken !== undefined || run.planned === 0 || unrest) return exitCodes.checkFailed;
  return violations > 0 ? exitCodes.auditViolation : exitCodes.ok;
}
