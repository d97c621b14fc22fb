import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MallApi, mallApi } from './api.ts';
import { createStoreList } from './store-list.ts';
import { newTrace } from './trace.ts';

/** An interface whose `listStores` is this; no other call is made here. */
function listing(listStores: MallApi['listStores']): MallApi {
  const noCall = () => assert.fail('another call was made');
  const context = { trace: newTrace({ sampled: false }), signal: new AbortController().signal };
  return { ...mallApi(noCall, context), listStores };
}

test('the list is fetched once for all who ask within a second', async () => {
  let [time, fetched] = [0, 0];
  const list = createStoreList({ elapsed: () => time });
  const api = listing(async () => [`s${++fetched}`]);
  assert.deepEqual(await Promise.all([list.get(api), list.get(api)]), [['s1'], ['s1']]);
  time = 999;
  assert.deepEqual(await list.get(api), ['s1']);
  time = 1_000;
  assert.deepEqual(await list.get(api), ['s2']);
});

test('a new store is seen by the next who asks', async () => {
  let fetched = 0;
  const list = createStoreList({ elapsed: () => 0 });
  const api = listing(async () => [`s${++fetched}`]);
  await list.get(api);
  list.forget();
  assert.deepEqual(await list.get(api), ['s2']);
});

test('a failure is shared by those who wait for it, and not remembered', async () => {
  const list = createStoreList({ elapsed: () => 0 });
  const failing = listing(async () => Promise.reject(new Error('busy')));
  const both = await Promise.allSettled([list.get(failing), list.get(failing)]);
  assert.deepEqual(
    both.map((one) => one.status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(await list.get(listing(async () => ['s1'])), ['s1']);
});
