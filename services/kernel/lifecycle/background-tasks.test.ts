import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { BackgroundTasks } from './background-tasks.ts';
import type { BackgroundTask } from './module.ts';

const logger = pino({ level: 'silent' });
const NEVER_MS = 3_600_000;

/** A task whose rounds are awaited one by one; its time comes in an hour, so only a wake begins another. */
function counted(round: (number: number) => Promise<void> | void = () => undefined) {
  const reached: PromiseWithResolvers<void>[] = [];
  const at = (number: number) => {
    reached[number] ??= Promise.withResolvers();
    return reached[number];
  };
  let wake: () => void = () => assert.fail('the task was not started');
  let rounds = 0;
  const task: BackgroundTask = {
    name: 'counted',
    everyMs: NEVER_MS,
    run: async () => {
      rounds++;
      at(rounds).resolve();
      await round(rounds);
    },
    wakeBy: (given) => {
      wake = given;
    },
  };
  return { task, wake: () => wake(), round: (number: number) => at(number).promise, rounds: () => rounds };
}

test('a task woken during its rest begins the next round at once', async () => {
  const { task, wake, round } = counted();
  const tasks = new BackgroundTasks([task], logger);
  tasks.start();
  await round(1);
  await new Promise(setImmediate);
  wake();
  await round(2);
  await tasks.stop();
});

test('a task woken during its round runs once more, however often it was woken', async () => {
  const { task, wake, round, rounds } = counted((number) => {
    if (number === 1) for (let times = 0; times < 3; times++) wake();
  });
  const tasks = new BackgroundTasks([task], logger);
  tasks.start();
  await round(2);
  await new Promise(setImmediate);
  await tasks.stop();
  assert.equal(rounds(), 2);
});

test('a task that gathers lets what turns up soon after a round wait for the next', async () => {
  const { task, wake, round, rounds } = counted();
  const found: number[] = [];
  let work = 0;
  const run = async () => {
    await task.run();
    found.push(work);
    work = 0;
  };
  const tasks = new BackgroundTasks([{ ...task, run, gatherMs: 20 }], logger);
  tasks.start();
  await round(1);
  for (let times = 0; times < 3; times++) {
    await new Promise(setImmediate);
    work++;
    wake();
  }
  await round(2);
  await tasks.stop();
  assert.equal(rounds(), 2);
  assert.deepEqual(found, [0, 3]);
});

test('a round that fails is followed by another', async () => {
  const { task, wake, round } = counted(() => Promise.reject(new Error('out of order')));
  const tasks = new BackgroundTasks([task], logger);
  tasks.start();
  await round(1);
  wake();
  await round(2);
  await tasks.stop();
});

test('a stop ends the rest and waits for the round', async () => {
  const { promise: going, resolve: finish } = Promise.withResolvers<void>();
  const { task, round, rounds } = counted(() => going);
  const tasks = new BackgroundTasks([task], logger);
  tasks.start();
  await round(1);
  const stopped = tasks.stop().then(() => 'stopped');
  assert.equal(
    await Promise.race([stopped, new Promise((done) => setImmediate(done, 'waiting'))]),
    'waiting',
  );
  finish();
  assert.equal(await stopped, 'stopped');
  assert.equal(rounds(), 1);
});
