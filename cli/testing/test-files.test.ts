import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testKind } from './test-files.ts';

test('the kind of a test stands in its file name', () => {
  assert.equal(testKind('services/baskets/basket.test.ts'), 'unit');
  assert.equal(testKind('stored-basket.test.ts'), 'unit');
  assert.equal(testKind('cli/malls/lock.int.test.ts'), 'integration');
  assert.equal(testKind('containers/images.docker.test.ts'), 'docker');
  assert.equal(testKind('basket.bench.test.ts'), undefined);
  assert.equal(testKind('pacts/consumers/baskets-sub.contract.test.ts'), 'contract');
  assert.equal(testKind('basket.ts'), undefined);
  assert.equal(testKind('test.ts'), undefined);
  assert.equal(testKind('test-servers.ts'), undefined);
});
