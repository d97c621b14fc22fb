import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { Unauthorized } from '../domain/index.ts';
import { roles } from './access.ts';
import { Tokens } from './tokens.ts';

const secret = 'a secret of thirty-two characters';
const tokens = new Tokens(secret);
const now = () => Math.floor(Date.now() / 1000);

interface Crafted {
  readonly claims?: Record<string, unknown>;
  readonly alg?: string;
  readonly key?: string;
}

/** A token that is fine but for what a test changes in it. */
async function crafted({ claims = {}, alg = 'HS256', key = secret }: Crafted): Promise<string> {
  const payload = { sub: 'c', role: 'customer', exp: now() + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

async function refusalOf(authorization: string | undefined): Promise<string> {
  try {
    await tokens.callerOf(authorization);
  } catch (error) {
    assert.ok(error instanceof Unauthorized);
    return error.message;
  }
  assert.fail('it was taken');
}

test('a token tells the caller it was made for', async () => {
  for (const role of roles) {
    const token = await tokens.mint({ id: 'c', role }, { ttlMs: 1_000 });
    assert.deepEqual(await tokens.callerOf(`Bearer ${token}`), { id: 'c', role });
    assert.deepEqual(await tokens.callerOf(`bearer  ${token}`), { id: 'c', role });
  }
});

test("the mall's own calls are a service's", async () => {
  assert.deepEqual(await tokens.callerOf(await tokens.ownAuthorization('mall')), {
    id: 'mall',
    role: 'service',
  });
});

test('a secret that is too short is none', () => {
  assert.throws(() => new Tokens('x'.repeat(31)), /at least 32 characters/);
});

describe('refused with what to do:', () => {
  test('no token', async () => {
    assert.match(
      await refusalOf(undefined),
      /^this needs a token; send one as `authorization: Bearer <token>`/,
    );
  });
  test('another scheme, and none', async () => {
    for (const header of ['Basic YTpi', await crafted({}), 'Bearer', 'Bearer ', ''])
      assert.match(await refusalOf(header), /^the authorization holds no bearer token; send one/);
  });
  test('an expired token', async () => {
    const token = await crafted({ claims: { exp: now() - 1 } });
    assert.equal(await refusalOf(`Bearer ${token}`), 'the token has expired; get a new one');
  });
  test('one signed with another secret', async () => {
    const token = await crafted({ key: 'another secret of thirty-two chars' });
    assert.match(await refusalOf(`Bearer ${token}`), /^the token is not valid \(ERR_JWS_SIGNATURE/);
  });
  test('one whose claims were changed after signing', async () => {
    const [head, , signature] = (await crafted({})).split('.');
    const claims = { sub: 'c', role: 'service', exp: now() + 60 };
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    assert.match(await refusalOf(`Bearer ${head}.${forged}.${signature}`), /ERR_JWS_SIGNATURE/);
  });
  test('one without a signature (alg none)', async () => {
    const token = new UnsecuredJWT({ sub: 'c', role: 'service', exp: now() + 60 }).encode();
    assert.match(await refusalOf(`Bearer ${token}`), /^the token is not valid \(ERR_J/);
  });
  test('another algorithm with the right secret', async () => {
    const key = 'k'.repeat(64);
    const strict = new Tokens(key);
    const token = await crafted({ alg: 'HS512', key });
    await assert.rejects(strict.callerOf(`Bearer ${token}`), /ERR_JOSE_ALG_NOT_ALLOWED/);
  });
  test('one without an end, or without a subject', async () => {
    for (const claims of [{ exp: undefined }, { sub: undefined }]) {
      const token = await crafted({ claims });
      assert.match(await refusalOf(`Bearer ${token}`), /ERR_JWT_CLAIM_VALIDATION_FAILED/);
    }
  });
  test('a blank subject, no role, and one that there is not', async () => {
    for (const claims of [{ sub: '' }, { role: undefined }, { role: 'admin' }, { role: ['service'] }]) {
      const token = await crafted({ claims });
      assert.match(
        await refusalOf(`Bearer ${token}`),
        /^the token must name who calls \(sub\) and a role of/,
      );
    }
  });
  test('garbage', async () => {
    for (const token of ['garbage', 'a.b.c', '..', `${await crafted({})}x`])
      assert.match(await refusalOf(`Bearer ${token}`), /^the token is not valid/);
  });
});
