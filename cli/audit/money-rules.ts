import { type Money, moneyToDecimal } from '../../services/mall.ts';
import type { OrderCase, PaymentFacts } from './order-cases.ts';
import { namedPayment, type OrderRule } from './order-rules.ts';

const approved = new Set<string>(['approved', 'ready', 'completed']);
const undone = new Set<string>(['rejected', 'cancelled']);

const totalsAdd: OrderRule = {
  id: 'totals-add-up',
  title: 'order totals add up',
  promise: 'Saga, search, the readied order and its invoice have the exact sum of the order’s lines.',
  whenQuiet: true,
  complaints: ({ total, saga, search, readiedTotal, invoice, order }) => {
    const owed = invoice?.adjusted || !approved.has(order.status) ? undefined : invoice?.amount;
    const totals: readonly (readonly [where: string, amount: Money | undefined])[] = [
      ['its saga', saga?.total],
      ['search', search?.total],
      ['its readying', readiedTotal],
      ['its invoice', owed],
    ];
    return totals
      .filter(([, amount]) => amount !== undefined && amount !== total)
      .map(([where, amount]) => `its lines come to ${told(total)}, but ${where} says ${told(amount)}`);
  },
};

const paymentsCover: OrderRule = {
  id: 'payments-cover',
  title: 'payments cover their orders',
  promise:
    'An approved order is paid by the one payment it names, which covers it; what is captured is invoiced.',
  whenQuiet: true,
  complaints: (known) => {
    const payment = namedPayment(known);
    const complaints = known.payments.flatMap((each) => complaintAbout(each, known) ?? []);
    if (payment && approved.has(known.order.status) && payment.amount < known.total)
      complaints.push(`its lines come to ${told(known.total)}, its payment to ${told(payment.amount)}`);
    if (payment?.status === 'captured' && payment.captured !== known.invoice?.amount) {
      const { invoice } = known;
      complaints.push(`${told(payment.captured)} is captured, its invoice is of ${told(invoice?.amount)}`);
    }
    return complaints;
  },
};

/** A payment that is bound to the order and should not be. */
function complaintAbout({ id, status }: PaymentFacts, { order }: OrderCase): string | undefined {
  // Its saga is binding or releasing it; one that ended and left the order pending is told by its own rule.
  if (order.status === 'pending') return undefined;
  if (status === 'released')
    return undone.has(order.status) ? undefined : `${order.status}, but the payment ${id} is released for it`;
  if (!approved.has(order.status)) return `${order.status}, but the payment ${id} is ${status} for it`;
  return id === order.paymentId ? undefined : `the payment ${id} is ${status} for it, which it does not name`;
}

function told(amount: Money | undefined): string {
  return amount === undefined ? 'nothing' : moneyToDecimal(amount);
}

export const moneyRules: readonly OrderRule[] = [totalsAdd, paymentsCover];
