import { BadRequest, type CustomerId, isBlank, type OrderId } from '../kernel/domain/index.ts';

/** What a customer is told about an order; each at most once. */
export type NotificationKind = 'created' | 'approved' | 'rejected' | 'canceled' | 'ready' | 'completed';

/** Something to tell the customer of an order. */
export interface OrderNews {
  readonly kind: NotificationKind;
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** Why an order was rejected, for people; blank when nobody told. */
  readonly reason?: string;
}

/** Two short messages' worth; longer reasons are cut. */
const MAX_CHARS = 320;

const texts: Readonly<Record<NotificationKind, (news: OrderNews) => string>> = {
  created: ({ orderId }) => `We have received your order ${orderId}.`,
  approved: ({ orderId }) => `Your order ${orderId} is approved. We are collecting it for you.`,
  rejected: ({ orderId, reason = '' }) =>
    `We are sorry: your order ${orderId} was rejected${isBlank(reason) ? '' : `: ${reason}`}.`,
  canceled: ({ orderId }) => `Your order ${orderId} is canceled.`,
  ready: ({ orderId }) => `Your order ${orderId} is ready for pickup.`,
  completed: ({ orderId }) => `Your order ${orderId} is paid and completed. Thank you!`,
};

/** The text for the customer. It holds no name and no number, so that it may be stored and logged. */
export function textOf(news: OrderNews): string {
  const text = texts[news.kind](news);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1).toWellFormed()}…`;
}

/** @throws BadRequest when nobody could tell whom it is about */
export function checkNews({ orderId, customerId }: OrderNews): void {
  if (isBlank(orderId)) throw new BadRequest('the order id cannot be blank');
  if (isBlank(customerId)) throw new BadRequest('the customer id cannot be blank');
}
