import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Tokens } from '../../services/mall.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const tokenDocument = z.object({
  schema: z.literal('mall.token/1'),
  token: z.string(),
  sub: z.string(),
  role: z.string(),
});
const upDocument = z.object({ addresses: z.object({ rest: z.string() }) });
const secret = 'the secret of the command line test';
const cli = cliUnderTest({ MALL_AUTH_SECRET: secret });
const poor = cliUnderTest();

test('a token tells whom it was made for', async () => {
  const { code, stdout, stderr } = await cli.run('token', '--role', 'customer', '--sub', 'c', '--ttl', '5m');
  assert.equal(code, 0, stderr);
  const caller = await new Tokens(secret).callerOf(`Bearer ${stdout.trim()}`);
  assert.deepEqual(caller, { id: 'c', role: 'customer' });
});

test('as a document', async () => {
  const { stdout } = await cli.run('token', '--role', 'service', '--sub', 'me', '--json');
  const { sub, role, token } = tokenDocument.parse(JSON.parse(stdout));
  assert.deepEqual([sub, role], ['me', 'service']);
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('without a secret, or with one too short, it is a matter of configuration', async () => {
  const without = await poor.run('token', '--role', 'service', '--sub', 'me');
  assert.equal(without.code, 3);
  assert.match(without.stderr, /MALL_AUTH_SECRET is not set/);
  const { code, stderr } = await cliUnderTest({ MALL_AUTH_SECRET: 'short' }).run('config');
  assert.equal(code, 3);
  assert.match(stderr, /MALL_AUTH_SECRET cannot be its value: it must have at least 32 characters/);
});

test('the secret is never shown', async () => {
  const { stdout } = await cli.run('config');
  assert.match(stdout, /^authSecret +\(hidden\) +environment/m);
  assert.ok(!stdout.includes(secret));
});

test('what no token can be made of is a usage error', async () => {
  const fine = { '--role': 'customer', '--sub': 'c', '--ttl': '1h' };
  for (const wrong of [{ '--role': 'boss' }, { '--sub': '' }, { '--ttl': 'soon' }, { '--ttl': '9000h' }]) {
    const { code } = await cli.run('token', ...Object.entries({ ...fine, ...wrong }).flat());
    assert.equal(code, 2, JSON.stringify(wrong));
  }
  assert.equal((await cli.run('token', '--role', 'customer')).code, 2);
});

test('a mall with a secret refuses calls without a token, and busywork gets along with it', async () => {
  const { code, stdout, stderr } = await cli.run('up', '--detach', '--json', '--name', 'guarded', '--fast');
  assert.equal(code, 0, stderr);
  const { addresses } = upDocument.parse(JSON.parse(stdout));
  assert.equal((await fetch(`${addresses.rest}/api/baskets/b`)).status, 401);
  const flags = [
    '--name',
    'guarded',
    '--duration',
    '2s',
    '--pace',
    'none',
    '--json',
    '--quiet',
    '--seed',
    '7',
  ];
  const work = await cli.run('busywork', ...flags);
  assert.equal(work.code, 0, work.stderr + work.stdout);
});
