import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import {
  type CustomerId,
  type InvoiceId,
  id,
  moneyFromNumber,
  moneyToNumber,
  type OrderId,
  type PaymentId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
} from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import {
  type Outbox,
  onCommand,
  onEvent,
  type Publication,
  publication,
  type SubscribedGroup,
  subscribe,
} from '../kernel/messaging/index.ts';
import type { OrderingApplication } from './application.ts';
import type { Order, OrderEvent, OrderItem } from './order.ts';

const { baskets, depot, ordering, payments } = messages;

/** Tells the other contexts what happened to an order; rejections and approvals too (row O1). */
export function publishOrderEvent(outbox: Outbox) {
  return (recorded: Recorded<Order, OrderEvent>, unit: UnitOfWork): void => {
    const { aggregateId, occurredAt, version } = recorded;
    const subject = { name: 'ordering.Order', id: aggregateId, version };
    outbox.event(unit, orderMessage(recorded), { id: recorded.id, subject, occurredAt });
  };
}

function orderMessage({ aggregateId, event, state }: Recorded<Order, OrderEvent>): Publication<unknown> {
  const { customerId, paymentId } = state;
  const order = { id: aggregateId, customerId, paymentId };
  switch (event.type) {
    case 'ordering.OrderCreated':
      return publication(ordering.orderCreated, {
        ...order,
        shoppingId: '',
        items: event.items.map(({ price, ...item }) => ({ ...item, price: moneyToNumber(price) })),
      });
    case 'ordering.OrderRejected':
      return publication(ordering.orderRejected, { ...order, reason: event.reason });
    case 'ordering.OrderApproved':
      return publication(ordering.orderApproved, order);
    case 'ordering.OrderCanceled':
      return publication(ordering.orderCanceled, order);
    case 'ordering.OrderReadied':
      return publication(ordering.orderReadied, { ...order, total: moneyToNumber(event.total) });
    case 'ordering.OrderCompleted':
      return publication(ordering.orderCompleted, {
        id: aggregateId,
        customerId,
        invoiceId: event.invoiceId,
      });
  }
}

/** What ordering handles: checkouts, finished shopping, paid invoices, and the saga's commands. */
export function orderingSubscriptions(app: OrderingApplication, outbox: Outbox): readonly SubscribedGroup[] {
  return [
    subscribe(
      consumerGroups.orderingBaskets,
      onEvent(baskets.basketCheckedOut, async ({ payload }, unit) => {
        const order = {
          customerId: id<CustomerId>(payload.customerId),
          paymentId: id<PaymentId>(payload.paymentId),
          items: payload.items.map(orderItem),
        };
        await app.createFromBasket(unit, id<OrderId>(payload.id), order);
      }),
    ),
    subscribe(
      consumerGroups.orderingDepot,
      onEvent(depot.shoppingListCompleted, async ({ payload }, unit) => {
        await app.readyAfterShopping(unit, id<OrderId>(payload.orderId));
      }),
    ),
    subscribe(
      consumerGroups.orderingPayments,
      onEvent(payments.invoicePaid, async ({ payload }, unit) => {
        const invoiceId = id<InvoiceId>(payload.id);
        await app.execute(unit, id<OrderId>(payload.orderId), { type: 'CompleteOrder', invoiceId });
      }),
    ),
    subscribe(
      consumerGroups.orderingCommands,
      onCommand(outbox, ordering.rejectOrder, async ({ payload }, unit) => {
        const { reason } = payload;
        await app.execute(unit, id<OrderId>(payload.id), { type: 'RejectOrder', reason });
        return undefined;
      }),
      onCommand(outbox, ordering.approveOrder, async ({ payload }, unit) => {
        const shoppingId = id<ShoppingListId>(payload.shoppingId);
        await app.execute(unit, id<OrderId>(payload.id), { type: 'ApproveOrder', shoppingId });
        return undefined;
      }),
    ),
  ];
}

/** An item as requests and checkouts carry it. @throws BadRequest for a price that is no amount */
export function orderItem(item: {
  storeId: string;
  productId: string;
  storeName: string;
  productName: string;
  price: number;
  quantity: number;
}): OrderItem {
  return {
    ...item,
    storeId: id<StoreId>(item.storeId),
    productId: id<ProductId>(item.productId),
    price: moneyFromNumber(item.price, 'the item price'),
  };
}
