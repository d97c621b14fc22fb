import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './waiting.ts';

test('answers what it has seen as soon as it is there', async () => {
  let looks = 0;
  const look = async () => (++looks < 3 ? { saw: 'nothing' } : { got: looks });
  assert.equal(await until({ what: 'the third look', withinMs: 5_000, look }), 3);
});

test('tells what was waited for, what was there, and why that may be', async () => {
  const waiting = until({
    what: 'order 12 to be approved',
    withinMs: 20,
    look: async () => ({ saw: 'it is pending' }),
    explain: async () => 'its saga waits for payments',
  });
  await assert.rejects(
    waiting,
    /^Error: waited 0\.\d s for order 12 to be approved; it is pending; its saga waits for payments$/,
  );
});

test('does not wait for what can never be', async () => {
  const look = async () => ({ saw: 'it is rejected', hopeless: true });
  const began = performance.now();
  await assert.rejects(until({ what: 'approval', withinMs: 60_000, look }), /it is rejected/);
  assert.ok(performance.now() - began < 5_000);
});

test('an explanation that fails does not hide the failure', async () => {
  const look = async () => ({ saw: 'nothing' });
  const explain = () => Promise.reject(new Error('the database is away'));
  const waiting = until({ what: 'news', withinMs: 10, look, explain });
  await assert.rejects(waiting, /for news; nothing; no explanation: the database is away/);
});
