import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptors } from './descriptors.ts';
import { originalServices } from './original-wire.ts';
import { restRoutes, routesOf } from './rest-routes.ts';

/** RPC, verb, path, and `*` where the body is the request. */
const original = [
  'basketspb.BasketService/StartBasket POST /api/baskets *',
  'basketspb.BasketService/GetBasket GET /api/baskets/{id}',
  'basketspb.BasketService/CancelBasket DELETE /api/baskets/{id}',
  'basketspb.BasketService/CheckoutBasket PUT /api/baskets/{id}/checkout *',
  'basketspb.BasketService/AddItem PUT /api/baskets/{id}/addItem *',
  'basketspb.BasketService/RemoveItem PUT /api/baskets/{id}/removeItem *',
  'customerspb.CustomersService/RegisterCustomer POST /api/customers *',
  'customerspb.CustomersService/ChangeSmsNumber PUT /api/customers/{id}/change-sms *',
  'customerspb.CustomersService/EnableCustomer PUT /api/customers/{id}/enable *',
  'customerspb.CustomersService/DisableCustomer PUT /api/customers/{id}/disable *',
  'customerspb.CustomersService/GetCustomer GET /api/customers/{id}',
  'depotpb.DepotService/CreateShoppingList POST /api/depot/shopping *',
  'depotpb.DepotService/CancelShoppingList POST /api/depot/shopping/{id} *',
  'depotpb.DepotService/AssignShoppingList PUT /api/depot/shopping/{id}/assign *',
  'depotpb.DepotService/CompleteShoppingList PUT /api/depot/shopping/{id}/complete *',
  'orderingpb.OrderingService/CreateOrder POST /api/ordering *',
  'orderingpb.OrderingService/GetOrder GET /api/ordering/{id}',
  'orderingpb.OrderingService/CancelOrder DELETE /api/ordering/{id}',
  'paymentspb.PaymentsService/AuthorizePayment POST /api/payments *',
  'paymentspb.PaymentsService/PayInvoice PUT /api/payments/invoices/{id}/pay *',
  'searchpb.SearchService/SearchOrders POST /api/search/orders *',
  'searchpb.SearchService/GetOrder GET /api/search/orders/{id}',
  'storespb.StoresService/CreateStore POST /api/stores *',
  'storespb.StoresService/GetStores GET /api/stores',
  'storespb.StoresService/GetStore GET /api/stores/{id}',
  'storespb.StoresService/GetParticipatingStores GET /api/stores/participating',
  'storespb.StoresService/EnableParticipation PUT /api/stores/{id}/participating *',
  'storespb.StoresService/DisableParticipation DELETE /api/stores/{id}/participating',
  'storespb.StoresService/RebrandStore PUT /api/stores/{id}/rebrand *',
  'storespb.StoresService/AddProduct POST /api/stores/{store_id}/products *',
  'storespb.StoresService/GetCatalog GET /api/stores/{store_id}/products',
  'storespb.StoresService/GetProduct GET /api/stores/products/{id}',
  'storespb.StoresService/RebrandProduct PUT /api/stores/products/{id}/rebrand *',
  'storespb.StoresService/IncreaseProductPrice PUT /api/stores/products/{id}/increasePrice *',
  'storespb.StoresService/DecreaseProductPrice PUT /api/stores/products/{id}/decreasePrice *',
  'storespb.StoresService/RemoveProduct DELETE /api/stores/products/{id}',
];

const added = [
  'depotpb.DepotService/CancelShoppingList DELETE /api/depot/shopping/{id}',
  'depotpb.DepotService/GetShoppingList GET /api/depot/shopping/{id}',
  'depotpb.DepotService/ListAvailableShoppingLists GET /api/depot/shopping',
  'paymentspb.PaymentsService/GetPayment GET /api/payments/{id}',
  'paymentspb.PaymentsService/GetInvoice GET /api/payments/invoices/{id}',
];

test('rows D13, O15: the descriptors hold every route of the original and the additions, each once', () => {
  const known = restRoutes().filter(({ service }) => service.typeName in originalServices);
  const found = known.map(({ service, method, verb, path, hasBody }) =>
    [`${service.typeName}/${method.name}`, verb, path, ...(hasBody ? ['*'] : [])].join(' '),
  );
  assert.deepEqual(found.sort(), [...original, ...added].sort());
});

test('no two RPCs share a verb and path', () => {
  // Parameter names do not tell paths apart.
  const shapes = restRoutes().map(({ verb, path }) => `${verb} ${path.replace(/\{\w+\}/g, '{}')}`);
  assert.equal(new Set(shapes).size, shapes.length);
});

test('each path parameter is a string field of the request', () => {
  for (const { path, method } of restRoutes()) {
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
      const field = method.input.fields.find((candidate) => candidate.name === name);
      assert.equal(field?.fieldKind, 'scalar', `${path}: ${name}`);
    }
  }
});

test('an RPC without a route has none, an additional binding follows its own route', () => {
  const service = (name: string) => {
    const found = descriptors().getService(name);
    assert.ok(found);
    return found;
  };
  assert.deepEqual(
    routesOf(service('customerspb.CustomersService').method.authorizeCustomer ?? assert.fail()),
    [],
  );
  const cancel = routesOf(service('depotpb.DepotService').method.cancelShoppingList ?? assert.fail());
  assert.deepEqual(
    cancel.map(({ verb, binding }) => [verb, binding]),
    [
      ['POST', 0],
      ['DELETE', 1],
    ],
  );
});
