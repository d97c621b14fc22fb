import type { Served } from './purchases.ts';

/** The orders of the mall that violations are planted in. */
export type Orders = Served & { readonly cancelled: string };

export interface Planting {
  readonly rule: string;
  readonly what: string;
  readonly plant: (orders: Orders) => readonly string[];
  /** One of the ids to look at. */
  readonly id?: (orders: Orders) => string;
  readonly says: RegExp;
}

export const where = (order: string) => `WHERE order_id = '${order}'`;
export const firstOutbox = (context: string) =>
  `(SELECT id FROM ${context}.outbox ORDER BY position LIMIT 1)`;

/** For each rule what breaks it, and how that is told. */
export const plantings: readonly Planting[] = [
  {
    rule: 'outbox-empty',
    what: 'a row that is quarantined',
    plant: () => [
      `UPDATE ordering.outbox SET published_at = NULL, stream_sequence = NULL, quarantined_at = now(),
         last_error = 'too large' WHERE id = ${firstOutbox('ordering')}`,
    ],
    id: (orders) => orders.cancelled,
    says: /ordering: .* is quarantined: too large/,
  },
  {
    rule: 'outbox-empty',
    what: 'a row that waits too long',
    plant: () => [
      `UPDATE stores.outbox SET published_at = NULL, stream_sequence = NULL,
         sent_at = now() - interval '1 hour'
       WHERE id = ${firstOutbox('stores')}`,
    ],
    id: (orders) => orders.storeId,
    says: /stores: storesapi.StoreCreated has not been published for 3600 s/,
  },
  {
    rule: 'events-told',
    what: 'a lost outbox row',
    plant: (orders) => [
      `DELETE FROM ordering.outbox WHERE ordering_key = '${orders.approved}' AND name LIKE '%Approved'`,
    ],
    id: (orders) => orders.approved,
    says: /ordering: ordering.OrderApproved has left no message/,
  },
  {
    rule: 'published-in-stream',
    what: 'another sequence',
    plant: () => [
      `UPDATE stores.outbox SET stream_sequence = stream_sequence + 1 WHERE id = ${firstOutbox('stores')}`,
    ],
    says: /stores: storesapi.StoreCreated is not at \d+, where \S+ \S+ is/,
  },
  {
    rule: 'published-in-stream',
    what: 'a sequence beyond the end',
    plant: () => [`UPDATE stores.outbox SET stream_sequence = 99999 WHERE id = ${firstOutbox('stores')}`],
    says: /storesapi.StoreCreated is not at 99999, where nothing is/,
  },
  {
    rule: 'taken-once',
    what: 'a missing inbox row',
    plant: () => [
      `DELETE FROM payments.inbox
       WHERE consumer = 'payment-commands' AND name = 'paymentsapi.ConfirmPayment'`,
    ],
    says: /payment-commands has not taken paymentsapi.ConfirmPayment at \d+/,
  },
  {
    rule: 'taken-once',
    what: 'a doubled inbox row',
    plant: () => [
      'ALTER TABLE ordering.inbox DROP CONSTRAINT inbox_pkey',
      `INSERT INTO ordering.inbox SELECT * FROM ordering.inbox WHERE consumer = 'ordering-baskets' LIMIT 1`,
    ],
    says: /ordering-baskets has taken basketsapi.BasketCheckedOut 2 times/,
  },
  {
    rule: 'no-dead-letters',
    what: 'a dead letter',
    plant: () => [
      `INSERT INTO depot.dead_letters
         (consumer, message_id, name, subject, data, metadata, reason, attempts, stream_sequence)
       VALUES ('depot-stores', 'm', 'storesapi.StoreCreated', 's', '', '{}', 'TypeError: no', 5, 7)`,
    ],
    id: () => 'm',
    says: /depot-stores gave up storesapi.StoreCreated at 7: TypeError: no/,
  },
  {
    rule: 'versions-contiguous',
    what: 'a gap in versions',
    plant: (orders) => [
      `DELETE FROM baskets.events WHERE stream_id = '${orders.approved}' AND stream_version = 7`,
    ],
    id: (orders) => orders.approved,
    says: /baskets.Basket: 61 events have the versions 1 to 62/,
  },
  {
    rule: 'versions-contiguous',
    what: 'two streams of one id',
    plant: (orders) => [
      `UPDATE ordering.events SET stream_name = 'else'
       WHERE stream_id = '${orders.ready}' AND stream_version = 2`,
    ],
    id: (orders) => orders.ready,
    says: /used by several streams: else, ordering.Order/,
  },
  {
    rule: 'snapshots-fresh',
    what: 'a drifted snapshot',
    plant: () => [
      `UPDATE baskets.snapshots SET snapshot_data = jsonb_set(snapshot_data, '{Status}', '"canceled"')`,
    ],
    id: (orders) => orders.approved,
    says: /baskets.Basket: the snapshot at version 50 differs/,
  },
  {
    rule: 'read-models-fresh',
    what: 'a drifted price',
    plant: () => [`UPDATE stores.products SET price = price + 0.01`],
    id: (orders) => orders.productId,
    says: /stores.products: price is 10.0000, its events say 9.9900/,
  },
  {
    rule: 'read-models-fresh',
    what: 'a missing row',
    plant: () => ['DELETE FROM stores.stores'],
    id: (orders) => orders.storeId,
    says: /stores.stores: the row is missing/,
  },
  {
    rule: 'copies-current',
    what: 'a drifted copy',
    plant: () => [`UPDATE depot.stores_cache SET name = 'Statler'`],
    id: (orders) => orders.storeId,
    says: /depot.stores_cache: name differ from stores.stores/,
  },
  {
    rule: 'copies-current',
    what: 'a copy that is missing',
    plant: (orders) => [`DELETE FROM search.products_cache WHERE id = '${orders.productId}'`],
    id: (orders) => orders.productId,
    says: /search.products_cache: the copy is missing/,
  },
  {
    rule: 'sagas-end',
    what: 'a stuck saga',
    plant: (orders) => [`UPDATE cosec.sagas SET status = 'running' WHERE id = '${orders.approved}'`],
    id: (orders) => orders.approved,
    says: /its saga is stuck: running/,
  },
  {
    rule: 'sagas-end',
    what: 'a saga that needs attention',
    plant: (orders) => [
      `UPDATE cosec.sagas SET status = 'attention', reason = 'undoing failed'
       WHERE id = '${orders.rejected}'`,
    ],
    id: (orders) => orders.rejected,
    says: /needs attention: undoing failed/,
  },
  {
    rule: 'saga-per-order',
    what: 'a missing saga',
    plant: (orders) => [`DELETE FROM cosec.sagas WHERE id = '${orders.ready}'`],
    id: (orders) => orders.ready,
    says: /ready, but it has no saga/,
  },
  {
    rule: 'saga-per-order',
    what: 'an approved order whose saga turned back',
    plant: (orders) => [`UPDATE cosec.sagas SET status = 'compensated' WHERE id = '${orders.approved}'`],
    id: (orders) => orders.approved,
    says: /approved, but its saga is compensated/,
  },
  {
    rule: 'contexts-agree',
    what: 'a list that is gone',
    plant: (orders) => [`UPDATE depot.shopping_lists SET status = 'canceled' ${where(orders.completed)}`],
    id: (orders) => orders.completed,
    says: /completed, but its shopping list is canceled instead of completed/,
  },
  {
    rule: 'contexts-agree',
    what: 'a payment that is not captured',
    plant: (orders) => [
      `UPDATE payments.payments SET status = 'confirmed', captured = 0 ${where(orders.completed)}`,
    ],
    id: (orders) => orders.completed,
    says: /completed, but its payment is confirmed instead of captured/,
  },
  {
    rule: 'contexts-agree',
    what: 'an invoice that is missing',
    plant: (orders) => [`DELETE FROM payments.invoices ${where(orders.ready)}`],
    id: (orders) => orders.ready,
    says: /ready, but its invoice is none instead of pending or canceled/,
  },
  {
    rule: 'contexts-agree',
    what: 'another status in search',
    plant: (orders) => [`UPDATE search.orders SET status = 'New' ${where(orders.cancelled)}`],
    id: (orders) => orders.cancelled,
    says: /cancelled, but its row in search is New instead of Canceled/,
  },
  {
    rule: 'contexts-agree',
    what: 'a customer who was not told',
    plant: (orders) => [
      `DELETE FROM notifications.notifications ${where(orders.rejected)} AND kind = 'rejected'`,
    ],
    id: (orders) => orders.rejected,
    says: /list of notifications is created instead of created, rejected/,
  },
  {
    rule: 'totals-add-up',
    what: 'a cent too many on an invoice',
    plant: (orders) => [`UPDATE payments.invoices SET amount = amount + 0.01 ${where(orders.ready)}`],
    id: (orders) => orders.ready,
    says: /its lines come to 19.9800, but its invoice says 19.9900/,
  },
  {
    rule: 'totals-add-up',
    what: 'a cent too few in search',
    plant: (orders) => [`UPDATE search.orders SET total = total - 0.01 ${where(orders.approved)}`],
    id: (orders) => orders.approved,
    says: /its lines come to 599.4000, but search says 599.3900/,
  },
  {
    rule: 'payments-cover',
    what: 'a payment of a cent too little',
    plant: (orders) => [`UPDATE payments.payments SET amount = 19.97 ${where(orders.ready)}`],
    id: (orders) => orders.ready,
    says: /its lines come to 19.9800, its payment to 19.9700/,
  },
  {
    rule: 'payments-cover',
    what: 'a payment for two orders',
    plant: (orders) => [
      `INSERT INTO payments.payments (id, customer_id, amount, status, order_id, captured, version)
       VALUES ('second', 'c', 1, 'confirmed', '${orders.approved}', 0, 2)`,
    ],
    id: (orders) => orders.approved,
    says: /the payment second is confirmed for it, which it does not name/,
  },
  {
    rule: 'payments-cover',
    what: 'money held for an order that was rejected',
    plant: (orders) => [
      `UPDATE payments.payments SET status = 'confirmed', order_id = '${orders.rejected}' WHERE amount = 1
         AND status = 'authorized'`,
    ],
    id: (orders) => orders.rejected,
    says: /rejected, but the payment \S+ is confirmed for it/,
  },
  {
    rule: 'checkouts-ordered',
    what: 'a checkout that was lost',
    plant: (orders) => [`DELETE FROM ordering.events WHERE stream_id = '${orders.ready}'`],
    id: (orders) => orders.ready,
    says: /checked out, but has no order/,
  },
  {
    rule: 'sagas-of-orders',
    what: 'a saga of nothing',
    plant: (orders) => [`UPDATE cosec.sagas SET id = 'nothing' WHERE id = '${orders.ready}'`],
    id: () => 'nothing',
    says: /the saga is completed, but there is no such order/,
  },
  {
    rule: 'payments-of-orders',
    what: 'a payment for no order',
    plant: (orders) => [`UPDATE payments.payments SET order_id = 'nothing' ${where(orders.ready)}`],
    says: /confirmed for nothing, which is no order/,
  },
  {
    rule: 'orders-readable',
    what: 'an event that cannot be read',
    plant: (orders) => [
      `UPDATE ordering.events SET event_data = '{}'
       WHERE stream_id = '${orders.ready}' AND stream_version = 2`,
    ],
    id: (orders) => orders.ready,
    says: /ordering.OrderApproved cannot be read/,
  },
  {
    rule: 'sums-balance',
    what: 'a cent too many captured',
    plant: (orders) => [`UPDATE payments.payments SET captured = captured + 0.01 ${where(orders.completed)}`],
    says: /19.9900 is captured, the paid invoices come to 19.9800/,
  },
];
