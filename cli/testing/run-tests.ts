import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { availableParallelism, constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entrustProcess } from '../../containers/embedded/index.ts';
import { startTestServers, type TestServers } from '../../containers/embedded/test-servers.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Interruption } from '../terminal/interruption.ts';
import { testKind } from './test-files.ts';
import { readTestReport, type TestReport } from './test-report.ts';

const jsonReporter = fileURLToPath(new URL('json-reporter.ts', import.meta.url));
const specReporter = fileURLToPath(new URL('spec-reporter.ts', import.meta.url));
/** Most of an integration test's time is waiting; fewer than two at a time would leave a core idle. */
const leastParallel = 2;

/** A test, or a file of them, that runs longer hangs: it fails and the run goes on. */
const longestTestMs = 180_000;

export interface TestRun {
  /** The folder the paths of the files begin at. */
  readonly root: string;
  readonly files: readonly string[];
  /** Only tests whose name matches this regular expression. */
  readonly namePattern: string | undefined;
  /** How many files run at a time; as many as there are processors when absent. */
  readonly parallel: number | undefined;
  /** Whether only the report tells of the tests; else the runner does as well, on our standard output. */
  readonly json: boolean;
  readonly interruption: Interruption;
  readonly onStep: (text: string) => void;
  /** Variables for the tests beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TestOutcome {
  /** The runner's, 1 when a test failed, 130 when the run was interrupted. */
  readonly exitCode: number;
  readonly report: TestReport;
}

/**
 * Runs test files with Node's own runner. When integration tests are among
 * them, one Postgres and one NATS start for the run and are handed on in MALL_TEST_POSTGRES_URL and
 * MALL_TEST_NATS_URL, unless those are set.
 */
export async function runTests(run: TestRun): Promise<TestOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'mall-report-'));
  const reportFile = join(folder, 'report.json');
  const servers = await serversFor(run);
  try {
    const exitCode = run.interruption.asked.aborted
      ? exitCodes.interrupted
      : await runner(run, { servers, reportFile });
    return { exitCode, report: readTestReport(reportFile) };
  } finally {
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serversFor({ files, onStep }: TestRun): Promise<TestServers | undefined> {
  const given =
    process.env.MALL_TEST_POSTGRES_URL !== undefined && process.env.MALL_TEST_NATS_URL !== undefined;
  if (given || !files.some((file) => testKind(file) === 'integration')) return undefined;
  onStep('starting Postgres and NATS for the integration tests');
  return startTestServers();
}

interface Surroundings {
  readonly servers: TestServers | undefined;
  readonly reportFile: string;
}

function runner(run: TestRun, { servers, reportFile }: Surroundings): Promise<number> {
  const cache = process.env.NODE_COMPILE_CACHE ?? getCompileCacheDir();
  const child = spawn(process.execPath, runnerArguments(run, reportFile), {
    cwd: run.root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
      ...(servers && { MALL_TEST_POSTGRES_URL: servers.postgresUrl, MALL_TEST_NATS_URL: servers.natsUrl }),
      ...run.environment,
    },
  });
  const entrusted = entrustProcess(child.pid, { group: false });
  const passOn = () => child.kill('SIGTERM');
  run.interruption.asked.addEventListener('abort', passOn, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      entrusted.release();
      run.interruption.asked.removeEventListener('abort', passOn);
      if (run.interruption.asked.aborted) resolve(exitCodes.interrupted);
      else resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

function runnerArguments({ files, namePattern, parallel, json }: TestRun, reportFile: string): string[] {
  const concurrency = parallel ?? Math.max(leastParallel, availableParallelism());
  return [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${longestTestMs}`,
    `--test-reporter=${jsonReporter}`,
    `--test-reporter-destination=${reportFile}`,
    ...(json ? [] : [`--test-reporter=${specReporter}`, '--test-reporter-destination=stdout']),
    ...(namePattern === undefined ? [] : [`--test-name-pattern=${namePattern}`]),
    ...files,
  ];
}
