import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startToken } from '../../containers/embedded/index.ts';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { awaitLock, type Lock, lockHolder, takeLock } from './lock.ts';

const folder = testFolder();
const path = join(folder, 'lock');

function leaveLock(holder: { pid: number; startToken?: string | undefined }): void {
  writeFileSync(path, JSON.stringify({ ...holder, nonce: 'somebody' }));
}

async function taken(): Promise<Lock> {
  const result = await takeLock(path);
  assert.ok('lock' in result, 'the lock is held');
  return result.lock;
}

test('a lock has one holder at a time, who is known', async () => {
  const lock = await taken();
  assert.equal(lockHolder(path)?.pid, process.pid);
  const second = await takeLock(path);
  assert.ok('heldBy' in second);
  assert.equal(second.heldBy.pid, process.pid);
  lock.release();
  assert.ok(!existsSync(path));
  assert.equal(lockHolder(path), undefined);
});

test('the lock of a process that has ended is taken over', async () => {
  leaveLock({ pid: spawnSync(process.execPath, ['--version']).pid, startToken: 'any' });
  assert.equal(lockHolder(path), undefined);
  (await taken()).release();
});

test('a process that only has the id of the one that ended does not hold the lock', async () => {
  leaveLock({ pid: process.pid, startToken: `not ${startToken(process.pid)}` });
  assert.equal(lockHolder(path), undefined);
  (await taken()).release();
});

test('of many who take over a stale lock at once, one gets it', async () => {
  leaveLock({ pid: 0, startToken: 'any' });
  const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
  const locks = results.flatMap((result) => ('lock' in result ? [result.lock] : []));
  assert.equal(locks.length, 1);
  for (const lock of locks) lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test('releasing a lock that another has taken over leaves it alone', async () => {
  const lock = await taken();
  leaveLock({ pid: process.pid, startToken: startToken(process.pid) });
  lock.release();
  assert.equal(lockHolder(path)?.nonce, 'somebody');
});

test('a lock without content counts as abandoned', async () => {
  writeFileSync(path, '');
  (await taken()).release();
});

test('a lock held for moments is waited for', async () => {
  const lock = await taken();
  const waiting = awaitLock(path, 5_000);
  lock.release();
  (await waiting).release();
});
