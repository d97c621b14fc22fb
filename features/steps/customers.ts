import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import { customerView } from '../world/views.ts';
import type { MallWorld } from '../world/world.ts';

const usualNumber = '555-555-1212';

async function register(world: MallWorld, name: string, smsNumber = usualNumber): Promise<void> {
  const body = { name: world.names.of(name), smsNumber };
  const id = await world.make('register a customer', '/api/customers', body);
  if (id === undefined) return;
  world.memory.customerId = id;
  world.memory.customers.set(name, id);
}

const me = async (world: MallWorld) =>
  (await world.read(`/api/customers/${world.memory.customerId}`, customerView)).customer;

Given('I am a registered customer', async function (this: MallWorld) {
  await register(this, 'RegisteredCustomer');
  assert.equal(this.memory.last.answer.status, 200, this.memory.last.answer.message);
});

Given('another customer of the mall called {string}', async function (this: MallWorld, name: string) {
  const body = { name: this.names.of(name), smsNumber: usualNumber };
  this.memory.customers.set(name, await this.mustMake('/api/customers', body));
});

When('I register (a new customer )as {string}', async function (this: MallWorld, name: string) {
  await register(this, name);
});

When(
  'I register (a new customer )as {string} with the number {string}',
  async function (this: MallWorld, name: string, smsNumber: string) {
    await register(this, name, smsNumber);
  },
);

Then('the customer was created', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['register a customer', 200, '']);
});

Then('a customer named {string} exists', async function (this: MallWorld, name: string) {
  assert.equal((await customersNamed(this, name)).length, 1, `customers named "${this.names.of(name)}"`);
});

Then('no customer named {string} exists', async function (this: MallWorld, name: string) {
  assert.equal((await customersNamed(this, name)).length, 0, `customers named "${this.names.of(name)}"`);
});

function customersNamed(world: MallWorld, name: string) {
  return world.inside.rows('SELECT id FROM customers.customers WHERE name = $1', [world.names.of(name)]);
}

When('the mall disables me', async function (this: MallWorld) {
  await this.ask('disable a customer', 'PUT', `/api/customers/${this.memory.customerId}/disable`);
});

When('the mall enables me', async function (this: MallWorld) {
  await this.ask('enable a customer', 'PUT', `/api/customers/${this.memory.customerId}/enable`);
});

Given('the mall has disabled me', async function (this: MallWorld) {
  await this.must('PUT', `/api/customers/${this.memory.customerId}/disable`);
});

Given('the mall has enabled me again', async function (this: MallWorld) {
  await this.must('PUT', `/api/customers/${this.memory.customerId}/enable`);
});

When('I change my SMS number to {string}', async function (this: MallWorld, smsNumber: string) {
  const path = `/api/customers/${this.memory.customerId}/change-sms`;
  await this.ask('change an SMS number', 'PUT', path, { body: { smsNumber } });
});

Then('my SMS number is {string}', async function (this: MallWorld, smsNumber: string) {
  assert.equal((await me(this)).smsNumber, smsNumber);
});

Then('my name is {string}', async function (this: MallWorld, name: string) {
  assert.equal((await me(this)).name, this.names.of(name));
});

Then('I am enabled', async function (this: MallWorld) {
  assert.equal((await me(this)).enabled, true);
});

Then('I am disabled', async function (this: MallWorld) {
  assert.equal((await me(this)).enabled, false);
});

When('I look for the customer {string}', async function (this: MallWorld, id: string) {
  await this.ask('get a customer', 'GET', `/api/customers/${encodeURIComponent(id)}`);
});
