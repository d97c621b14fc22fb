import type { Check } from './check.ts';
import type { Findings, Rule } from './findings.ts';
import { moneyRules } from './money-rules.ts';
import { type OrderCase, orderCases, type UnreadableOrder } from './order-cases.ts';
import { orderRules } from './order-rules.ts';

const readable: Rule = {
  id: 'orders-readable',
  title: 'orders can be read',
  promise: 'The events of each order fold to an order.',
  whenQuiet: false,
};

const perOrder = [...orderRules, ...moneyRules];

/** One pass over all orders, each with what the other contexts know of it. */
export const orderCheck: Check = {
  rules: [readable, ...perOrder],
  async run({ snapshots }, findings) {
    for await (const cases of orderCases(snapshots)) {
      for (const known of cases) judge(known, findings);
    }
  },
};

function judge(known: OrderCase | UnreadableOrder, findings: Findings): void {
  findings.checked(readable, 1);
  if ('unreadable' in known) {
    findings.found(readable, [known.id], known.unreadable);
    return;
  }
  const { saga, id } = known;
  if (saga && !saga.stuck && (saga.status === 'running' || saga.status === 'compensating'))
    findings.moves(id);
  for (const rule of perOrder) {
    findings.checked(rule, 1);
    for (const complaint of rule.complaints(known)) findings.found(rule, idsOf(known), complaint);
  }
}

/** The order's own id first. */
function idsOf({ id, order, lists, invoice }: OrderCase): readonly string[] {
  const listIds = lists.map((list) => list.id);
  return [...new Set([id, ...listIds, order.paymentId, ...(invoice ? [invoice.id] : [])])];
}
