import { exitCodes } from '../exit-codes.ts';
import { CollectingOutput } from '../terminal/output.ts';
import type { LevelRun } from './level-run.ts';
import type { TestKind } from './test-files.ts';

/** A level of `mall test`. Some are kinds of tests for Node's runner, which takes several kinds in one run. */
export type Level = { readonly name: string; readonly does: string } & (
  | { readonly kind: TestKind }
  | { readonly run: (run: LevelRun) => Promise<number> }
);

/** The levels, in the order in which all of them run: the quick ones first. */
export const levels: readonly Level[] = [
  { name: 'unit', does: 'the *.test.ts files, which touch nothing outside', kind: 'unit' },
  {
    name: 'integration',
    does: 'the *.int.test.ts files, which get a Postgres and a NATS for the run',
    kind: 'integration',
  },
  {
    name: 'docker',
    does: 'the *.docker.test.ts files, which start containers; skipped where no engine answers',
    kind: 'docker',
  },
  {
    name: 'contracts',
    does: "the consumers' tests, which make the pacts, and the contexts verified against them",
    run: async (run) => (await import('./contracts/contracts-level.ts')).contractsLevel(run),
  },
  {
    name: 'features',
    does: 'the Gherkin features, against a mall of their own or one that is named, and an audit of it',
    run: async (run) => (await import('./features/features-level.ts')).featuresLevel(run),
  },
];

export function levelNamed(name: string): Level | undefined {
  return levels.find((level) => level.name === name);
}

/** Runs some levels, also after one that failed. @returns the first exit code that is not 0 */
export async function runLevels(wanted: readonly Level[], run: LevelRun): Promise<number> {
  const kinds = wanted.flatMap((level) => ('kind' in level ? [level.kind] : []));
  const runs = wanted.flatMap((level) => ('run' in level ? [level.run] : []));
  const node: LevelWork = async (each) => (await import('./node-level.ts')).nodeLevel(kinds, each);
  const works = kinds.length > 0 ? [node, ...runs] : runs;
  if (!run.output.json || works.length === 1) return inTurn(works, run);
  const output = new CollectingOutput({ json: true, quiet: run.output.quiet });
  const code = await inTurn(works, { ...run, output });
  run.output.document('mall.test-all/1', { success: code === exitCodes.ok, levels: output.documents });
  return code;
}

type LevelWork = (run: LevelRun) => Promise<number>;

async function inTurn(works: readonly LevelWork[], run: LevelRun): Promise<number> {
  let code: number = exitCodes.ok;
  for (const work of works) {
    const outcome = await work(run);
    if (code === exitCodes.ok) code = outcome;
    if (run.interruption.asked.aborted) return exitCodes.interrupted;
  }
  return code;
}
