import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatheredReads } from './gathered-reads.ts';

interface Row {
  readonly key: string;
  readonly of: number;
}

/** Reads that end when the test says so; each row tells which read it is of. */
function ground() {
  const reads: { keys: readonly string[]; end(rows?: readonly Row[]): void; fail(error: Error): void }[] = [];
  const gathered = new GatheredReads<Row>(
    (keys) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
      const of = reads.length;
      reads.push({
        keys,
        end: (rows) => resolve(rows ?? keys.map((key) => ({ key, of }))),
        fail: reject,
      });
      return promise;
    },
    ({ key }) => key,
  );
  const begun = async (count: number) => {
    while (reads.length < count) await nextTurn();
    return reads[count - 1] ?? assert.fail();
  };
  return { reads, gathered, begun };
}

test('what is asked for at the same moment is one read, and everybody has the rows of his key', async () => {
  const { reads, gathered, begun } = ground();
  const answers = Promise.all(['a', 'b', 'a', 'none'].map((key) => gathered.load(key)));
  const read = await begun(1);
  assert.deepEqual(read.keys, ['a', 'b', 'none']);
  read.end([
    { key: 'b', of: 1 },
    { key: 'a', of: 2 },
    { key: 'a', of: 3 },
  ]);
  const both = [
    { key: 'a', of: 2 },
    { key: 'a', of: 3 },
  ];
  assert.deepEqual(await answers, [both, [{ key: 'b', of: 1 }], both, []]);
  assert.equal(reads.length, 1);
});

test('nobody is answered by a read that began before he asked: what comes meanwhile is gathered for the next', async () => {
  const { reads, gathered, begun } = ground();
  const first = gathered.load('a');
  const reading = await begun(1);
  const later = [gathered.load('a'), gathered.load('b')];
  await nextTurn();
  later.push(gathered.load('c'));
  reading.end();
  const next = await begun(2);
  next.end();
  assert.deepEqual(await first, [{ key: 'a', of: 0 }]);
  assert.deepEqual(next.keys, ['a', 'b', 'c']);
  assert.deepEqual(
    (await Promise.all(later)).flat().map(({ of }) => of),
    [1, 1, 1],
  );
  assert.equal(reads.length, 2);
});

test('a read that hangs holds nobody up', async () => {
  const { gathered, begun } = ground();
  void gathered.load('a');
  await begun(1);
  const other = gathered.load('b');
  (await begun(2)).end();
  assert.deepEqual(await other, [{ key: 'b', of: 1 }]);
});

test('a read that fails fails for those who asked for it, and not for those after them', async () => {
  const { gathered, begun } = ground();
  const failing = Promise.allSettled([gathered.load('a'), gathered.load('b')]);
  const reading = await begun(1);
  const later = gathered.load('a');
  reading.fail(new Error('no database'));
  for (const each of await failing) assert.equal(each.status, 'rejected');
  (await begun(2)).end();
  assert.deepEqual(await later, [{ key: 'a', of: 1 }]);
});

test('a great many keys are several reads', async () => {
  const { reads, gathered, begun } = ground();
  const answers = Array.from({ length: 200 }, (_, number) => gathered.load(`key ${number}`));
  (await begun(1)).end();
  (await begun(2)).end();
  await Promise.all(answers);
  assert.equal(reads.flatMap(({ keys }) => keys).length, 200);
});
