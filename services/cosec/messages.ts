import { consumerGroups, messages } from '../../proto/catalogue.ts';
import type { OrderCreated } from '../../proto/gen/ordering/messages.ts';
import {
  type CustomerId,
  id,
  moneyFromNumber,
  type OrderId,
  type PaymentId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
  sum,
  times,
} from '../kernel/domain/index.ts';
import { onEvent, type SubscribedGroup, type Subscription, subscribe } from '../kernel/messaging/index.ts';
import type { SagaOrchestrator } from '../kernel/saga/index.ts';
import type { CreateOrderData } from './create-order-saga.ts';

/** What cosec handles: orders begin their saga, a cancelled order turns it back, answers move it. */
export function cosecSubscriptions(
  orchestrator: SagaOrchestrator<CreateOrderData>,
): readonly SubscribedGroup[] {
  const reply = (name: string): Subscription => ({
    name,
    handle: (envelope, unit) => orchestrator.reply(unit, envelope),
  });
  return [
    subscribe(
      consumerGroups.cosecOrdering,
      onEvent(messages.ordering.orderCreated, ({ payload }, unit) =>
        orchestrator.start(unit, payload.id, dataOf(payload)),
      ),
      onEvent(messages.ordering.orderCanceled, ({ payload }, unit) =>
        orchestrator.abandon(unit, payload.id, 'the order was cancelled'),
      ),
    ),
    subscribe(
      consumerGroups.cosecReplies,
      ...consumerGroups.cosecReplies.messages.map((message) => reply(message.name)),
    ),
  ];
}

function dataOf(order: OrderCreated): CreateOrderData {
  const items = order.items.map(({ productId, storeId, price, quantity }) => ({
    productId: id<ProductId>(productId),
    storeId: id<StoreId>(storeId),
    price: moneyFromNumber(price, 'the item price'),
    quantity,
  }));
  return {
    orderId: id<OrderId>(order.id),
    customerId: id<CustomerId>(order.customerId),
    paymentId: id<PaymentId>(order.paymentId),
    shoppingId: id<ShoppingListId>(''),
    items,
    total: sum(items.map(({ price, quantity }) => times(price, quantity))),
    reason: '',
  };
}
