/** Where each message of the original goes and what it carries; replies go where the command says. */
export const published: Readonly<Record<string, { channel?: string; type?: string }>> = {
  'basketsapi.BasketStarted': { channel: 'baskets.events.Basket', type: 'basketspb.BasketStarted' },
  'basketsapi.BasketCanceled': { channel: 'baskets.events.Basket', type: 'basketspb.BasketCanceled' },
  'basketsapi.BasketCheckedOut': { channel: 'baskets.events.Basket', type: 'basketspb.BasketCheckedOut' },
  'customersapi.CustomerRegistered': {
    channel: 'customers.events.Customer',
    type: 'customerspb.CustomerRegistered',
  },
  'customersapi.CustomerSmsChanged': {
    channel: 'customers.events.Customer',
    type: 'customerspb.CustomerSmsChanged',
  },
  'customersapi.CustomerEnabled': {
    channel: 'customers.events.Customer',
    type: 'customerspb.CustomerEnabled',
  },
  'customersapi.CustomerDisabled': {
    channel: 'customers.events.Customer',
    type: 'customerspb.CustomerDisabled',
  },
  'depotapi.ShoppingListCompleted': {
    channel: 'depot.events.ShoppingList',
    type: 'depotpb.ShoppingListCompleted',
  },
  'ordersapi.OrderCreated': { channel: 'ordering.events.Order', type: 'orderingpb.OrderCreated' },
  'ordersapi.OrderRejected': { channel: 'ordering.events.Order', type: 'orderingpb.OrderRejected' },
  'ordersapi.OrderApproved': { channel: 'ordering.events.Order', type: 'orderingpb.OrderApproved' },
  'ordersapi.OrderReadied': { channel: 'ordering.events.Order', type: 'orderingpb.OrderReadied' },
  'ordersapi.OrderCanceled': { channel: 'ordering.events.Order', type: 'orderingpb.OrderCanceled' },
  'ordersapi.OrderCompleted': { channel: 'ordering.events.Order', type: 'orderingpb.OrderCompleted' },
  'paymentsapi.InvoicePaid': { channel: 'payments.events.Invoice', type: 'paymentspb.InvoicePaid' },
  'storesapi.StoreCreated': { channel: 'stores.events.Store', type: 'storespb.StoreCreated' },
  'storesapi.StoreParticipatingToggled': {
    channel: 'stores.events.Store',
    type: 'storespb.StoreParticipationToggled',
  },
  'storesapi.StoreRebranded': { channel: 'stores.events.Store', type: 'storespb.StoreRebranded' },
  'storesapi.ProductAdded': { channel: 'stores.events.Product', type: 'storespb.ProductAdded' },
  'storesapi.ProductRebranded': { channel: 'stores.events.Product', type: 'storespb.ProductRebranded' },
  'storesapi.ProductPriceIncreased': {
    channel: 'stores.events.Product',
    type: 'storespb.ProductPriceChanged',
  },
  'storesapi.ProductPriceDecreased': {
    channel: 'stores.events.Product',
    type: 'storespb.ProductPriceChanged',
  },
  'storesapi.ProductRemoved': { channel: 'stores.events.Product', type: 'storespb.ProductRemoved' },
  'customersapi.AuthorizeCustomer': {
    channel: 'customers.commands',
    type: 'customerspb.AuthorizeCustomer',
  },
  'depotapi.CreateShoppingListCommand': { channel: 'depot.commands', type: 'depotpb.CreateShoppingList' },
  'depotapi.CancelShoppingListCommand': { channel: 'depot.commands', type: 'depotpb.CancelShoppingList' },
  'depotapi.InitiateShoppingCommand': { channel: 'depot.commands', type: 'depotpb.InitiateShopping' },
  'ordersapi.RejectOrder': { channel: 'ordering.commands', type: 'orderingpb.RejectOrder' },
  'ordersapi.ApproveOrder': { channel: 'ordering.commands', type: 'orderingpb.ApproveOrder' },
  'paymentsapi.ConfirmPayment': { channel: 'payments.commands', type: 'paymentspb.ConfirmPayment' },
  'depotapi.CreatedShoppingListReply': { type: 'depotpb.CreatedShoppingList' },
  'am.Success': {},
  'am.Failure': {},
};
