import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { Conflict, Unavailable } from '../domain/index.ts';
import { GroupCommits } from './group-commits.ts';
import { insertion, type Write, write } from './write.ts';

const add = insertion({ table: 's.a', columns: { id: 'text' }, key: ['id'] });
const rows = (...ids: readonly string[]): Write[] => ids.map((id) => write(add, { id }));
const idsOf = (writes: readonly Write[]) => writes.map(({ row }) => String(row.id)).join(' ');

/** A store that takes what it is given, says in which groups, and refuses what it is told to. */
class Store {
  readonly groups: string[] = [];
  readonly #refused: Readonly<Record<string, Error>>;
  #gate = Promise.resolve();

  constructor(refused: Readonly<Record<string, Error>> = {}) {
    this.#refused = refused;
  }

  readonly commit = async (writes: readonly Write[]) => {
    const ids = idsOf(writes);
    this.groups.push(ids);
    await this.#gate;
    const refusal = ids.split(' ').flatMap((id) => this.#refused[id] ?? [])[0];
    if (refusal) throw refusal;
    return { ids };
  };

  /** Holds what is under way until the answer is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }
}

test('units that are ready in the same moment are one group, and each hears what it told', async () => {
  const store = new Store();
  const commits = new GroupCommits(store.commit);
  const told = await Promise.all([commits.commit(rows('a', 'b')), commits.commit(rows('c'))]);
  assert.deepEqual(store.groups, ['a b c']);
  assert.deepEqual(told, [{ ids: 'a b c' }, { ids: 'a b c' }]);
});

test('what comes while a group is under way waits for the next', async () => {
  const store = new Store();
  const release = store.hold();
  const commits = new GroupCommits(store.commit);
  const first = commits.commit(rows('a'));
  await immediate();
  const others = [commits.commit(rows('b')), commits.commit(rows('c'))];
  await immediate();
  assert.deepEqual(store.groups, ['a']);
  release();
  await Promise.all([first, ...others]);
  assert.deepEqual(store.groups, ['a', 'b c']);
});

test('one refusal undoes the group; then each is alone, and only the refused one fails', async () => {
  const store = new Store({ b: new Conflict('no') });
  const commits = new GroupCommits(store.commit);
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((id) => commits.commit(rows(id))));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(store.groups, ['a b c', 'a', 'b', 'c']);
});

test('nobody is tried again when the outcome is unknown', async () => {
  const store = new Store({ b: new Unavailable('gone') });
  const commits = new GroupCommits(store.commit);
  const outcomes = await Promise.allSettled(['a', 'b'].map((id) => commits.commit(rows(id))));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(store.groups, ['a b']);
});

test('units that touch the same row never share a group and keep their order', async () => {
  const store = new Store();
  const commits = new GroupCommits(store.commit);
  await Promise.all([
    commits.commit(rows('a')),
    commits.commit(rows('a', 'b')),
    commits.commit(rows('b')),
    commits.commit(rows('c')),
  ]);
  assert.deepEqual(store.groups, ['a c', 'a b', 'b']);
});

test('a group has an end, and so has what may wait', async () => {
  const store = new Store();
  const release = store.hold();
  const commits = new GroupCommits(store.commit);
  const all = Array.from({ length: 2_049 }, (_, index) => commits.commit(rows(`r${index}`)));
  await assert.rejects(all[2_048] ?? Promise.resolve(), { category: 'UNAVAILABLE' });
  release();
  await Promise.all(all.slice(0, 2_048));
  assert.equal(store.groups.length, 16);
});

test('a unit whose deadline passes while it waits is not committed', async () => {
  const store = new Store();
  const release = store.hold();
  const commits = new GroupCommits(store.commit);
  const first = commits.commit(rows('a'));
  await immediate();
  const deadline = new AbortController();
  const late = commits.commit(rows('b'), deadline.signal);
  const other = commits.commit(rows('c'));
  deadline.abort();
  release();
  await assert.rejects(late, { category: 'DEADLINE_EXCEEDED' });
  await Promise.all([first, other]);
  assert.deepEqual(store.groups, ['a', 'c']);
});

test('a unit that waits too long for its turn is turned away, and nothing of it is committed', async () => {
  const store = new Store();
  const release = store.hold();
  const commits = new GroupCommits(store.commit, 10);
  const first = commits.commit(rows('a'));
  await immediate();
  await assert.rejects(commits.commit(rows('b')), { category: 'UNAVAILABLE' });
  release();
  await first;
  await commits.commit(rows('c'));
  assert.deepEqual(store.groups, ['a', 'c']);
});

test('a few wait after a group of several for others to come; many do not', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new Store();
  const commits = new GroupCommits(store.commit);
  const several = () => Promise.all([commits.commit(rows('a')), commits.commit(rows('b'))]);
  await several();
  await immediate();
  const few = commits.commit(rows('c'));
  await immediate();
  await immediate();
  assert.deepEqual(store.groups, ['a b']);
  context.mock.timers.tick(6);
  await few;
  assert.deepEqual(store.groups, ['a b', 'c']);
  await several();
  await immediate();
  await Promise.all(Array.from({ length: 16 }, (_, index) => commits.commit(rows(`many${index}`))));
  assert.equal(store.groups.length, 4);
});

test('after a large group as many as it had do not wait for more', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const store = new Store();
  const commits = new GroupCommits(store.commit);
  const several = (count: number) =>
    Array.from({ length: count }, (_, index) => commits.commit(rows(`r${index}`)));
  await Promise.all(several(40));
  const fewer = several(20);
  await immediate();
  await immediate();
  assert.equal(store.groups.length, 1);
  context.mock.timers.tick(6);
  await Promise.all(fewer);
  await Promise.all(several(20));
  assert.equal(store.groups.length, 3);
});
