import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { DepotServiceService as rpc } from '../../proto/gen/depot/api.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { depotModule } from './module.ts';
import { DepotDriver, wanted } from './testing/depot-driver.ts';

const unknown = 'shopping list with that ID does not exist';

let mall: TestProcess;
let depot: DepotDriver;
before(async () => {
  mall = await startTestProcess([depotModule, storesModule]);
  depot = new DepotDriver(mall);
});
after(() => mall.stop());

describe('row D12: canceling', () => {
  test('by command works from every state but completed, and twice', async () => {
    for (const id of [await depot.created(), await depot.available(), await depot.assigned()]) {
      assert.equal((await depot.cancel(id)).told, 'SUCCESS');
      assert.equal(await depot.status(id), 'canceled');
      assert.equal((await depot.cancel(id)).told, 'SUCCESS');
    }
    const done = await depot.completed();
    assert.equal(
      (await depot.cancel(done)).told,
      'FAILURE BAD_REQUEST: the shopping list cannot be canceled',
    );
    assert.equal((await depot.cancel('nothing')).told, `FAILURE NOT_FOUND: ${unknown}`);
    assert.equal((await depot.cancel('')).told, `FAILURE NOT_FOUND: ${unknown}`);
  });
  test('at the door works while the list is pending, and twice', async () => {
    const id = await depot.created();
    assert.equal((await mall.rest('POST', `/api/depot/shopping/${id}`, {})).told, '200');
    assert.equal(await depot.status(id), 'canceled');
    assert.equal((await mall.rest('DELETE', `/api/depot/shopping/${id}`)).told, '200');
  });
  test('at the door is refused once the order counts on the list', async () => {
    for (const id of [await depot.available(), await depot.assigned()]) {
      const answer = await mall.rest('POST', `/api/depot/shopping/${id}`, {});
      assert.equal(answer.told, '400 the shopping list belongs to a live order');
      const refusal = 'FAILED_PRECONDITION: the shopping list belongs to a live order';
      assert.equal(await refusalOf(mall.call(rpc.cancelShoppingList, { id })), refusal);
    }
    const done = await depot.completed();
    const answer = await mall.rest('DELETE', `/api/depot/shopping/${done}`);
    assert.equal(answer.told, '400 the shopping list cannot be canceled');
  });
  test('by order finds the list whose id the saga never learnt', async () => {
    const orderId = randomUUID();
    const id = await depot.created(orderId);
    assert.equal((await depot.cancel('', orderId)).told, 'SUCCESS');
    assert.deepEqual(await depot.listsOf(orderId), [{ id, status: 'canceled' }]);
  });
  test('before the list is made keeps it from being made late', async () => {
    const [on, orderId] = [await depot.shelf(), randomUUID()];
    assert.equal((await depot.cancel('', orderId)).told, 'SUCCESS');
    assert.equal((await depot.cancel('', orderId)).told, 'SUCCESS');
    const late = await depot.create(orderId, wanted(on));
    assert.equal(late.told, 'FAILURE FAILED_PRECONDITION: the shopping list of the order has been canceled');
    assert.deepEqual(
      (await depot.listsOf(orderId)).map((row) => row.status),
      ['canceled'],
    );
  });
  test('and making the list at the same time leaves no list for the order', async () => {
    const on = await depot.shelf();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const orderId = randomUUID();
        await Promise.all([depot.create(orderId, wanted(on)), depot.cancel('', orderId)]);
        assert.deepEqual(
          (await depot.listsOf(orderId)).map((row) => row.status),
          ['canceled'],
        );
      }),
    );
  });
});
