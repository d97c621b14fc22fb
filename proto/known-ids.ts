/** Kinds of things that have ids, as spans and log lines name them. */
export type IdKind =
  | 'basket'
  | 'bot'
  | 'customer'
  | 'invoice'
  | 'order'
  | 'payment'
  | 'product'
  | 'shopping_list'
  | 'store';

/** What fields hold the id of, whatever message they are in. */
const fieldKinds: Readonly<Record<string, IdKind>> = {
  botId: 'bot',
  customerId: 'customer',
  invoiceId: 'invoice',
  orderId: 'order',
  paymentId: 'payment',
  productId: 'product',
  shoppingId: 'shopping_list',
  storeId: 'store',
};

/** What the field `id` is the id of, by the name of the message or method; the first that fits. */
const idKinds: readonly (readonly [name: RegExp, ...kinds: IdKind[]])[] = [
  // The order that a checkout makes has the basket's id.
  [/^\/?baskets(api|pb)\..*Check(out|edOut)/, 'basket', 'order'],
  [/^\/?baskets(api|pb)\./, 'basket'],
  [/^\/?customers(api|pb)\./, 'customer'],
  [/^\/?depot(api|pb)\./, 'shopping_list'],
  [/^\/?(orders|ordering)(api|pb)\./, 'order'],
  [/^\/?payments(api|pb)\..*Invoice/, 'invoice'],
  [/^\/?payments(api|pb)\./, 'payment'],
  [/^\/?search(api|pb)\./, 'order'],
  [/^\/?stores(api|pb)\..*Product/, 'product'],
  [/^\/?stores(api|pb)\./, 'store'],
];

const remembered = new Map<string, readonly IdKind[]>();

function kindsOfId(name: string): readonly IdKind[] {
  let kinds = remembered.get(name);
  if (kinds === undefined) {
    kinds =
      idKinds
        .find(([pattern]) => pattern.test(name))
        ?.slice(1)
        .filter(isKind) ?? [];
    remembered.set(name, kinds);
  }
  return kinds;
}

function isKind(part: RegExp | IdKind): part is IdKind {
  return typeof part === 'string';
}

/**
 * The ids that a message, a request or a response names itself, for traces and logs.
 * @param name a message's wire name such as `ordersapi.OrderCreated`, or a method's path
 */
export function knownIds(name: string, content: unknown): Partial<Record<IdKind, string>> {
  const ids: Partial<Record<IdKind, string>> = {};
  if (typeof content !== 'object' || content === null) return ids;
  for (const [field, value] of Object.entries(content)) {
    if (typeof value !== 'string' || value === '') continue;
    const kind = fieldKinds[field];
    if (kind !== undefined) ids[kind] = value;
    else if (field === 'id') for (const each of kindsOfId(name)) ids[each] ??= value;
  }
  return ids;
}

/** The ids that a message's metadata names: the saga of an order has the order's id. */
export function knownIdsOfSaga(metadata: Readonly<Record<string, string>>): Partial<Record<IdKind, string>> {
  const name = metadata.COMMAND_SAGA_NAME ?? metadata.REPLY_SAGA_NAME;
  const order = metadata.COMMAND_SAGA_ID ?? metadata.REPLY_SAGA_ID;
  return name === 'cosec.CreateOrder' && order !== undefined ? { order } : {};
}
