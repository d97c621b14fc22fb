import type { Rule } from './findings.ts';
import type { Order, OrderCase } from './order-cases.ts';

/** A rule that is judged order by order. */
export interface OrderRule extends Rule {
  /** What is wrong with an order, one sentence each. */
  readonly complaints: (known: OrderCase) => readonly string[];
}

type Status = Exclude<Order['status'], ''>;

/** What an order's status demands of the other contexts; the blank stands for none. */
interface Demand {
  readonly list: readonly string[];
  /** Of the payment the order names, as far as it is bound to the order. */
  readonly payment: readonly string[];
  readonly invoice: readonly string[];
  readonly search: string;
  readonly told: readonly string[];
}

const demands: Readonly<Record<Status, Demand>> = {
  pending: {
    list: ['', 'pending', 'available', 'canceled'],
    payment: ['', 'confirmed', 'released'],
    invoice: [''],
    search: 'New',
    told: ['created'],
  },
  approved: {
    list: ['available', 'assigned', 'active'],
    payment: ['confirmed'],
    invoice: [''],
    search: 'Approved',
    told: ['approved', 'created'],
  },
  ready: {
    list: ['completed'],
    payment: ['confirmed'],
    invoice: ['pending', 'canceled'],
    search: 'Ready For Pickup',
    told: ['approved', 'created', 'ready'],
  },
  completed: {
    list: ['completed'],
    payment: ['captured'],
    invoice: ['paid'],
    search: 'Completed',
    told: ['approved', 'completed', 'created', 'ready'],
  },
  rejected: {
    list: ['', 'canceled'],
    payment: ['', 'released'],
    invoice: [''],
    search: 'Rejected',
    told: ['created', 'rejected'],
  },
  cancelled: {
    list: ['', 'canceled'],
    payment: ['', 'released'],
    invoice: ['', 'canceled'],
    search: 'Canceled',
    told: ['canceled', 'created'],
  },
};

/** How the saga of an order with this status has ended. */
const ends: Readonly<Record<Status, 'completed' | 'compensated' | undefined>> = {
  pending: undefined,
  approved: 'completed',
  ready: 'completed',
  completed: 'completed',
  rejected: 'compensated',
  cancelled: 'compensated',
};

const sagasEnd: OrderRule = {
  id: 'sagas-end',
  title: 'sagas end',
  promise:
    'Each saga ends: completed or compensated, or moving towards it. None is stuck or needs attention.',
  whenQuiet: false,
  complaints: ({ saga }) => {
    if (saga?.status === 'attention') return [`its saga needs attention: ${saga.reason}`];
    return saga?.stuck ? [`its saga is stuck: ${saga.status}, and nothing will move it`] : [];
  },
};

const sagaAgrees: OrderRule = {
  id: 'saga-per-order',
  title: 'orders agree with their sagas',
  promise:
    'Each order has one saga; approved orders a completed one, rejected and cancelled a compensated one.',
  whenQuiet: true,
  complaints: ({ order: { status }, saga }) => {
    if (saga === undefined) return [`${status}, but it has no saga`];
    const ended = saga.status === 'completed' || saga.status === 'compensated';
    if (status === '' || !ended || saga.status === ends[status]) return [];
    return [`${status}, but its saga is ${saga.status}`];
  },
};

const contextsAgree: OrderRule = {
  id: 'contexts-agree',
  title: 'contexts agree on orders',
  promise: 'List, payment, invoice, search and notifications of each order are what its status demands.',
  whenQuiet: true,
  complaints: (known) => {
    const { status, invoiceId } = known.order;
    if (status === '') return ['it has no status'];
    const { list, payment, invoice, search, told } = demands[status];
    const facets: readonly (readonly [facet: string, actual: string, wanted: readonly string[]])[] = [
      ['shopping list', listStatus(known), list],
      ['payment', namedPayment(known)?.status ?? '', payment],
      ['invoice', known.invoice?.status ?? '', invoice],
      ['row in search', known.search?.status ?? '', [search]],
      ['version in search', String(known.search?.version ?? ''), [String(known.version)]],
      ['list of notifications', known.told.join(', '), [told.join(', ')]],
      ...(status === 'completed' ? ([['invoice id', known.invoice?.id ?? '', [invoiceId]]] as const) : []),
    ];
    return facets
      .filter(([, actual, wanted]) => !wanted.includes(actual))
      .map(([facet, actual, wanted]) => {
        const instead = wanted.map((each) => each || 'none').join(' or ');
        return `${status}, but its ${facet} is ${actual || 'none'} instead of ${instead}`;
      });
  },
};

/** The list the order was approved with; before that, one that is not canceled if there is one. */
function listStatus({ order: { shoppingId }, lists }: OrderCase): string {
  const own = shoppingId === '' ? undefined : lists.find(({ id }) => id === shoppingId);
  if (shoppingId !== '') return own?.status ?? '';
  return (lists.find(({ status }) => status !== 'canceled') ?? lists[0])?.status ?? '';
}

/** The payment that the order names, if it is bound to the order. */
export function namedPayment({ order: { paymentId }, payments }: OrderCase) {
  return payments.find(({ id }) => id === paymentId);
}

export const orderRules: readonly OrderRule[] = [sagasEnd, sagaAgrees, contextsAgree];
