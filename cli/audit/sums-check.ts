import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

const sumsBalance: Rule = {
  id: 'sums-balance',
  title: 'sums balance',
  promise: 'What was captured is what the paid invoices of bound payments come to, to the last decimal.',
  // Both change in one commit.
  whenQuiet: false,
};

interface Sums {
  captured: string;
  paid: string;
  equal: boolean;
  payments: number;
}

/** The sums of the whole mall, by the database's own decimals. */
export const sumsCheck: Check = {
  rules: [sumsBalance],
  async run({ snapshots }, findings) {
    const snapshot = snapshots.of('payments');
    const { captured, paid, equal, payments } = await snapshot.row<Sums>(
      `WITH c AS (SELECT coalesce(sum(captured), 0) AS total, count(*) AS payments
                  FROM payments.payments WHERE status = 'captured'),
            i AS (SELECT coalesce(sum(i.amount), 0) AS total FROM payments.invoices i
                  JOIN payments.payments p ON p.id = i.payment_id AND p.order_id = i.order_id
                  WHERE i.status = 'paid')
       SELECT c.total::text AS captured, i.total::text AS paid, c.total = i.total AS equal, c.payments
       FROM c, i`,
    );
    findings.checked(sumsBalance, payments);
    if (!equal) findings.found(sumsBalance, [], `${captured} is captured, the paid invoices come to ${paid}`);
  },
};
