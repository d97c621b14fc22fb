import { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import type { Causation } from '../kernel/database/index.ts';
import {
  type CustomerId,
  FailedPrecondition,
  id,
  moneyFromNumber,
  NotFound,
  type OrderId,
} from '../kernel/domain/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';
import type { OrderItem, Standing } from './indexed-order.ts';
import { statusNamed, versionOf } from './order-status.ts';

/** An order as its owner tells it: the customer's name is not known there, nor the time of its creation. */
export interface OwnedOrder extends Standing {
  readonly customerId: CustomerId;
  readonly items: readonly OrderItem[];
}

/**
 * Asks ordering for an order.
 * @throws NotFound when it has none, or what the call throws
 */
export async function orderOfOrdering(
  channels: RpcChannels,
  orderId: OrderId,
  causation: Causation,
): Promise<OwnedOrder> {
  const method = OrderingServiceService.getOrder;
  const { order } = await channels.call('ORDERING', method, { id: orderId }, causation);
  // The original answers an unknown id with a blank order.
  if (!order?.status) throw new NotFound('order with that ID does not exist');
  const status = statusNamed(order.status);
  if (!status) throw new FailedPrecondition(`ordering tells a status unknown to search: ${order.status}`);
  return {
    customerId: id<CustomerId>(order.customerId),
    items: order.items.map((item) => ({
      productId: id(item.productId),
      storeId: id(item.storeId),
      productName: item.productName,
      storeName: item.storeName,
      price: moneyFromNumber(item.price, 'the item price'),
      quantity: item.quantity,
    })),
    status,
    // An owner that tells no version is the original.
    version: order.version || versionOf(status),
  };
}
