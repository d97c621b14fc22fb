import { availableParallelism } from 'node:os';
import { startTestServers } from '../../../containers/embedded/test-servers.ts';
import { exitCodes } from '../../exit-codes.ts';
import { Ledger } from '../../pacts/ledger.ts';
import { ledgerFile, projectRoot } from '../../pacts/places.ts';
import { projectVersion } from '../../pacts/project-version.ts';
import { recordResults } from '../../pacts/record-results.ts';
import { Narrator } from '../../terminal/narrator.ts';
import type { LevelRun, LevelWork } from '../level-run.ts';
import { readPattern } from '../name-pattern.ts';
import { consumerTests, runConsumers } from './consumers.ts';
import { readDeadline, withDeadline } from './deadline.ts';
import { keepPacts } from './keep-pacts.ts';
import { type ContractsRun, failuresOf, reportContracts } from './report.ts';
import { verifyFiles } from './verify-files.ts';

/** Most of a verification is waiting; fewer than two at a time would leave a core idle. */
const leastParallel = 2;

/**
 * `mall test contracts`: the consumers' tests make the pacts, then the contexts are verified against them. Whether
 * the pacts are still those that are committed, and whether none is missing, is part of it.
 */
export async function contractsLevel(run: LevelRun): Promise<LevelWork> {
  const files = consumerTests(run.files);
  const namePattern = readPattern('name-pattern', run.flags.namePattern);
  const deadlineMs = readDeadline(run.flags);
  new Ledger(ledgerFile()).prepare();
  return () => runContracts(run, { files, namePattern, deadlineMs });
}

interface Wanted {
  readonly files: readonly string[];
  readonly namePattern: string | undefined;
  readonly deadlineMs: number;
}

async function runContracts(run: LevelRun, { files, namePattern, deadlineMs }: Wanted): Promise<number> {
  const { output, interruption } = run;
  const deadline = withDeadline(interruption, deadlineMs);
  const narrator = new Narrator(output);
  const began = performance.now();
  narrator.step('starting Postgres and NATS for the contracts');
  const servers = await startTestServers();
  narrator.done();
  try {
    const environment = {
      MALL_TEST_POSTGRES_URL: servers.postgresUrl,
      MALL_TEST_NATS_URL: servers.natsUrl,
    };
    const parallel = run.parallel ?? Math.max(leastParallel, availableParallelism());
    const consumers = await runConsumers({
      ...{ files, paths: run.files, namePattern, output },
      ...{ parallel, environment, interruption: deadline },
    });
    const kept = keepPacts(consumers, { all: run.files.length === 0, whole: namePattern === undefined });
    const outcomes = await verifyFiles(kept.pacts, { parallel, environment, signal: deadline.asked, output });
    const result: ContractsRun = {
      consumers: { failed: consumers.exitCode !== exitCodes.ok, report: consumers.report },
      kept,
      outcomes,
      overdue: deadline.overdue(),
      tookMs: performance.now() - began,
    };
    const verified = outcomes.flatMap((each) => ('interactions' in each ? each.interactions : []));
    recordResults(kept.pacts, verified, projectVersion(projectRoot));
    reportContracts(result, output);
    if (interruption.asked.aborted) return exitCodes.interrupted;
    return failuresOf(result) > 0 ? exitCodes.checkFailed : exitCodes.ok;
  } finally {
    deadline.release();
    await servers.stop();
  }
}
