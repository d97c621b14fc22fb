import { Given, When } from '@cucumber/cucumber';
import { SignJWT } from 'jose';
import { guardSecret } from '../world/lab.ts';
import type { MallWorld } from '../world/world.ts';

interface TokenWish {
  readonly role: string;
  readonly sub: string;
  readonly secret?: string;
  readonly expires?: string;
}

/** A token as anybody makes them who knows the secret. */
async function show(
  world: MallWorld,
  { role, sub, secret = guardSecret, expires = '5m' }: TokenWish,
): Promise<void> {
  const token = await new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
  world.headers = { authorization: `Bearer ${token}` };
}

Given('I call as {word} {string}', async function (this: MallWorld, role: string, sub: string) {
  await show(this, { role, sub });
});

Given('I call as myself', async function (this: MallWorld) {
  await show(this, { role: 'customer', sub: this.memory.customerId });
});

Given('I call as somebody without a token', function (this: MallWorld) {
  this.headers = {};
});

Given('my token is signed by somebody else', async function (this: MallWorld) {
  const secret = 'a secret that the mall has never heard of';
  await show(this, { role: 'service', sub: 'thief', secret });
});

Given('my token has expired', async function (this: MallWorld) {
  await show(this, { role: 'service', sub: 'late', expires: '-1m' });
});

When('I look at my record', async function (this: MallWorld) {
  await this.ask('get a customer', 'GET', `/api/customers/${this.memory.customerId}`);
});

When('I look at the record of {string}', async function (this: MallWorld, name: string) {
  await this.ask('get a customer', 'GET', `/api/customers/${this.memory.customers.get(name)}`);
});

When('I look at my basket', async function (this: MallWorld) {
  await this.ask('get a basket', 'GET', `/api/baskets/${this.memory.basketId}`);
});
