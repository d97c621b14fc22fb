import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BasketServiceService } from '../proto/gen/baskets/api.ts';
import { CustomersServiceService } from '../proto/gen/customers/api.ts';
import { DepotServiceService } from '../proto/gen/depot/api.ts';
import { NotificationsServiceService } from '../proto/gen/notifications/api.ts';
import { OrderingServiceService } from '../proto/gen/ordering/api.ts';
import { PaymentsServiceService } from '../proto/gen/payments/api.ts';
import { SearchServiceService } from '../proto/gen/search/api.ts';
import { StoresServiceService } from '../proto/gen/stores/api.ts';
import { restRoutes } from '../proto/rest-routes.ts';
import { basketsAccess } from './baskets/access.ts';
import { customersAccess } from './customers/access.ts';
import { depotAccess } from './depot/access.ts';
import { type RemoteMethod, roles } from './kernel/rpc/index.ts';
import { Person, refusalOf, startTestProcess, type TestProcess, testSecret } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';
import { notificationsAccess } from './notifications/access.ts';
import { orderingAccess } from './ordering/access.ts';
import { paymentsAccess } from './payments/access.ts';
import { searchAccess } from './search/access.ts';
import { storesAccess } from './stores/access.ts';

/* Row X1: with authentication on, who may call what, over both doors, in a mall with all its contexts. */
const services = [
  { definition: BasketServiceService, access: basketsAccess },
  { definition: CustomersServiceService, access: customersAccess },
  { definition: DepotServiceService, access: depotAccess },
  { definition: NotificationsServiceService, access: notificationsAccess },
  { definition: OrderingServiceService, access: orderingAccess },
  { definition: PaymentsServiceService, access: paymentsAccess },
  { definition: SearchServiceService, access: searchAccess },
  { definition: StoresServiceService, access: storesAccess },
];
/** Every RPC with its row: the path of its method and who may call it. */
const rows = services.flatMap(({ definition, access }) => {
  const permissions = new Map(Object.entries(access));
  return Object.entries(definition).map(([name, { path }]) => ({ path, permission: permissions.get(name) }));
});

let mall: TestProcess;

before(async () => {
  mall = await startTestProcess(mallModules(), { authSecret: testSecret });
});
after(() => mall?.stop());

/** An empty request to any method, whose answer nobody reads. */
function empty(path: string): RemoteMethod<undefined, Buffer> {
  return {
    path,
    requestSerialize: () => Buffer.alloc(0),
    responseDeserialize: (bytes) => bytes,
  };
}

/** Whether authentication or roles stand in the way; what else becomes of an empty request is no matter here. */
function verdict(refusal: string): 'no token' | 'wrong role' | 'let in' {
  if (refusal.includes('this needs a token; send one')) return 'no token';
  return refusal.includes('this needs a token of the role') ? 'wrong role' : 'let in';
}

describe('row X1: the tables', () => {
  test('have every RPC of the REST door and of the gRPC door, and no other', () => {
    for (const { definition, access } of services)
      assert.deepEqual(Object.keys(access).sort(), Object.keys(definition).sort());
    const paths = new Set(rows.map(({ path }) => path));
    for (const { service, method } of restRoutes())
      assert.ok(paths.has(`/${service.typeName}/${method.name}`));
  });

  const named = (wanted: (permission: unknown) => boolean) =>
    rows.filter(({ permission }) => wanted(permission)).map(({ path }) => path.split('/').at(-1));

  test('open the catalogue and the registration, and nothing else, to everybody', () => {
    assert.deepEqual(named((permission) => permission === 'anybody').sort(), [
      'GetCatalog',
      'GetParticipatingStores',
      'GetProduct',
      'GetStore',
      'GetStores',
      'RegisterCustomer',
    ]);
  });

  test("row O8: keep what is the mall's own to services, orders with prices of their own among it", () => {
    const internal = named((permission) => JSON.stringify(permission) === '["service"]').sort();
    assert.deepEqual(internal, [
      'AdjustInvoice',
      'AuthorizeCustomer',
      'CancelInvoice',
      'CompleteOrder',
      'ConfirmPayment',
      'CreateInvoice',
      'CreateOrder',
      'DisableCustomer',
      'EnableCustomer',
      'NotifyOrderCanceled',
      'NotifyOrderCreated',
      'NotifyOrderReady',
      'ReadyOrder',
    ]);
  });
});

for (const role of [undefined, ...roles]) {
  describe(role ? `a token of the role ${role}` : 'no token', () => {
    const expected = (permission: (typeof rows)[number]['permission']) => {
      if (permission === 'anybody' || role === 'service') return 'let in';
      if (!role) return 'no token';
      return permission?.includes(role) ? 'let in' : 'wrong role';
    };

    test('over gRPC, every RPC', async () => {
      const person = new Person(mall, { role });
      for (const { path, permission } of rows) {
        const refusal = await refusalOf(person.call(empty(path), undefined));
        assert.equal(verdict(refusal), expected(permission), `${path}: ${refusal}`);
        const category = { 'no token': 'UNAUTHORIZED', 'wrong role': 'FORBIDDEN', 'let in': '' };
        assert.ok(refusal.startsWith(category[verdict(refusal)]), refusal);
      }
    });

    test('over REST, every route', async () => {
      const person = new Person(mall, { role });
      for (const { verb, path, service, method } of restRoutes()) {
        const row = rows.find((each) => each.path === `/${service.typeName}/${method.name}`);
        const body = verb === 'POST' || verb === 'PUT' ? {} : undefined;
        const { told, status } = await person.rest(verb, path.replaceAll(/\{\w+\}/g, 'unknown'), body);
        assert.equal(verdict(told), expected(row?.permission), `${verb} ${path}: ${told}`);
        const statuses = { 'no token': 401, 'wrong role': 403, 'let in': status };
        assert.equal(status, statuses[verdict(told)]);
      }
    });
  });
}

test('a bad token is UNAUTHENTICATED, with a header that says why; on open routes nobody looks at it', async () => {
  const header = { authorization: 'Bearer garbage' };
  const response = await fetch(`${mall.restUrl}/api/baskets/b`, { headers: header });
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate') ?? '', /^the token is not valid/);
  assert.equal((await mall.rest('GET', '/api/stores', undefined, header)).told, '200');
});

test('health, documents and metrics are open', async () => {
  for (const path of ['/liveness', '/readiness', '/metrics', '/', '/baskets-spec/openapi.json'])
    assert.equal((await fetch(`${mall.restUrl}${path}`)).status, 200, path);
});
