import { type Basket as BasketMessage, BasketServiceService } from '../../proto/gen/baskets/api.ts';
import {
  type BasketId,
  type CustomerId,
  moneyToNumber,
  type PaymentId,
  type ProductId,
} from '../kernel/domain/index.ts';
import { idField, rpcService } from '../kernel/rpc/index.ts';
import type { BasketsApplication } from './application.ts';
import type { Basket } from './basket.ts';

/** The baskets' gRPC service: requests in, use cases, responses out. */
export function basketsService(app: BasketsApplication) {
  return rpcService(BasketServiceService, {
    startBasket: async (request, { causation }) => {
      const customerId = idField<CustomerId>('the customer id', request.customerId);
      return { id: await app.startBasket(customerId, causation) };
    },
    getBasket: async (request) => {
      const id = basketId(request.id);
      return { basket: basketMessage(id, await app.getBasket(id)) };
    },
    cancelBasket: async (request, { causation }) => {
      await app.cancelBasket(basketId(request.id), causation);
      return {};
    },
    checkoutBasket: async (request, { causation }) => {
      const paymentId = idField<PaymentId>('the payment id', request.paymentId);
      await app.checkoutBasket(basketId(request.id), paymentId, causation);
      return {};
    },
    addItem: async (request, { causation }) => {
      await app.addItem(basketId(request.id), itemOf(request), causation);
      return {};
    },
    removeItem: async (request, { causation }) => {
      await app.removeItem(basketId(request.id), itemOf(request), causation);
      return {};
    },
  });
}

function basketId(text: string): BasketId {
  return idField<BasketId>('the basket id', text);
}

function itemOf({ productId, quantity }: { productId: string; quantity: number }) {
  return { productId: idField<ProductId>('the product id', productId), quantity };
}

function basketMessage(id: BasketId, { customerId, paymentId, status, items }: Basket): BasketMessage {
  return {
    id,
    customerId,
    paymentId,
    status,
    items: items.map((item) => ({ ...item, productPrice: moneyToNumber(item.productPrice) })),
  };
}
