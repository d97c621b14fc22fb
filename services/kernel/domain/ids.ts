/** Brands a plain string so that one kind of id cannot stand where another is meant. */
export type Id<Kind extends string> = string & { readonly __id: Kind };

export type BasketId = Id<'basket'>;
export type CustomerId = Id<'customer'>;
export type InvoiceId = Id<'invoice'>;
export type OrderId = Id<'order'>;
export type PaymentId = Id<'payment'>;
export type ProductId = Id<'product'>;
export type ShoppingListId = Id<'shopping list'>;
export type StoreId = Id<'store'>;
export type BotId = Id<'bot'>;

/** Names text as an id of the wanted kind. Ids are opaque: the doors check length and characters, nothing else. */
export function id<Kind extends Id<string>>(text: string): Kind {
  return text as Kind;
}
