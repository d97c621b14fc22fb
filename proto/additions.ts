/*
 * What this mall added to the original wire, each with a number of its own. README.md shows the same
 * list with its reasons; a test holds both tables together against the descriptors.
 */

/** Fields added to the original's messages, and new messages, in the notation of `original-wire.ts`. */
export const addedFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  basketspb: {
    Basket: '3 customer_id string; 4 payment_id string; 5 status string',
  },
  customerspb: {
    Customer: '5 version int32',
  },
  depotpb: {
    CancelShoppingList: '2 order_id string',
    GetShoppingListRequest: '1 id string',
    GetShoppingListResponse: '1 shopping_list ShoppingList',
    ListAvailableShoppingListsRequest: '1 page_size int32; 2 page_token string',
    ListAvailableShoppingListsResponse: '1 shopping_lists []ShoppingList; 2 next_page_token string',
  },
  orderingpb: {
    Order: '6 invoice_id string; 7 shopping_id string; 8 total double; 9 version int32',
    'OrderCreated.Item': '5 store_name string; 6 product_name string',
    OrderRejected: '4 reason string',
    RejectOrder: '2 reason string',
  },
  paymentspb: {
    ConfirmPayment: '3 order_id string; 4 customer_id string',
    ReleasePayment: '1 id string; 2 order_id string; 3 customer_id string',
    Payment: '1 id string; 2 customer_id string; 3 amount double; 4 status string; 5 order_id string',
    Invoice: '1 id string; 2 order_id string; 3 payment_id string; 4 amount double; 5 status string',
    GetPaymentRequest: '1 id string',
    GetPaymentResponse: '1 payment Payment',
    GetInvoiceRequest: '1 id string',
    GetInvoiceResponse: '1 invoice Invoice',
  },
  searchpb: {
    Order: '7 created_at Timestamp',
  },
  storespb: {
    Store: '5 version int32',
    Product: '7 version int32',
    ProductPriceChanged: '3 price double',
    GetStoresRequest: '1 page_size int32; 2 page_token string',
    GetStoresResponse: '2 next_page_token string',
    GetParticipatingStoresRequest: '1 page_size int32; 2 page_token string',
    GetParticipatingStoresResponse: '2 next_page_token string',
    GetCatalogRequest: '2 page_size int32; 3 page_token string',
    GetCatalogResponse: '2 next_page_token string',
  },
};

/** RPCs added to services of the original. */
export const addedRpcs: Readonly<Record<string, readonly string[]>> = {
  'depotpb.DepotService': ['GetShoppingList', 'ListAvailableShoppingLists'],
  'paymentspb.PaymentsService': ['GetPayment', 'GetInvoice'],
};
