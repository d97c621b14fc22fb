import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { becomesTrue } from '../../containers/embedded/index.ts';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { lastLines, logFollower } from './log-file.ts';

const folder = testFolder();

test('the last lines are found, also across many chunks', () => {
  const path = join(folder, 'long.log');
  const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index} æøå`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  assert.deepEqual(lastLines(path, 2).lines, ['line 29998 æøå', 'line 29999 æøå']);
  assert.deepEqual(lastLines(path, 20_000).lines, lines.slice(-20_000));
  assert.deepEqual(lastLines(path, 99_999).lines, lines);
  assert.deepEqual(lastLines(path, 0).lines, []);
});

test('of the lines that are wanted the last ones are found, however far apart', () => {
  const path = join(folder, 'mixed.log');
  const lines = Array.from(
    { length: 30_000 },
    (_, index) => `${index % 10_000 === 7 ? 'rare' : 'usual'} ${index}`,
  );
  writeFileSync(path, `${lines.join('\n')}\nrare but unfinished`);
  const isRare = (line: string) => line.startsWith('rare');
  assert.deepEqual(lastLines(path, 2, isRare).lines, ['rare 10007', 'rare 20007']);
  assert.deepEqual(lastLines(path, 9, isRare).lines, ['rare 7', 'rare 10007', 'rare 20007']);
});

test('an unfinished line waits for its end', () => {
  const path = join(folder, 'unfinished.log');
  writeFileSync(path, 'one\ntwo\nthr');
  assert.deepEqual(lastLines(path, 5), { lines: ['one', 'two'], end: 8 });
});

test('a missing file has no lines', () => {
  assert.deepEqual(lastLines(join(folder, 'none.log'), 5), { lines: [], end: 0 });
});

test('following hands on whole lines, waits for the file, and goes on in its successor', async (context) => {
  const path = join(folder, 'followed.log');
  const seen: string[] = [];
  const follower = logFollower({ path, from: 0, onLine: (line) => seen.push(line) });
  context.after(() => follower.stop());
  const sees = async (...lines: string[]) => {
    await becomesTrue(() => seen.length >= lines.length, 5_000);
    assert.deepEqual(seen, lines);
  };
  writeFileSync(path, 'one\ntw');
  await sees('one');
  appendFileSync(path, 'o\n');
  await sees('one', 'two');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'new\n');
  await sees('one', 'two', 'new');
});
