import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

interface OrphanRule extends Rule {
  /** Selects `id` and `says` of each orphan. */
  readonly orphans: string;
  /** Counts what is examined. */
  readonly counted: string;
}

const noOrder = (id: string) =>
  `NOT EXISTS (SELECT 1 FROM ordering.events e
               WHERE e.stream_id = ${id} AND e.stream_name = 'ordering.Order')`;

/** What one context has and another one must have too. */
const orphanRules: readonly OrphanRule[] = [
  {
    id: 'checkouts-ordered',
    title: 'checkouts became orders',
    promise: 'Each basket that was checked out has its order.',
    whenQuiet: true,
    orphans: `SELECT b.stream_id AS id, 'the basket was checked out, but has no order' AS says
              FROM baskets.events b
              WHERE event_name = 'baskets.BasketCheckedOut' AND ${noOrder('b.stream_id')}`,
    counted: `SELECT count(*) AS count FROM baskets.events WHERE event_name = 'baskets.BasketCheckedOut'`,
  },
  {
    id: 'sagas-of-orders',
    title: 'sagas have orders',
    promise: 'Each saga has its order.',
    whenQuiet: true,
    orphans: `SELECT id, 'the saga is ' || status || ', but there is no such order' AS says
              FROM cosec.sagas s WHERE ${noOrder('s.id')}`,
    counted: 'SELECT count(*) AS count FROM cosec.sagas',
  },
  {
    id: 'payments-of-orders',
    title: 'bound payments have orders',
    promise: 'Each payment that is confirmed, captured or released is so for an order that exists.',
    whenQuiet: true,
    orphans: `SELECT id, 'the payment is ' || status || ' for ' || order_id || ', which is no order' AS says
              FROM payments.payments p WHERE order_id <> '' AND ${noOrder('p.order_id')}`,
    counted: `SELECT count(*) AS count FROM payments.payments WHERE order_id <> ''`,
  },
];

export const orphanCheck: Check = {
  rules: orphanRules,
  async run({ snapshot }, findings) {
    for (const rule of orphanRules) {
      const { count } = await snapshot.row<{ count: number }>(rule.counted);
      findings.checked(rule, count);
      for await (const page of snapshot.pages<{ id: string; says: string }>(rule.orphans)) {
        for (const { id, says } of page) findings.found(rule, [id], says);
      }
    }
  },
};
