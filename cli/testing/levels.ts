import { exitCodes } from '../exit-codes.ts';
import { CollectingOutput } from '../terminal/output.ts';
import type { LevelRun, LevelWork } from './level-run.ts';
import { NothingMatches } from './nothing-matches.ts';
import type { TestKind } from './test-files.ts';

/** A level of `mall test`. Some are kinds of tests for Node's runner, which takes several kinds in one run. */
export type Level = { readonly name: string; readonly does: string } & (
  | { readonly kind: TestKind }
  | { readonly prepare: (run: LevelRun) => Promise<LevelWork> }
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
    prepare: async (run) => (await import('./contracts/contracts-level.ts')).contractsLevel(run),
  },
  {
    name: 'features',
    does: 'the Gherkin features, against a mall of their own or one that is named, and an audit of it',
    prepare: async (run) => (await import('./features/features-level.ts')).featuresLevel(run),
  },
];

export function levelNamed(name: string): Level | undefined {
  return levels.find((level) => level.name === name);
}

/**
 * Runs some levels, also after one that failed or has nothing that was asked for. All are judged before the first runs.
 * @returns the first exit code that is not 0
 * @throws NothingMatches where none has anything that was asked for
 */
export async function runLevels(wanted: readonly Level[], run: LevelRun): Promise<number> {
  const kinds = wanted.flatMap((level) => ('kind' in level ? [level.kind] : []));
  const others = wanted.flatMap((level) => ('prepare' in level ? [level.prepare] : []));
  const node: Prepare = async (each) => (await import('./node-level.ts')).nodeLevel(kinds, each);
  const all = kinds.length > 0 ? [node, ...others] : others;
  if (!run.output.json || all.length === 1) return inTurn(all, run);
  const output = new CollectingOutput({ json: true, quiet: run.output.quiet });
  const code = await inTurn(all, { ...run, output });
  run.output.document('mall.test-all/1', { success: code === exitCodes.ok, levels: output.documents });
  return code;
}

type Prepare = (run: LevelRun) => Promise<LevelWork>;

async function inTurn(levels: readonly Prepare[], run: LevelRun): Promise<number> {
  const missed: NothingMatches[] = [];
  const unlessMissed = (error: unknown) => {
    if (!(error instanceof NothingMatches)) throw error;
    missed.push(error);
    return undefined;
  };
  const works: LevelWork[] = [];
  for (const prepare of levels) {
    const work = await prepare(run).catch(unlessMissed);
    if (work !== undefined) works.push(work);
  }
  let code: number = exitCodes.ok;
  for (const work of works) {
    const outcome = await work().catch(unlessMissed);
    if (code === exitCodes.ok) code = outcome ?? exitCodes.ok;
    if (run.interruption.asked.aborted) return exitCodes.interrupted;
  }
  const [first] = missed;
  if (first === undefined) return code;
  const said = missed.map(({ message }) => message).join(' ');
  if (missed.length === levels.length) throw new NothingMatches(said, first.next);
  run.output.say(said);
  return code;
}
