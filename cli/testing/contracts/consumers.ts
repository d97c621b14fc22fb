import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalPact, readPactFiles } from '../../pacts/pact-files.ts';
import { projectRoot } from '../../pacts/places.ts';
import type { Interruption } from '../../terminal/interruption.ts';
import type { LevelRun } from '../level-run.ts';
import { runTests } from '../run-tests.ts';
import { findTests, namedTests } from '../test-files.ts';
import type { TestReport } from '../test-report.ts';

/** Tells the consumers' tests where to write their pacts. */
const writtenPactsVariable = 'MALL_PACTS_WRITTEN';

export interface ConsumersRun {
  readonly exitCode: number;
  /** How the tests went, where they have not told it themselves. */
  readonly report: TestReport | undefined;
  /** What was written: file names with the text as it is to be kept. */
  readonly written: ReadonlyMap<string, string>;
}

export interface ConsumersOptions extends Omit<LevelRun, 'interruption'> {
  readonly environment: Readonly<Record<string, string>>;
  readonly interruption: Interruption;
}

/** Runs the consumers' tests, which write pacts to a folder of this run's own. */
export async function runConsumers(options: ConsumersOptions): Promise<ConsumersRun> {
  const { files: paths, flags, output, parallel, interruption, environment } = options;
  const folder = mkdtempSync(join(tmpdir(), 'mall-pacts-'));
  const kinds = ['contract'] as const;
  const files =
    paths.length === 0 ? findTests(projectRoot, kinds) : namedTests({ root: projectRoot, paths, kinds });
  try {
    const { exitCode, report } = await runTests({
      root: projectRoot,
      files,
      namePattern: typeof flags.namePattern === 'string' ? flags.namePattern : undefined,
      parallel,
      json: output.json,
      interruption,
      onStep: (text) => output.say(text),
      environment: { ...environment, [writtenPactsVariable]: folder },
    });
    const written = readPactFiles(folder).map(({ path, consumer, provider }) => {
      const name = `${consumer}-${provider}.json`;
      return [name, canonicalPact(readFileSync(path, 'utf8'))] as const;
    });
    return { exitCode, report, written: new Map(written) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
