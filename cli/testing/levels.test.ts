import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onInterruption } from '../terminal/interruption.ts';
import { CollectingOutput } from '../terminal/output.ts';
import type { LevelRun, LevelWork } from './level-run.ts';
import { type Level, runLevels } from './levels.ts';
import { NothingMatches } from './nothing-matches.ts';

const ran: string[] = [];

function level(name: string, work: LevelWork | NothingMatches): Level {
  const prepare = async () => {
    ran.push(`${name} judged`);
    if (work instanceof NothingMatches) throw work;
    return () => {
      ran.push(`${name} run`);
      return work();
    };
  };
  return { name, does: name, prepare };
}

const nothing = (what: string) => new NothingMatches(`No ${what}.`, 'other tests');

async function running(...levels: readonly Level[]): Promise<number> {
  ran.length = 0;
  const interruption = onInterruption();
  const output = new CollectingOutput({ json: true, quiet: true });
  const run: LevelRun = { files: [], flags: {}, parallel: undefined, output, interruption };
  try {
    return await runLevels(levels, run);
  } finally {
    interruption.release();
  }
}

test('every level is judged before the first runs, and all run', async () => {
  assert.equal(
    await running(
      level('one', async () => 0),
      level('two', async () => 7),
    ),
    7,
  );
  assert.deepEqual(ran, ['one judged', 'two judged', 'one run', 'two run']);
});

test('a level without anything that was asked for does not keep the others from running', async () => {
  const found = async () => Promise.reject(nothing('scenario'));
  assert.equal(
    await running(
      level('one', nothing('test')),
      level('two', found),
      level('three', async () => 0),
    ),
    0,
  );
  assert.deepEqual(ran.slice(-2), ['two run', 'three run']);
});

test('where no level has anything, that is told of all', async () => {
  await assert.rejects(running(level('one', nothing('test')), level('two', nothing('scenario'))), {
    message: 'No test. No scenario.',
    exitCode: 2,
  });
});

test('another mistake is told before anything runs', async () => {
  const broken: Level = { name: 'b', does: 'b', prepare: () => Promise.reject(new Error('no such flag')) };
  await assert.rejects(
    running(
      level('one', async () => 0),
      broken,
    ),
    /no such flag/,
  );
  assert.deepEqual(ran, ['one judged']);
});
