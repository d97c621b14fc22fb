import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { id, MallError, NotFound, Unavailable } from '../kernel/domain/index.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import { deliveryLimits } from './limits.ts';
import type { DeliveryOutcome, DueNotification } from './notifications.ts';
import { logSender, type Sending } from './sender.ts';

const NUMBER = '555-555-1212';
const ada = { name: 'Ada Lovelace', smsNumber: NUMBER };
const due: DueNotification = {
  id: 'n-1',
  orderId: id('4711'),
  customerId: id('ada'),
  text: 'Your order 4711 is ready for pickup.',
  attempts: 1,
  smsNumber: NUMBER,
};

/** One round over one notification, with what it sent, recorded and logged. */
async function round(
  notification: DueNotification,
  { find = async () => ada, send, attemptMs = 1_000 }: Partial<Surroundings> = {},
) {
  const lines: string[] = [];
  const sent: (readonly [to: string, text: string, id: string])[] = [];
  const settled: DeliveryOutcome[] = [];
  let woken = 0;
  const delivery = new Delivery({
    notifications: {
      take: async () => [notification],
      settle: async (outcomes) => void settled.push(...outcomes),
    },
    customers: { find },
    sender: {
      send: async (to, text, sending) => {
        await send?.(to, sending);
        sent.push([to, text, sending.id]);
      },
    },
    limits: { ...deliveryLimits, attemptMs, retryDelaysMs: [10, 20] },
    logger: pino({}, { write: (line: string) => void lines.push(line) }),
  });
  delivery.wakeBy(() => woken++);
  await delivery.run();
  return { sent, outcome: settled[0], log: lines.join(''), woken, settled };
}

interface Surroundings {
  readonly find: DeliveryOptions['customers']['find'];
  readonly send: (to: string, sending: Sending) => Promise<void> | void;
  readonly attemptMs: number;
}

const refuse = (to: string) => {
  throw new Error(`no route to ${to}`);
};

describe('an attempt', () => {
  test('row N1: sends text and number, under the id of the notification, and looks for more', async () => {
    const { sent, outcome, woken } = await round(due);
    assert.deepEqual(sent, [[NUMBER, due.text, 'n-1']]);
    assert.deepEqual(outcome, { id: 'n-1', status: 'sent', reason: '' });
    assert.equal(woken, 1);
  });
  test('asks the customer’s owner when the cache has no number', async () => {
    const { sent, outcome } = await round({ ...due, smsNumber: undefined });
    assert.deepEqual(sent, [[NUMBER, due.text, 'n-1']]);
    assert.equal(outcome?.status, 'sent');
  });
  test('row N1: to a customer nobody knows is final', async () => {
    const find = () => Promise.reject(new NotFound('customer with that ID does not exist'));
    const { sent, outcome } = await round({ ...due, smsNumber: undefined }, { find });
    assert.deepEqual(sent, []);
    const reason = 'no such customer, or one without a number';
    assert.deepEqual(outcome, { id: 'n-1', status: 'undeliverable', reason });
  });
  test('to a customer without a number is final', async () => {
    assert.equal((await round({ ...due, smsNumber: '' })).outcome?.status, 'undeliverable');
  });
  test('comes again when the owner does not answer', async () => {
    const find = () => Promise.reject(new Unavailable('customers are away'));
    const { outcome } = await round({ ...due, smsNumber: undefined }, { find });
    const reason = 'Unavailable: customers are away';
    assert.deepEqual(outcome, { id: 'n-1', status: 'pending', reason, againInMs: 10 });
  });
  test('comes again when the sender fails, until it was the last', async () => {
    const reason = `Error: no route to ${NUMBER}`;
    for (const [attempts, standing] of [
      [1, { status: 'pending', againInMs: 10 }],
      [2, { status: 'pending', againInMs: 20 }],
      [3, { status: 'undeliverable' }],
      [4, { status: 'undeliverable' }],
    ] as const) {
      const { outcome } = await round({ ...due, attempts }, { send: refuse });
      assert.deepEqual(outcome, { id: 'n-1', reason, ...standing });
    }
  });
  test('comes again when the sender’s NOT_FOUND is not about the customer', async () => {
    const send = () => Promise.reject(new MallError('NOT_FOUND', 'no such account at the provider'));
    assert.equal((await round(due, { send })).outcome?.status, 'pending');
  });
  test('is given up when it takes too long, and the sender is told', async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const never = new Promise<void>(() => undefined);
    const send = (_to: string, { signal }: Sending) => {
      signal.addEventListener('abort', () => resolve());
      return never;
    };
    const { outcome } = await round(due, { send, attemptMs: 20 });
    await told;
    assert.deepEqual(outcome, {
      id: 'n-1',
      status: 'pending',
      reason: 'DeadlineExceeded: not sent within 20 ms',
      againInMs: 10,
    });
  });
  test('is not made when the owner answers after it was given up', async () => {
    const { promise: answer, resolve } = Promise.withResolvers<typeof ada>();
    const { outcome, sent } = await round(
      { ...due, smsNumber: undefined },
      { find: () => answer, attemptMs: 20 },
    );
    resolve(ada);
    await new Promise(setImmediate);
    assert.equal(outcome?.status, 'pending');
    assert.deepEqual(sent, []);
  });
});

describe('the log', () => {
  test('tells which notification failed, not to whom it goes, even when the provider says so', async () => {
    for (const attempts of [1, 3]) {
      const { log } = await round({ ...due, attempts }, { send: refuse });
      assert.match(log, /"notification":"n-1","order":"4711"/);
      assert.ok(!log.includes(NUMBER) && !log.includes('Ada'), log);
    }
  });
  test('as a sender takes number and text, and tells no number', async () => {
    const lines: string[] = [];
    const sender = logSender(pino({}, { write: (line: string) => void lines.push(line) }));
    await sender.send(NUMBER, due.text, { id: 'n-1', signal: AbortSignal.timeout(1_000) });
    const [line = ''] = lines;
    assert.ok(line.includes(due.text) && line.includes('n-1') && !line.includes(NUMBER), line);
  });
});
