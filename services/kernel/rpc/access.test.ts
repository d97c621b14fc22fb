import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BasketServiceService } from '../../../proto/gen/baskets/api.ts';
import { id } from '../domain/index.ts';
import { type AccessTable, mustBeAllowed, mustOwn, mustOwnLoaded } from './access.ts';

const her = { id: 'her', role: 'customer' } as const;

test('a role that a method does not name is refused with those that it does', () => {
  mustBeAllowed(her, ['customer']);
  mustBeAllowed(her, 'anybody');
  mustBeAllowed({ id: 'x', role: 'service' }, ['customer']);
  assert.throws(() => mustBeAllowed(her, ['depot']), {
    category: 'FORBIDDEN',
    message: 'this needs a token of the role depot or service; yours has the role customer',
  });
  assert.throws(() => mustBeAllowed(her, ['service']), /of the role service; yours/);
});

test('what is theirs is for customers, all of it for services and for everybody when authentication is off', () => {
  mustOwn(her, id('her'));
  mustOwn({ id: 'x', role: 'service' }, id('her'));
  mustOwn(undefined, id('her'));
  const refusal = { category: 'FORBIDDEN', message: 'this belongs to another customer' };
  for (const owner of ['him', '']) assert.throws(() => mustOwn(her, id(owner)), refusal);
  assert.throws(() => mustOwn({ id: 'x', role: 'depot' }, id('her')), refusal);
});

test('an owner is looked up only for callers it matters for', async () => {
  const asked: string[] = [];
  const ownerOf = async () => {
    asked.push('asked');
    return id<never>('him');
  };
  await mustOwnLoaded(undefined, ownerOf);
  await mustOwnLoaded({ id: 'x', role: 'service' }, ownerOf);
  assert.deepEqual(asked, []);
  await assert.rejects(mustOwnLoaded(her, ownerOf), /belongs to another customer/);
});

test('the compiler demands a row for every method', () => {
  // @ts-expect-error the other five are missing
  const table: AccessTable<typeof BasketServiceService> = { getBasket: ['customer'] };
  assert.ok(Object.keys(BasketServiceService).length > Object.keys(table).length);
});
