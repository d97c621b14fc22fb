import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UniqueNames } from './names.ts';

test('a name is one throughout a scenario and another in the next', () => {
  const names = new UniqueNames();
  const books = names.of('Waldorf Books');
  assert.match(books, /^Waldorf Books [0-9a-f]{6}$/);
  assert.equal(names.of('Waldorf Books'), books);
  assert.notEqual(new UniqueNames().of('Waldorf Books'), books);
});

test('blank names stay blank: that is what is tried', () => {
  const names = new UniqueNames();
  assert.deepEqual([names.of(''), names.of('  ')], ['', '  ']);
});

test('a sentence names things as the mall does', () => {
  const names = new UniqueNames();
  const gone = names.of('Gone');
  assert.equal(
    names.within('the product "Gone" is no longer sold'),
    `the product "${gone}" is no longer sold`,
  );
});
