import { orderPlantings } from './order-plantings.ts';
import { firstOutbox, type Planting } from './planting.ts';

/** For each rule of messages, events and what is folded from them what breaks it, and how that is told. */
const mechanicsPlantings: readonly Planting[] = [
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
    rule: 'order-in-stream',
    what: 'a message that overtook the one before',
    plant: (orders) => [
      `UPDATE ordering.outbox AS o SET stream_sequence = other.stream_sequence
       FROM ordering.outbox AS other
       WHERE o.ordering_key = '${orders.ready}' AND other.ordering_key = o.ordering_key AND o.id <> other.id
         AND o.name IN ('ordersapi.OrderCreated', 'ordersapi.OrderApproved')
         AND other.name IN ('ordersapi.OrderCreated', 'ordersapi.OrderApproved')`,
    ],
    id: (orders) => orders.ready,
    says: /ordering: ordersapi.OrderApproved, version 2, is at \d+, an earlier version at \d+/,
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
];

/** For each rule what breaks it, and how that is told. */
export const plantings: readonly Planting[] = [...mechanicsPlantings, ...orderPlantings];
