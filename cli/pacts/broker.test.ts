import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokerAccess, brokerEnvironment } from './broker.ts';

const url = 'https://broker.example';

test('without an address there is no broker', () => {
  assert.equal(brokerAccess({}, { PACT_BROKER_TOKEN: 't' }), undefined);
});

test('flags come before variables', () => {
  const variables = { PACT_BROKER_BASE_URL: 'https://other.example', PACT_BROKER_TOKEN: 'b' };
  assert.deepEqual(brokerAccess({ brokerUrl: `${url}/`, brokerToken: 'a' }, variables), {
    url,
    secrets: { token: 'a' },
  });
});

for (const { what, env, says } of [
  { what: 'no address', env: { PACT_BROKER_BASE_URL: 'broker' }, says: /must begin with http/ },
  {
    what: 'secrets in the address',
    env: { PACT_BROKER_BASE_URL: 'https://me:hush@broker.example' },
    says: /holds secrets/,
  },
  {
    what: 'a token and a user',
    env: { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 't', PACT_BROKER_USERNAME: 'u' },
    says: /takes one of them/,
  },
  {
    what: 'a user without a password',
    env: { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: 'u' },
    says: /a user without a password/,
  },
]) {
  test(`${what} is refused, and no secret is told`, () => {
    assert.throws(
      () => brokerAccess({}, env),
      (error) => error instanceof Error && says.test(error.message) && !error.message.includes('hush'),
    );
  });
}

test("secrets of the reader's shell do not join those that were given", () => {
  const environment = brokerEnvironment({ url, secrets: { token: 'a' } });
  assert.equal(environment.PACT_BROKER_TOKEN, 'a');
  assert.ok('PACT_BROKER_PASSWORD' in environment && environment.PACT_BROKER_PASSWORD === undefined);
});
