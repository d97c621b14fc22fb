import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

const customersTold: Rule = {
  id: 'customers-told',
  title: 'notifications sent',
  promise: 'Each notification is sent or given up with a reason, or its next try is to come.',
  whenQuiet: true,
};

/** They are looked for all the time; after an outage of a minute they need some moments more. */
const OVERDUE_SECONDS = 120;

interface PendingRow {
  id: string;
  order_id: string;
  kind: string;
  overdue: number;
  reason: string;
}

/** News of one order wait for each other: the first that is pending is the one that is due. */
export const notificationCheck: Check = {
  rules: [customersTold],
  async run({ snapshots }, findings) {
    const snapshot = snapshots.of('notifications');
    const { count } = await snapshot.row<{ count: number }>(
      'SELECT count(*) AS count FROM notifications.notifications',
    );
    findings.checked(customersTold, count);
    const overdue = snapshot.pages<PendingRow>(
      `SELECT id, order_id, kind, extract(epoch FROM now() - due_at)::int AS overdue, reason
       FROM (SELECT DISTINCT ON (order_id) * FROM notifications.notifications
             WHERE status = 'pending' ORDER BY order_id, position) AS next
       WHERE due_at < now() - interval '${OVERDUE_SECONDS} s'`,
    );
    for await (const page of overdue) {
      for (const { id, order_id: orderId, kind, overdue: seconds, reason } of page) {
        const why = reason === '' ? '' : `: ${reason}`;
        findings.found(customersTold, [orderId, id], `${kind} should have been sent ${seconds} s ago${why}`);
      }
    }
  },
};
