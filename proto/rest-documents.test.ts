import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originalServices } from './original-wire.ts';
import { type RestDocument, restDocuments } from './rest-documents.ts';
import { restRoutes } from './rest-routes.ts';

const documents: readonly RestDocument[] = Object.values(restDocuments);

test('each route has exactly one operation, and each operation a route', () => {
  const operations = documents.flatMap(({ service, operations }) =>
    Object.entries(operations).flatMap(([rpc, { additionalOperationIds = [] }]) =>
      ['', ...additionalOperationIds].map((_id, binding) => `${service}/${rpc}/${binding}`),
    ),
  );
  const routes = restRoutes().map(
    ({ service, method, binding }) => `${service.typeName}/${method.name}/${binding}`,
  );
  assert.deepEqual(operations.sort(), routes.sort());
});

test('operation ids are unique in their document', () => {
  for (const { title, operations } of documents) {
    const ids = Object.values(operations).flatMap(({ operationId, additionalOperationIds = [] }) => [
      operationId,
      ...additionalOperationIds,
    ]);
    assert.equal(new Set(ids).size, ids.length, title);
  }
});

test('titles and version are those of the original', () => {
  assert.deepEqual(
    documents
      .filter(({ service }) => service in originalServices)
      .map(({ title, version }) => `${title} ${version}`),
    [
      'Shopping Baskets 1.0.0',
      'Customers 1.0.0',
      'Depot Operations 1.0.0',
      'Order Processing 1.0.0',
      'Payments 1.0.0',
      'Search 1.0.0',
      'Store Management 1.0.0',
    ],
  );
});
