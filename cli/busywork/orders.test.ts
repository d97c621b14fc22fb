import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Clock, Stopped } from './clock.ts';
import { CallFailed } from './failures.ts';
import { fromCents } from './money.ts';
import { createFollower, MAX_LOOKS } from './orders.ts';

/** A clock whose time passes only by pauses, and then at once. For one order at a time. */
function virtualClock(): Clock & { asked: number[] } {
  let time = 0;
  const asked: number[] = [];
  return {
    asked,
    now: () => time,
    elapsed: () => time,
    pause: async (ms, signal) => {
      if (signal.aborted) throw new Stopped();
      asked.push(ms);
      await setImmediate();
      time += ms;
    },
  };
}

const CHECKED_OUT = { orderId: 'o', total: fromCents(1_250), sentAt: 0, confirmed: true };

/** Answers look by look; after the last one, that again. */
function statuses(...answers: (string | CallFailed)[]): () => Promise<string> {
  let look = 0;
  return async () => {
    const answer = answers[Math.min(look, answers.length - 1)] ?? '';
    look += 1;
    if (answer instanceof CallFailed) throw answer;
    return answer;
  };
}

async function followed(status: () => Promise<string>, order = CHECKED_OUT) {
  const clock = virtualClock();
  const follower = createFollower({ status, clock, signal: new AbortController().signal });
  follower.follow(order);
  assert.equal(follower.watched(), 1);
  await follower.settled();
  assert.equal(follower.watched(), 0);
  return { report: follower.report(), asked: clock.asked };
}

test('an order is looked at more and more rarely until it is approved', async () => {
  const pending = Array.from({ length: 11 }, () => 'pending');
  const { report, asked } = await followed(statuses('', ...pending, 'approved'));
  assert.equal(asked.length, 13);
  assert.deepEqual(asked.slice(0, 4), [25, 37.5, 56.25, 84.375]);
  assert.deepEqual(asked.slice(9).map(Math.round), [961, 1_000, 1_000, 1_000]);
  const { checkoutToApprovedMs, seenLateAtMostMs, ...counts } = report;
  assert.deepEqual(counts, {
    placed: 1,
    approved: 1,
    rejected: 0,
    cancelled: 0,
    open: 0,
    unconfirmed: 0,
    checkedOut: '12.50',
  });
  const time = asked.reduce((left, right) => left + right);
  assert.ok(Math.abs((checkoutToApprovedMs?.max ?? 0) - time) < 0.001);
  assert.equal(seenLateAtMostMs, 1_000);
});

const ENDS = [
  ['approved', 'approved'],
  ['in-progress', 'approved'],
  ['ready', 'approved'],
  ['completed', 'approved'],
  ['rejected', 'rejected'],
  ['cancelled', 'cancelled'],
] as const;

test('each status counts as what it says about the approval', async () => {
  for (const [status, end] of ENDS) {
    const { report } = await followed(statuses(status));
    assert.equal(report[end], 1, status);
    assert.equal(report.open, 0, status);
    assert.equal(report.checkoutToApprovedMs !== null, end === 'approved', status);
  }
});

test('a word that is no status decides nothing', async () => {
  const { report, asked } = await followed(statuses('constructor', '', 'approved'));
  assert.equal(asked.length, 3);
  assert.equal(report.approved, 1);
});

test('a look that fails tells nothing: what comes after it may be late since the look before', async () => {
  const failed = new CallFailed('503', 'busy');
  const { report, asked } = await followed(statuses('pending', failed, failed, 'approved'));
  assert.equal(report.approved, 1);
  assert.equal(
    report.seenLateAtMostMs,
    asked.slice(1).reduce((left, right) => left + right),
  );
});

test('a checkout without a clear answer counts as placed only once its order is seen', async () => {
  const unclear = { ...CHECKED_OUT, confirmed: false };
  const seen = await followed(statuses('', 'pending', 'approved'), unclear);
  assert.deepEqual([seen.report.placed, seen.report.approved, seen.report.unconfirmed], [1, 1, 0]);
  const gone = new AbortController();
  const follower = createFollower({
    status: async () => {
      gone.abort();
      return '';
    },
    clock: virtualClock(),
    signal: gone.signal,
  });
  follower.follow(unclear);
  await follower.settled();
  const { placed, open, unconfirmed, checkedOut } = follower.report();
  assert.deepEqual(
    { placed, open, unconfirmed, checkedOut },
    { placed: 0, open: 0, unconfirmed: 1, checkedOut: '0.00' },
  );
});

test('orders not decided at the end stay open', async () => {
  const end = new AbortController();
  const status = async () => {
    end.abort();
    return 'pending';
  };
  const follower = createFollower({ status, clock: virtualClock(), signal: end.signal });
  follower.follow(CHECKED_OUT);
  await follower.settled();
  assert.deepEqual([follower.report().placed, follower.report().open], [1, 1]);
});

test('however many orders are open, only so many looks are under way', async () => {
  let underWay = 0;
  let most = 0;
  const follower = createFollower({
    status: async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      underWay -= 1;
      return 'approved';
    },
    clock: virtualClock(),
    signal: new AbortController().signal,
  });
  for (let order = 0; order < 200; order += 1) follower.follow({ ...CHECKED_OUT, orderId: `o${order}` });
  await follower.settled();
  assert.equal(follower.report().approved, 200);
  assert.equal(most, MAX_LOOKS);
});
