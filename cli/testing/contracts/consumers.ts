import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalPact, readPactFiles } from '../../pacts/pact-files.ts';
import { projectRoot } from '../../pacts/places.ts';
import type { Interruption } from '../../terminal/interruption.ts';
import type { Output } from '../../terminal/output.ts';
import { noneNamed } from '../name-pattern.ts';
import { noTests } from '../node-level.ts';
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

export interface ConsumersOptions {
  readonly files: readonly string[];
  /** What was asked for, where that was not all. */
  readonly paths: readonly string[];
  readonly namePattern: string | undefined;
  readonly parallel: number;
  readonly output: Output;
  readonly environment: Readonly<Record<string, string>>;
  readonly interruption: Interruption;
}

/** The consumers' tests that were asked for. @throws NothingMatches when there are none */
export function consumerTests(paths: readonly string[]): string[] {
  const kinds = ['contract'] as const;
  if (paths.length === 0) return findTests(projectRoot, kinds);
  const files = namedTests({ root: projectRoot, paths, kinds });
  if (files.length === 0) throw noTests(kinds, paths);
  return files;
}

/**
 * Runs the consumers' tests, which write pacts to a folder of this run's own.
 * @throws NothingMatches when none has a name that matches
 */
export async function runConsumers(options: ConsumersOptions): Promise<ConsumersRun> {
  const { files, namePattern, output, parallel, interruption, environment } = options;
  const folder = mkdtempSync(join(tmpdir(), 'mall-pacts-'));
  try {
    const { exitCode, report } = await runTests({
      root: projectRoot,
      files,
      namePattern,
      parallel,
      json: output.json,
      interruption,
      onStep: (text) => output.say(text),
      environment: { ...environment, [writtenPactsVariable]: folder },
    });
    if (namePattern !== undefined && exitCode === 0 && report.tests === 0)
      throw noneNamed(namePattern, { tests: "the consumers' tests", paths: options.paths });
    const written = readPactFiles(folder).map(({ path, consumer, provider }) => {
      const name = `${consumer}-${provider}.json`;
      return [name, canonicalPact(readFileSync(path, 'utf8'))] as const;
    });
    return { exitCode, report: output.json ? report : undefined, written: new Map(written) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
