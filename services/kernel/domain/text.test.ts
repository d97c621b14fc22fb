import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBlank } from './text.ts';

test('blank is what shows nothing', () => {
  for (const text of ['', ' ', '\t\r\n', '\u00a0\u2003'])
    assert.equal(isBlank(text), true, JSON.stringify(text));
  for (const text of ['a', ' a ', '0', '.']) assert.equal(isBlank(text), false, text);
});
