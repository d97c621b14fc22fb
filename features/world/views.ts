import { z } from 'zod';

/** What the mall's answers say of its things; fields that no step looks at are left out. */

export const created = z.object({ id: z.string().min(1) });

export const customerView = z.object({
  customer: z.object({ id: z.string(), name: z.string(), smsNumber: z.string(), enabled: z.boolean() }),
});

export const storeView = z.object({
  store: z.object({ id: z.string(), name: z.string(), location: z.string(), participating: z.boolean() }),
});

const product = z.object({
  id: z.string(),
  storeId: z.string(),
  name: z.string(),
  description: z.string(),
  sku: z.string(),
  price: z.number(),
});
export const productView = z.object({ product });

export const storesPage = z.object({
  stores: z.array(z.object({ id: z.string(), name: z.string() })),
  nextPageToken: z.string(),
});

export const catalogPage = z.object({ products: z.array(product), nextPageToken: z.string() });

export const basketView = z.object({
  basket: z.object({
    id: z.string(),
    customerId: z.string(),
    paymentId: z.string(),
    status: z.string(),
    items: z.array(
      z.object({
        productId: z.string(),
        storeName: z.string(),
        productName: z.string(),
        productPrice: z.number(),
        quantity: z.number(),
      }),
    ),
  }),
});

export const orderView = z.object({
  order: z.object({
    id: z.string(),
    customerId: z.string(),
    paymentId: z.string(),
    invoiceId: z.string(),
    shoppingId: z.string(),
    status: z.string(),
    total: z.number(),
    items: z.array(z.object({ productName: z.string(), price: z.number(), quantity: z.number() })),
  }),
});

const shoppingList = z.object({
  id: z.string(),
  orderId: z.string(),
  status: z.string(),
  assignedBotId: z.string(),
  stops: z.record(
    z.string(),
    z.object({
      storeName: z.string(),
      storeLocation: z.string(),
      items: z.record(z.string(), z.object({ name: z.string(), quantity: z.number() })),
    }),
  ),
});
export const shoppingListView = z.object({ shoppingList });
export const shoppingListsPage = z.object({
  shoppingLists: z.array(shoppingList),
  nextPageToken: z.string(),
});

export const paymentView = z.object({
  payment: z.object({
    id: z.string(),
    customerId: z.string(),
    amount: z.number(),
    status: z.string(),
    orderId: z.string(),
  }),
});

export const invoiceView = z.object({
  invoice: z.object({
    id: z.string(),
    orderId: z.string(),
    paymentId: z.string(),
    amount: z.number(),
    status: z.string(),
  }),
});

const foundOrder = z.object({
  orderId: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  total: z.number(),
  status: z.string(),
  createdAt: z.iso.datetime(),
  items: z.array(
    z.object({
      productName: z.string(),
      storeName: z.string(),
      price: z.number(),
      quantity: z.coerce.number(),
    }),
  ),
});
export const foundOrderView = z.object({ order: foundOrder });
export const foundOrdersPage = z.object({ orders: z.array(foundOrder), next: z.string() });
export type FoundOrder = z.output<typeof foundOrder>;

export const refusalView = z.object({
  code: z.number(),
  message: z.string(),
  details: z.array(z.object({ TypeCode: z.string(), HTTPCode: z.string(), GRPCCode: z.string() })),
});
