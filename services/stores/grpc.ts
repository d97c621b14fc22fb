import type { Product, Store } from '../../proto/gen/stores/api.ts';
import { StoresServiceService } from '../../proto/gen/stores/api.ts';
import { moneyToNumber, type ProductId, type StoreId } from '../kernel/domain/index.ts';
import { idField, moneyField, nameField, pageField, rpcService, textField } from '../kernel/rpc/index.ts';
import { storesAccess } from './access.ts';
import type { StoresApplication } from './application.ts';
import type { CatalogProduct } from './catalog.ts';
import type { MallStore } from './mall.ts';

/** The stores' gRPC service: requests in, use cases, responses out. */
export function storesService(app: StoresApplication) {
  return rpcService(
    StoresServiceService,
    {
      createStore: async (request, { causation }) => {
        const name = nameField('the store name', request.name);
        const location = nameField('the store location', request.location);
        return { id: await app.createStore({ name, location }, causation) };
      },
      enableParticipation: async (request, { causation }) => {
        await app.changeStore(storeId(request.id), { type: 'EnableParticipation' }, causation);
        return {};
      },
      disableParticipation: async (request, { causation }) => {
        await app.changeStore(storeId(request.id), { type: 'DisableParticipation' }, causation);
        return {};
      },
      rebrandStore: async (request, { causation }) => {
        const name = nameField('the store name', request.name);
        await app.changeStore(storeId(request.id), { type: 'RebrandStore', name }, causation);
        return {};
      },
      getStore: async (request) => ({ store: storeMessage(await app.mall.get(storeId(request.id))) }),
      getStores: async (request) => listStores(app, request, false),
      getParticipatingStores: async (request) => listStores(app, request, true),
      addProduct: async (request, { causation }) => {
        const details = {
          storeId: storeId(request.storeId),
          name: nameField('the product name', request.name),
          description: textField('the product description', request.description),
          sku: nameField('the product SKU', request.sku),
          price: moneyField('the product price', request.price),
        };
        return { id: await app.addProduct(details, causation) };
      },
      rebrandProduct: async (request, { causation }) => {
        const name = nameField('the product name', request.name);
        const description = textField('the product description', request.description);
        const command = { type: 'RebrandProduct', name, description } as const;
        await app.changeProduct(productId(request.id), command, causation);
        return {};
      },
      increaseProductPrice: async (request, { causation }) => {
        const price = moneyField('the product price', request.price);
        await app.changeProduct(productId(request.id), { type: 'IncreaseProductPrice', price }, causation);
        return {};
      },
      decreaseProductPrice: async (request, { causation }) => {
        const price = moneyField('the product price', request.price);
        await app.changeProduct(productId(request.id), { type: 'DecreaseProductPrice', price }, causation);
        return {};
      },
      removeProduct: async (request, { causation }) => {
        await app.changeProduct(productId(request.id), { type: 'RemoveProduct' }, causation);
        return {};
      },
      getProduct: async (request) => ({
        product: productMessage(await app.catalog.get(productId(request.id))),
      }),
      getCatalog: async (request) => {
        const page = pageField(request.pageSize, request.pageToken, 2);
        const { products, next } = await app.catalog.list(storeId(request.storeId), page);
        return { products: products.map(productMessage), nextPageToken: next };
      },
    },
    storesAccess,
  );
}

async function listStores(
  app: StoresApplication,
  request: { pageSize: number; pageToken: string },
  participatingOnly: boolean,
) {
  const page = pageField(request.pageSize, request.pageToken, 2);
  const { stores, next } = await app.mall.list(page, { participatingOnly });
  return { stores: stores.map(storeMessage), nextPageToken: next };
}

function storeId(text: string): StoreId {
  return idField<StoreId>('the store id', text);
}

function productId(text: string): ProductId {
  return idField<ProductId>('the product id', text);
}

function storeMessage(store: MallStore): Store {
  return store;
}

function productMessage({ price, ...product }: CatalogProduct): Product {
  return { ...product, price: moneyToNumber(price) };
}
