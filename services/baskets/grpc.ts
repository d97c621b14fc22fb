import { type Basket as BasketMessage, BasketServiceService } from '../../proto/gen/baskets/api.ts';
import {
  type BasketId,
  type CustomerId,
  moneyToNumber,
  type PaymentId,
  type ProductId,
} from '../kernel/domain/index.ts';
import { type Call, idField, mustOwn, mustOwnLoaded, rpcService } from '../kernel/rpc/index.ts';
import { basketsAccess } from './access.ts';
import type { BasketsApplication } from './application.ts';
import type { Basket } from './basket.ts';

/** The baskets' gRPC service: requests in, use cases, responses out. */
export function basketsService(app: BasketsApplication) {
  async function ownBasket(text: string, { caller }: Call): Promise<BasketId> {
    const id = basketId(text);
    await mustOwnLoaded(caller, async () => (await app.getBasket(id)).customerId);
    return id;
  }
  return rpcService(
    BasketServiceService,
    {
      startBasket: async (request, { causation, caller }) => {
        const customerId = idField<CustomerId>('the customer id', request.customerId);
        mustOwn(caller, customerId);
        return { id: await app.startBasket(customerId, causation) };
      },
      getBasket: async (request, { caller }) => {
        const id = basketId(request.id);
        const basket = await app.getBasket(id);
        mustOwn(caller, basket.customerId);
        return { basket: basketMessage(id, basket) };
      },
      cancelBasket: async (request, call) => {
        await app.cancelBasket(await ownBasket(request.id, call), call.causation);
        return {};
      },
      checkoutBasket: async (request, call) => {
        const paymentId = idField<PaymentId>('the payment id', request.paymentId);
        await app.checkoutBasket(await ownBasket(request.id, call), paymentId, call.causation);
        return {};
      },
      addItem: async (request, call) => {
        await app.addItem(await ownBasket(request.id, call), itemOf(request), call.causation);
        return {};
      },
      removeItem: async (request, call) => {
        await app.removeItem(await ownBasket(request.id, call), itemOf(request), call.causation);
        return {};
      },
    },
    basketsAccess,
  );
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
