import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { CustomersServiceService as rpc } from '../../proto/gen/customers/api.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { customersModule } from './module.ts';

const { customers } = messages;
const person = { name: 'John Smith', smsNumber: '555-555-1212' };
const unknown = 'customer with that ID does not exist';

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([customersModule]);
});
after(() => mall.stop());

const register = (details = person) => mall.created('/api/customers', details);
const change = (id: string, what: string, body = {}) =>
  mall.rest('PUT', `/api/customers/${id}/${what}`, body);
const read = async (id: string) => (await mall.call(rpc.getCustomer, { id })).customer;
const versions = (id: string) => mall.rows('SELECT version FROM customers.customers WHERE id = $1', [id]);

describe('registering', () => {
  test('keeps the customer, enabled, and tells the others', async () => {
    const id = await register();
    const { body } = await mall.rest('GET', `/api/customers/${id}`);
    assert.deepEqual(body, { customer: { id, ...person, enabled: true, version: 1 } });
    const { content, metadata } = await mall.nextMessage(customers.customerRegistered, (it) => it.id === id);
    assert.deepEqual(content, { id, ...person });
    assert.equal(metadata[metadataKeys.aggregateName], 'customers.CustomerAggregate');
    assert.equal(metadata[metadataKeys.aggregateId], id);
    assert.equal(metadata[metadataKeys.aggregateVersion], '1');
  });
  for (const [why, details, told] of [
    ['a blank name', { ...person, name: ' ' }, '400 the customer name cannot be blank'],
    ['a blank number', { ...person, smsNumber: '' }, '400 the SMS number cannot be blank'],
    [
      'row C7: no number',
      { ...person, smsNumber: 'call me' },
      '400 the SMS number must be 3 to 20 digits, with spaces, dashes, dots, parentheses or a leading +',
    ],
    [
      'row X13: an endless name',
      { ...person, name: 'x'.repeat(257) },
      '400 the customer name is longer than 256 characters',
    ],
    [
      'row X13: a control character',
      { ...person, name: 'a\u0000b' },
      '400 the customer name holds control characters',
    ],
  ] as const) {
    test(`refuses ${why}, and counts and keeps nothing`, async () => {
      const before = await mall.rows('SELECT count(*) FROM customers.customers');
      const counted = await counter();
      assert.equal((await mall.rest('POST', '/api/customers', details)).told, told);
      assert.deepEqual(await mall.rows('SELECT count(*) FROM customers.customers'), before);
      assert.equal(await counter(), counted);
    });
  }
  test('row X20: is counted once it is committed', async () => {
    const counted = await counter();
    await register();
    assert.equal(await counter(), counted + 1);
  });
});

async function counter(): Promise<number> {
  const { body } = await mall.rest('GET', '/metrics');
  const [, count] = /^customers_registered_count (\d+)$/m.exec(String(body)) ?? [];
  return Number(count);
}

describe('row C3: an unknown customer', () => {
  const id = 'nobody';
  test('is not found at any door', async () => {
    assert.equal((await mall.rest('GET', `/api/customers/${id}`)).told, `404 ${unknown}`);
    assert.equal((await change(id, 'enable')).told, `404 ${unknown}`);
    assert.equal((await change(id, 'disable')).told, `404 ${unknown}`);
    assert.equal((await change(id, 'change-sms', { smsNumber: '112' })).told, `404 ${unknown}`);
    assert.equal(await refusalOf(mall.call(rpc.authorizeCustomer, { id })), `NOT_FOUND: ${unknown}`);
  });
  test('is refused to the saga, with code and text', async () => {
    const reply = await mall.command(customers.authorizeCustomer, { id });
    assert.equal(reply.told, `FAILURE NOT_FOUND: ${unknown}`);
    assert.equal(reply.name, 'am.Failure');
  });
});

describe('whether a customer may order', () => {
  test('disabled and enabled again, each told once', async () => {
    const id = await register();
    assert.equal((await change(id, 'enable')).told, '400 the customer is already enabled');
    assert.equal((await change(id, 'disable')).told, '200');
    assert.equal((await change(id, 'disable')).told, '400 the customer is already disabled');
    assert.equal((await read(id))?.enabled, false);
    assert.equal((await change(id, 'enable')).told, '200');
    assert.deepEqual(await read(id), { id, ...person, enabled: true, version: 3 });
    await mall.nextMessage(customers.customerEnabled, (it) => it.id === id);
    assert.equal(mall.published(customers.customerDisabled, (it) => it.id === id).length, 1);
  });
  test('row C5: a disabled one is forbidden', async () => {
    const id = await register();
    assert.equal(await refusalOf(mall.call(rpc.authorizeCustomer, { id })), 'OK');
    await change(id, 'disable');
    const refusal = 'FORBIDDEN: customer is not authorized';
    assert.equal(await refusalOf(mall.call(rpc.authorizeCustomer, { id })), refusal);
    assert.equal((await mall.command(customers.authorizeCustomer, { id })).told, `FAILURE ${refusal}`);
  });
  test('is told to the saga, and asking changes nothing', async () => {
    const id = await register();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => mall.command(customers.authorizeCustomer, { id })),
    );
    assert.deepEqual(
      new Set(replies.map(({ name, told }) => `${name} ${told}`)),
      new Set(['am.Success SUCCESS']),
    );
    assert.deepEqual(await versions(id), [{ version: 1 }]);
  });
});

describe('row C1: changing the SMS number', () => {
  test('row C2: is kept and told; the same number again is no news', async () => {
    const id = await register();
    assert.equal((await change(id, 'change-sms', { smsNumber: '555-555-3434' })).told, '200');
    assert.equal((await change(id, 'change-sms', { smsNumber: '555-555-3434' })).told, '200');
    assert.deepEqual(await read(id), {
      id,
      name: person.name,
      smsNumber: '555-555-3434',
      enabled: true,
      version: 2,
    });
    const { content } = await mall.nextMessage(customers.customerSmsChanged, (it) => it.id === id);
    assert.deepEqual(content, { id, smsNumber: '555-555-3434' });
  });
  test('to blank is refused', async () => {
    const id = await register();
    const answer = await change(id, 'change-sms', { smsNumber: ' ' });
    assert.equal(answer.told, '400 the SMS number cannot be blank');
  });
});

test('row C4: changes at the same time are made one after the other, none is lost', async () => {
  const id = await register();
  const disabling = Array.from({ length: 6 }, () => change(id, 'disable'));
  const answers = await Promise.all([change(id, 'change-sms', { smsNumber: '112' }), ...disabling]);
  const told = answers.map((answer) => answer.told).sort();
  assert.deepEqual(told, ['200', '200', ...Array(5).fill('400 the customer is already disabled')]);
  assert.deepEqual(await read(id), { id, name: person.name, smsNumber: '112', enabled: false, version: 3 });
});

test('row P-60: the message of an event has its id, and a repeated command is answered once', async () => {
  const id = await register();
  const { id: messageId } = await mall.nextMessage(customers.customerRegistered, (it) => it.id === id);
  const [row] = await mall.rows('SELECT id FROM customers.outbox WHERE ordering_key = $1', [id]);
  assert.deepEqual(row, { id: messageId });
  const metadata = {
    [metadataKeys.commandReplyChannel]: `${mall.ground.stream}.cosec.replies.Test`,
    [metadataKeys.commandSagaId]: id,
  };
  const command = await mall.publish(customers.authorizeCustomer, { id }, { metadata });
  await mall.publish(customers.authorizeCustomer, { id }, { id: command, metadata });
  const { name } = await mall.command(customers.authorizeCustomer, { id }, { sagaId: id });
  assert.equal(name, 'am.Success');
  const replies = mall.published(
    messages.am.success,
    (_, reply) => reply.metadata[metadataKeys.replySagaId] === id,
  );
  assert.equal(replies.length, 2);
});
