import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordsByContext } from './passwords.ts';

test('passwords are read by context, whatever they hold but commas', () => {
  assert.deepEqual(passwordsByContext.parse('STORES=a=b%/+, baskets=c ,'), {
    STORES: 'a=b%/+',
    BASKETS: 'c',
  });
});

test('what is wrong is told without the passwords', () => {
  for (const text of ['hunter2', 'STORE=hunter2', 'STORES=', '=hunter2']) {
    const { success, error } = passwordsByContext.safeParse(text);
    assert.ok(!success, text);
    assert.match(String(error), /contexts and their passwords/);
    assert.doesNotMatch(String(error), /hunter2/);
  }
});
