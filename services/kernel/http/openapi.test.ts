import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type RestDocument, restDocuments } from '../../../proto/rest-documents.ts';
import { restRoutes } from '../../../proto/rest-routes.ts';
import { restContexts as contexts, openApiDocument, type RestContext } from './openapi.ts';
import { summaryAndRest } from './openapi-comments.ts';
import type { ObjectSchema, OpenApiDocument, Operation, Schema } from './openapi-model.ts';

/** Those of the original, `completeShoppingList` without its misspelling, then the additions. */
const operationIds: Readonly<Record<RestContext, string>> = {
  baskets: 'startBasket getBasket cancelBasket checkoutBasket addItem removeItem',
  customers: 'registerCustomer changeSmsNumber enableCustomer DisableCustomer getCustomer',
  depot:
    'createShoppingList cancelShoppingList assignShoppingList completeShoppingList ' +
    'deleteShoppingList getShoppingList listAvailableShoppingLists',
  ordering: 'createOrder getOrder cancelOrder',
  payments: 'authorizePayment payInvoice getPayment getInvoice',
  search: 'searchOrders getOrder',
  stores:
    'createStore rebrandStore getStore getStores enableParticipation disableParticipation ' +
    'getParticipatingStores addProduct rebrandProduct increaseProductPrice decreaseProductPrice ' +
    'removeProduct getProduct getStoreProducts',
};

interface Placed {
  readonly verb: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf(document: OpenApiDocument): Placed[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ verb, path, operation })),
  );
}

function camelCased(path: string): string {
  return path.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function referencesIn(node: unknown): string[] {
  if (!isRecord(node)) return [];
  const own = typeof node.$ref === 'string' ? [node.$ref] : [];
  return [...own, ...Object.values(node).flatMap(referencesIn)];
}

function resolve(document: OpenApiDocument, reference: string): unknown {
  const [root, ...keys] = reference.split('/');
  assert.equal(root, '#');
  return keys.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), document);
}

/** The schema and all inside it. */
function schemasWithin(schema: Schema): Schema[] {
  if ('items' in schema) return [schema, ...schemasWithin(schema.items)];
  if (!('type' in schema) || schema.type !== 'object' || !isObjectSchema(schema)) return [schema];
  const { properties = {}, additionalProperties } = schema;
  const parts = [...Object.values(properties), ...(additionalProperties ? [additionalProperties] : [])];
  return [schema, ...parts.flatMap(schemasWithin)];
}

function isObjectSchema(schema: Schema): schema is ObjectSchema {
  return 'type' in schema && schema.type === 'object';
}

function bodySchema({ operation }: Placed): Schema | undefined {
  return operation.requestBody?.content['application/json'].schema;
}

function objectAt(context: RestContext, name: string): ObjectSchema {
  const schema = openApiDocument(context).components.schemas[name];
  assert.ok(schema && isObjectSchema(schema), name);
  return schema;
}

function property(context: RestContext, message: string, name: string): Schema {
  return objectAt(context, message).properties?.[name] ?? assert.fail(`${message}.${name}`);
}

function operation(context: RestContext, id: string): Placed {
  const found = operationsOf(openApiDocument(context)).find(({ operation }) => operation.operationId === id);
  return found ?? assert.fail(id);
}

test('every route has exactly one operation, in the document of its service', () => {
  const documented = contexts.flatMap((context) =>
    operationsOf(openApiDocument(context)).map(({ verb, path }) => {
      const { service }: RestDocument = restDocuments[context];
      return `${service} ${verb.toUpperCase()} ${path}`;
    }),
  );
  const routes = restRoutes().map(
    ({ service, verb, path }) => `${service.typeName} ${verb} ${camelCased(path)}`,
  );
  assert.deepEqual(documented.sort(), routes.sort());
});

for (const context of contexts) {
  describe(`the document of ${context}`, () => {
    const document = openApiDocument(context);
    const operations = operationsOf(document);
    const schemas = Object.entries(document.components.schemas);
    const ours = schemas.filter(([name]) => name !== 'errors.ErrorType').map(([, schema]) => schema);
    const bodies = operations.flatMap((placed) => bodySchema(placed) ?? []);

    test('is OpenAPI 3.1', async () => {
      const { valid, errors } = await new Validator().validate({ ...document });
      assert.equal(valid, true, JSON.stringify(errors));
    });

    test('has the title, the version and the operation ids of the original', () => {
      assert.equal(document.openapi, '3.1.0');
      assert.equal(document.info.title, restDocuments[context].title);
      assert.equal(document.info.version, '1.0.0');
      const ids = operations.map(({ operation }) => operation.operationId);
      assert.deepEqual(ids.sort(), operationIds[context].split(' ').sort());
    });

    test('resolves every reference, and refers to every schema', () => {
      const references = new Set(referencesIn(document));
      for (const reference of references) assert.ok(resolve(document, reference), reference);
      for (const [name] of schemas) assert.ok(references.has(`#/components/schemas/${name}`), name);
    });

    test('names its schemas in an allowed way and in order', () => {
      const names = schemas.map(([name]) => name);
      for (const name of names) assert.match(name, /^[a-zA-Z0-9._-]+$/);
      assert.deepEqual(names, names.toSorted());
    });

    test('has camelCase properties, and requires only those it has', () => {
      for (const schema of [...ours, ...bodies].flatMap(schemasWithin)) {
        const { properties = {}, required = [] } = isObjectSchema(schema) ? schema : {};
        for (const name of Object.keys(properties)) assert.match(name, /^[a-z][a-zA-Z0-9]*$/);
        for (const name of required) assert.ok(name in properties, name);
      }
    });

    test('has each parameter of a path once, required, and not in the body', () => {
      for (const placed of operations) {
        const inTemplate = [...placed.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const inPath = (placed.operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        assert.deepEqual(
          inPath.map(({ name }) => name),
          inTemplate,
          placed.path,
        );
        const body = bodySchema(placed);
        const fields = body && isObjectSchema(body) ? Object.keys(body.properties ?? {}) : [];
        for (const { name, required } of inPath) {
          assert.equal(required, true);
          assert.ok(!fields.includes(name), `${placed.path}: ${name}`);
        }
      }
    });

    test('declares each tag it uses, and an answer for success and for failure', () => {
      const tags = new Set(document.tags.map(({ name }) => name));
      assert.equal(tags.size, document.tags.length);
      for (const { operation } of operations) {
        assert.ok(operation.tags.length === 1 && operation.tags.every((tag) => tags.has(tag)));
        assert.deepEqual(Object.keys(operation.responses), ['200', 'default']);
        assert.notEqual(operation.summary, '');
      }
    });

    test('is plain data, made once', () => {
      assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
      assert.equal(openApiDocument(context), document);
    });
  });
}

test('every field of a request is in the path, in the query or in the body', () => {
  for (const { method, verb, path, hasBody } of restRoutes()) {
    if (hasBody) continue;
    const placed = contexts
      .flatMap((context) => operationsOf(openApiDocument(context)))
      .find((each) => each.verb === verb.toLowerCase() && each.path === camelCased(path));
    const parameters = placed?.operation.parameters?.filter((each) => each.in !== 'header') ?? [];
    const names = parameters.map(({ name }) => name);
    assert.deepEqual(names.sort(), method.input.fields.map(({ jsonName }) => jsonName).sort(), path);
  }
});

test('values have the types of the JSON mapping', () => {
  const int64 = property('search', 'searchpb.Order.Item', 'quantity');
  assert.deepEqual(int64, { type: 'string', format: 'int64', examples: ['1'] });
  assert.deepEqual(property('baskets', 'basketspb.Item', 'quantity'), { type: 'integer', format: 'int32' });
  assert.deepEqual(property('payments', 'paymentspb.Payment', 'amount'), {
    type: 'number',
    format: 'double',
  });
  assert.deepEqual(property('customers', 'customerspb.Customer', 'enabled'), { type: 'boolean' });
  assert.deepEqual(property('search', 'searchpb.Order', 'createdAt'), {
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When the order was created.',
  });
  assert.deepEqual(property('depot', 'depotpb.ShoppingList', 'stops'), {
    type: 'object',
    description: 'The stores to visit, by store id.',
    additionalProperties: { $ref: '#/components/schemas/depotpb.Stop' },
  });
  assert.deepEqual(property('stores', 'storespb.GetStoresResponse', 'stores'), {
    type: 'array',
    items: { $ref: '#/components/schemas/storespb.Store' },
  });
});

test('answers hold every field, requests may lack any', () => {
  const store = ['id', 'name', 'location', 'participating', 'version'];
  assert.deepEqual(objectAt('stores', 'storespb.Store').required, store);
  assert.equal(objectAt('stores', 'storespb.CreateStoreRequest').required, undefined);
  // Goes both ways.
  assert.equal(objectAt('ordering', 'orderingpb.Item').required, undefined);
});

test('a body is the request message, less what the path gives', () => {
  assert.deepEqual(bodySchema(operation('stores', 'createStore')), {
    $ref: '#/components/schemas/storespb.CreateStoreRequest',
  });
  assert.deepEqual(bodySchema(operation('stores', 'rebrandStore')), {
    type: 'object',
    properties: { name: { type: 'string' } },
  });
  const { requestBody } = operation('customers', 'enableCustomer').operation;
  assert.deepEqual(requestBody, {
    required: false,
    content: { 'application/json': { schema: { type: 'object' } } },
  });
  assert.equal(operation('depot', 'deleteShoppingList').operation.requestBody, undefined);
});

test('every operation that changes something takes an Idempotency-Key (row X14)', () => {
  for (const context of contexts) {
    for (const { verb, path, operation } of operationsOf(openApiDocument(context))) {
      const taken = operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false;
      assert.equal(taken, verb !== 'get' && context !== 'search', `${verb} ${path}`);
    }
  }
});

test('the rest of a request without body is the query', () => {
  const { path, operation: catalog } = operation('stores', 'getStoreProducts');
  assert.equal(path, '/api/stores/{storeId}/products');
  assert.deepEqual(
    catalog.parameters?.map(({ name, in: place, required }) => [name, place, required]),
    [
      ['storeId', 'path', true],
      ['pageSize', 'query', false],
      ['pageToken', 'query', false],
    ],
  );
});

test('failures have the error body of the gateway', () => {
  const { schemas, responses } = openApiDocument('baskets').components;
  assert.deepEqual(objectAt('baskets', 'google.rpc.Status').required, ['code', 'message', 'details']);
  const detail = schemas['errors.ErrorType'];
  assert.ok(detail && isObjectSchema(detail));
  assert.deepEqual(detail.required, ['@type', 'TypeCode', 'HTTPCode', 'GRPCCode']);
  const examples = responses.Failure?.content['application/json'].examples ?? {};
  assert.deepEqual(
    Object.values(examples).map(({ summary }) => summary),
    ['400 BAD_REQUEST', '404 NOT_FOUND', '409 ABORTED', '503 UNAVAILABLE'],
  );
  assert.deepEqual(examples.NotFound?.value, {
    code: 5,
    message: 'there is nothing by this id',
    details: [
      {
        '@type': 'type.googleapis.com/errors.ErrorType',
        TypeCode: 'NOT_FOUND',
        HTTPCode: '404',
        GRPCCode: '5',
      },
    ],
  });
});

test('a token may be asked for, and the document says how it is shown', () => {
  const { security, components } = openApiDocument('baskets');
  assert.deepEqual(security, [{}, { bearer: [] }]);
  const { type, scheme } = components.securitySchemes.bearer ?? assert.fail('the scheme is declared');
  assert.deepEqual([type, scheme], ['http', 'bearer']);
});

test('the comments of the protos describe documents, operations and fields', () => {
  assert.equal(openApiDocument('stores').info.description, "The mall's stores and what they sell.");
  assert.equal(operation('stores', 'getProduct').operation.summary, 'Reads a product');
  const filters = objectAt('search', 'searchpb.SearchOrdersRequest.Filters');
  assert.match(filters.description ?? '', /^Every filter given must be met/);
  // Ones after a map, whose entry message the library leaves out of its lists.
  assert.equal(
    property('depot', 'depotpb.ShoppingList', 'assignedBotId').description,
    'Blank until assigned.',
  );
});

test('the first sentence of a comment is the summary', () => {
  assert.deepEqual(summaryAndRest('Reads a store.'), { summary: 'Reads a store' });
  assert.deepEqual(summaryAndRest('Reads e.g. a store. Pages follow.'), {
    summary: 'Reads e.g. a store',
    rest: 'Pages follow.',
  });
});
