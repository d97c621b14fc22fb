import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Break } from './break.ts';
import { copyOfTree } from './copy-of-tree.ts';
import { breaks } from './table.ts';

/*
 * Makes each fault of the table in a copy of the tree, runs the feature that has to tell it, and says which scenario
 * did. `node features/breaks/run.ts [words]` takes only the faults whose name or feature holds one of the words.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const runDeadlineMs = 240_000;

interface Verdict {
  readonly name: string;
  readonly file: string;
  readonly feature: string;
  /** The scenario that turned red, with its place; undefined when none did. */
  readonly caughtBy: string | undefined;
  readonly says: string;
  readonly seconds: number;
}

const report = z.object({
  failures: z.array(z.object({ scenario: z.string(), place: z.string(), reason: z.string() })),
});

const words = process.argv.slice(2);
const wanted = breaks.filter(
  ({ name, feature }) => words.length === 0 || words.some((word) => `${name} ${feature}`.includes(word)),
);
const tree = copyOfTree(root);
try {
  const verdicts: Verdict[] = [];
  for (const each of wanted) {
    const verdict = await judge(each);
    verdicts.push(verdict);
    const mark = verdict.caughtBy === undefined ? 'MISSED' : 'caught';
    say(`${mark}  ${each.name} (${each.file})\n        ${verdict.caughtBy ?? verdict.says}`);
  }
  const missed = verdicts.filter(({ caughtBy }) => caughtBy === undefined).length;
  mkdirSync(join(root, 'reports'), { recursive: true });
  writeFileSync(join(root, 'reports/breaks.json'), `${JSON.stringify(verdicts, null, 2)}\n`);
  say(
    `${verdicts.length} faults, ${verdicts.length - missed} caught, ${missed} missed; reports/breaks.json has all of them`,
  );
  process.exitCode = missed > 0 || verdicts.length === 0 ? 1 : 0;
} finally {
  rmSync(tree, { recursive: true, force: true, maxRetries: 5 });
}

async function judge({ name, file, search, replace, feature }: Break): Promise<Verdict> {
  const path = join(tree, file);
  const sound = readFileSync(path, 'utf8');
  const began = performance.now();
  writeFileSync(
    path,
    sound.replace(search, () => replace),
  );
  try {
    const { output, errors } = await runFeature(`features/${feature}.feature`);
    const failures = failuresIn(output);
    const [first] = failures;
    return {
      name,
      file,
      feature,
      caughtBy: first && `${first.scenario} (${first.place})`,
      says:
        first?.reason ?? (failuresIn(output).length === 0 && output !== '' ? 'all was green' : errors.trim()),
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    writeFileSync(path, sound);
  }
}

function failuresIn(output: string): z.output<typeof report>['failures'] {
  try {
    return report.parse(JSON.parse(output)).failures;
  } catch {
    return [];
  }
}

function runFeature(feature: string): Promise<{ output: string; errors: string }> {
  const args = ['cli/launcher/mall.mjs', 'test', 'features', '--json', '--quiet', '--fail-fast'];
  const child = spawn(process.execPath, [...args, '--features', feature], {
    cwd: tree,
    env: { ...process.env, MALL_HOME: join(tree, '.mall') },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runDeadlineMs,
  });
  const written = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.errors += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(written));
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
