import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { id } from '../kernel/domain/index.ts';
import { checkNews, type NotificationKind, type OrderNews, textOf } from './notification.ts';

const news: OrderNews = { kind: 'created', orderId: id('4711'), customerId: id('ada') };

describe('row N1: what a customer reads', () => {
  const texts: Readonly<Record<NotificationKind, string>> = {
    created: 'We have received your order 4711.',
    approved: 'Your order 4711 is approved. We are collecting it for you.',
    rejected: 'We are sorry: your order 4711 was rejected.',
    canceled: 'Your order 4711 is canceled.',
    ready: 'Your order 4711 is ready for pickup.',
    completed: 'Your order 4711 is paid and completed. Thank you!',
  };
  for (const kind of ['created', 'approved', 'rejected', 'canceled', 'ready', 'completed'] as const) {
    test(kind, () => assert.equal(textOf({ ...news, kind }), texts[kind]));
  }
  test('why an order was rejected', () => {
    const reason = 'customer is not authorized';
    assert.equal(
      textOf({ ...news, kind: 'rejected', reason }),
      'We are sorry: your order 4711 was rejected: customer is not authorized.',
    );
    assert.equal(textOf({ ...news, kind: 'rejected', reason: ' ' }), texts.rejected);
  });
  test('at most two messages’ worth, whole characters only', () => {
    const start = textOf({ ...news, kind: 'rejected', reason: 'x' }).indexOf('x');
    for (const lead of [317 - start, 318 - start]) {
      const text = textOf({ ...news, kind: 'rejected', reason: `${'x'.repeat(lead)}${'👍'.repeat(9)}` });
      assert.equal(text.length, 320);
      assert.ok(text.isWellFormed() && text.endsWith('…'), text);
    }
  });
});

describe('whom it is about', () => {
  test('is known', () => checkNews(news));
  test('a blank order is refused', () =>
    assert.throws(() => checkNews({ ...news, orderId: id(' ') }), {
      name: 'BadRequest',
      message: 'the order id cannot be blank',
    }));
  test('a blank customer is refused', () =>
    assert.throws(() => checkNews({ ...news, customerId: id('') }), {
      name: 'BadRequest',
      message: 'the customer id cannot be blank',
    }));
});
