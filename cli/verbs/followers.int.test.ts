import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeMallFolder, mallFolders } from '../malls/folders.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();

test('who follows a log ends once nobody reads on, as in `mall logs --follow | head`', {
  timeout: 30_000,
}, async () => {
  const folders = mallFolders(cli.home, 'mall');
  makeMallFolder(folders);
  const write = () =>
    appendFileSync(folders.log, `${JSON.stringify({ level: 30, time: 0, msg: 'something' })}\n`);
  write();
  const follower = cli.start('logs', '--follow');
  await follower.says('something');
  follower.process.stdout?.destroy();
  const writing = setInterval(write, 100);
  const { code, stderr } = await follower.ended;
  clearInterval(writing);
  assert.deepEqual([code, stderr], [0, '']);
});
