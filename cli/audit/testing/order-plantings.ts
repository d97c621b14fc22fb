import { type Planting, where } from './planting.ts';

/** For each rule of orders, and of what belongs to them, what breaks it, and how that is told. */
export const orderPlantings: readonly Planting[] = [
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
    rule: 'sagas-in-order',
    what: 'an order that is rejected before its list is canceled',
    plant: (orders) => [
      `UPDATE cosec.saga_history SET step = 2 - step
       WHERE saga_id = '${orders.rejected}' AND status = 'compensating'`,
    ],
    id: (orders) => orders.rejected,
    says: /its saga went from compensating, create order, to compensating, create shopping list/,
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
    rule: 'orders-kept',
    what: 'a line that cost a cent less in the basket',
    plant: (orders) => [
      `UPDATE ordering.events
       SET event_data = jsonb_set(event_data, '{Items,0,Price}', to_jsonb((event_data->'Items'->0->>'Price')::numeric + 0.01))
       WHERE stream_id = '${orders.ready}' AND stream_version = 1`,
    ],
    id: (orders) => orders.ready,
    says: /its lines: 2 of \S+ at 10.0000, but its basket has 2 of \S+ at 9.9900/,
  },
  {
    rule: 'orders-kept',
    what: 'a piece that the depot does not collect',
    plant: (orders) => [
      `UPDATE depot.shopping_lists
       SET stops = jsonb_set(stops, ARRAY['${orders.storeId}', 'Items', '${orders.productId}', 'Quantity'], '1')
       ${where(orders.completed)}`,
    ],
    id: (orders) => orders.completed,
    says: /its pieces: 2 of \S+, but its shopping list has 1 of/,
  },
  {
    rule: 'orders-kept',
    what: 'lines that search has lost',
    plant: (orders) => [`UPDATE search.orders SET items = '[]' ${where(orders.approved)}`],
    id: (orders) => orders.approved,
    says: /its lines: 60 of \S+ at 9.9900, but search has none/,
  },
  {
    rule: 'orders-kept',
    what: 'an order for another customer',
    plant: (orders) => [
      `UPDATE cosec.sagas SET data = jsonb_set(data, '{CustomerID}', '"else"') WHERE id = '${orders.ready}'`,
    ],
    id: (orders) => orders.ready,
    says: /its customer: \S+, but its saga has else/,
  },
  {
    rule: 'customers-told',
    what: 'news that nobody sends',
    plant: (orders) => [
      `UPDATE notifications.notifications SET status = 'pending', sent_at = NULL, due_at = now() - interval '1 hour'
       ${where(orders.ready)} AND kind = 'approved'`,
    ],
    id: (orders) => orders.ready,
    says: /approved should have been sent 3600 s ago/,
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
