import type { ContextName } from '../../proto/contexts.ts';
import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

interface OrphanRule extends Rule {
  readonly context: ContextName;
  /** Selects `id`, `order_id` and `says` of each that needs an order. */
  readonly children: string;
}

/** What one context has and ordering must have too. */
const orphanRules: readonly OrphanRule[] = [
  {
    id: 'checkouts-ordered',
    title: 'checkouts became orders',
    promise: 'Each basket that was checked out has its order.',
    whenQuiet: true,
    context: 'baskets',
    children: `SELECT stream_id AS id, stream_id AS order_id,
                 'the basket was checked out, but has no order' AS says
               FROM baskets.events WHERE event_name = 'baskets.BasketCheckedOut'`,
  },
  {
    id: 'sagas-of-orders',
    title: 'sagas have orders',
    promise: 'Each saga has its order.',
    whenQuiet: true,
    context: 'cosec',
    children: `SELECT id, id AS order_id, 'the saga is ' || status || ', but there is no such order' AS says
               FROM cosec.sagas`,
  },
  {
    id: 'payments-of-orders',
    title: 'bound payments have orders',
    promise: 'Each payment that is confirmed, captured or released is so for an order that exists.',
    whenQuiet: true,
    context: 'payments',
    children: `SELECT id, order_id,
                 'the payment is ' || status || ' for ' || order_id || ', which is no order' AS says
               FROM payments.payments WHERE order_id <> ''`,
  },
];

interface ChildRow {
  id: string;
  order_id: string;
  says: string;
}

export const orphanCheck: Check = {
  rules: orphanRules,
  async run({ snapshots }, findings) {
    for (const rule of orphanRules) {
      for await (const page of snapshots.of(rule.context).pages<ChildRow>(rule.children)) {
        findings.checked(rule, page.length);
        const orphans = await snapshots.of('ordering').rows<{ n: number }>(
          `SELECT c.n FROM unnest($1::text[]) WITH ORDINALITY AS c(order_id, n)
           WHERE NOT EXISTS (SELECT 1 FROM ordering.events e
                             WHERE e.stream_id = c.order_id AND e.stream_name = 'ordering.Order')`,
          [page.map((child) => child.order_id)],
        );
        for (const { id, order_id: orderId, says } of orphans.flatMap(({ n }) => page[n - 1] ?? [])) {
          findings.found(rule, [id, orderId], says);
        }
      }
    }
  },
};
