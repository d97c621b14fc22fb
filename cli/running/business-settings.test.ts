import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrderSaga, messagingLimits } from '../../services/mall.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { businessSettings } from './business-settings.ts';

const business = (environment: NodeJS.ProcessEnv) =>
  businessSettings(resolveSettings({ flags: {}, environment, file: undefined }).settings);
const told = (environment: NodeJS.ProcessEnv) => business(environment).messageTimes;

test('what nobody sets is as the kernel has it', () => {
  const { redeliveryDelaysMs, outboxKeptMs, inboxKeptMs, idempotencyKeptMs } = messagingLimits;
  assert.deepEqual(told({}), { redeliveryDelaysMs, outboxKeptMs, inboxKeptMs, idempotencyKeptMs });
});

test('pauses between tries, and how long rows are kept, can be set', () => {
  const environment = {
    MALL_RETRY_DELAYS: '500ms, 2s',
    MALL_OUTBOX_KEPT: '1h',
    MALL_INBOX_KEPT: '400h',
    MALL_IDEMPOTENCY_KEPT: '10m',
  };
  assert.deepEqual(told(environment), {
    redeliveryDelaysMs: [500, 2_000],
    outboxKeptMs: 3_600_000,
    inboxKeptMs: 1_440_000_000,
    idempotencyKeptMs: 600_000,
  });
});

test('how long a saga awaits an answer can be set', () => {
  assert.equal(business({}).sagaDeadlineMs, createOrderSaga.limits.stepDeadlineMs);
  assert.equal(business({ MALL_SAGA_DEADLINE: '2s' }).sagaDeadlineMs, 2_000);
});

test('what would lose a message or do it twice is refused', () => {
  for (const [name, value, says] of [
    ['MALL_RETRY_DELAYS', '1s,soon', /it must be up to 20 lengths of time with commas between/],
    ['MALL_OUTBOX_KEPT', '1m', /it must be 10m or more: the broker syncs every two minutes/],
    ['MALL_INBOX_KEPT', '24h', /it must be 337h or more: the stream keeps its messages for 336h/],
    ['MALL_SAGA_DEADLINE', '500ms', /it must be from 1s to 1h/],
    ['MALL_SAGA_DEADLINE', '2h', /it must be from 1s to 1h/],
    ['MALL_SAGA_DEADLINE', 'soon', /it must be a length of time such as 30s or 2m/],
  ] as const)
    assert.throws(() => told({ [name]: value }), says);
});
