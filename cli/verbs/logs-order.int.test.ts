import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeMallFolder, mallFolders } from '../malls/folders.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();

test('row P-59: only lines about an order, of all services or of one', async () => {
  const folders = mallFolders(cli.home, 'mall');
  makeMallFolder(folders);
  const lines = [
    { service: 'baskets', basket: 'o', msg: 'basket' },
    { service: 'ordering', order: 'o', msg: 'created' },
    { service: 'ordering', order: 'other', msg: 'not asked for' },
    { service: 'cosec', order: 'o', msg: 'begun' },
  ];
  writeFileSync(folders.log, lines.map((line) => `${JSON.stringify({ level: 20, ...line })}\n`).join(''));
  const told = async (...args: readonly string[]) => {
    const { stdout, stderr } = await cli.run('logs', '--order', 'o', '--json', ...args);
    assert.equal(stderr, '');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
  };
  assert.deepEqual(await told(), ['basket', 'created', 'begun']);
  assert.deepEqual(await told('ordering'), ['created']);
});
