import { z } from 'zod';
import { messages } from '../../proto/catalogue.ts';
import { CreatedShoppingList } from '../../proto/gen/depot/messages.ts';
import {
  BadRequest,
  type CustomerId,
  id,
  type Money,
  moneyFromNumber,
  moneyToNumber,
  type OrderId,
  type PaymentId,
  type ProductId,
  type ShoppingListId,
  type StoreId,
} from '../kernel/domain/index.ts';
import { type Envelope, publication } from '../kernel/messaging/index.ts';
import { type SagaDataCodec, type SagaDefinition, sagaLimits } from '../kernel/saga/index.ts';

/** What the saga knows about the order it brings to approval. */
export interface CreateOrderData {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly paymentId: PaymentId;
  /** Blank until the depot has made the list. */
  readonly shoppingId: ShoppingListId;
  readonly items: readonly CreateOrderItem[];
  readonly total: Money;
  /** Why the order is to be rejected; blank while all is well. */
  readonly reason: string;
}

export interface CreateOrderItem {
  readonly productId: ProductId;
  readonly storeId: StoreId;
  readonly price: Money;
  readonly quantity: number;
}

const { customers, depot, ordering, payments } = messages;

/** The create-order saga: what is asked of whom, in which order, and how each is undone. */
export const createOrderSaga: SagaDefinition<CreateOrderData> = {
  name: 'cosec.CreateOrder',
  replyChannel: 'cosec.replies.CreateOrder',
  limits: sagaLimits,
  failed: (data, reason) => ({ ...data, reason }),
  steps: [
    {
      name: 'create order',
      compensation: ({ orderId, reason }) => publication(ordering.rejectOrder, { id: orderId, reason }),
    },
    {
      name: 'authorize customer',
      action: ({ customerId }) => publication(customers.authorizeCustomer, { id: customerId }),
    },
    {
      name: 'create shopping list',
      action: ({ orderId, items }) =>
        publication(depot.createShoppingListCommand, {
          orderId,
          items: items.map(({ productId, storeId, quantity }) => ({ productId, storeId, quantity })),
        }),
      learn: (data, reply) => ({ ...data, shoppingId: createdListId(reply) }),
      compensation: ({ shoppingId, orderId }) =>
        publication(depot.cancelShoppingListCommand, { id: shoppingId, orderId }),
    },
    {
      name: 'confirm payment',
      action: ({ paymentId, total, orderId, customerId }) =>
        publication(payments.confirmPayment, {
          id: paymentId,
          amount: moneyToNumber(total),
          orderId,
          customerId,
        }),
      compensation: ({ paymentId, orderId, customerId }) =>
        publication(payments.releasePayment, { id: paymentId, orderId, customerId }),
    },
    {
      name: 'initiate shopping',
      action: ({ shoppingId }) => publication(depot.initiateShoppingCommand, { id: shoppingId }),
    },
    {
      name: 'approve order',
      pivot: true,
      action: ({ orderId, shoppingId }) => publication(ordering.approveOrder, { id: orderId, shoppingId }),
    },
  ],
};

/** @throws BadRequest for an answer that names no list: it is kept as a dead letter and moves nothing */
function createdListId(reply: Envelope): ShoppingListId {
  const { id: listId } = CreatedShoppingList.decode(reply.payload);
  if (listId === '') throw new BadRequest('the reply names no shopping list');
  return id<ShoppingListId>(listId);
}

const storedData = z.object({
  OrderID: z.string(),
  CustomerID: z.string(),
  PaymentID: z.string(),
  ShoppingID: z.string(),
  Items: z.array(
    z.object({ ProductID: z.string(), StoreID: z.string(), Price: z.number(), Quantity: z.number() }),
  ),
  Total: z.number(),
  Reason: z.string().default(''),
});

/** The saga's stored document, as the original's; ours is the key `Reason`. */
export const createOrderDataCodec: SagaDataCodec<CreateOrderData> = {
  encode: (data) => ({
    OrderID: data.orderId,
    CustomerID: data.customerId,
    PaymentID: data.paymentId,
    ShoppingID: data.shoppingId,
    Items: data.items.map((item) => ({
      ProductID: item.productId,
      StoreID: item.storeId,
      Price: moneyToNumber(item.price),
      Quantity: item.quantity,
    })),
    Total: moneyToNumber(data.total),
    Reason: data.reason,
  }),
  decode: (json) => {
    const stored = storedData.parse(json);
    return {
      orderId: id<OrderId>(stored.OrderID),
      customerId: id<CustomerId>(stored.CustomerID),
      paymentId: id<PaymentId>(stored.PaymentID),
      shoppingId: id<ShoppingListId>(stored.ShoppingID),
      items: stored.Items.map((item) => ({
        productId: id<ProductId>(item.ProductID),
        storeId: id<StoreId>(item.StoreID),
        price: moneyFromNumber(item.Price, 'Price'),
        quantity: item.Quantity,
      })),
      total: moneyFromNumber(stored.Total, 'Total'),
      reason: stored.Reason,
    };
  },
};
